"""`twin document`: the document set that an auditor or a vendor asks for, made from the estate."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
from click.shell_completion import CompletionItem

from twin.errors import TwinError
from twin.output import Progress, say, show_json
from twin.place import target_options
from twin.settings import Settings, estate_options, json_option


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from topology.documents import as_built
    from topology.documents.catalogue import NAMES

    return [CompletionItem(name) for name in (*NAMES, *as_built.NAMES) if name.startswith(incomplete)]


@click.command(epilog="Example: twin document --out documents --lang ja")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True, help="Of the documents.")
@click.option("--only", metavar="NAME", multiple=True, shell_complete=_complete, help="Only this one; may be repeated.")
@click.option("--as-built", is_flag=True, help="Ask what runs, and put it beside what is declared.")
@target_options
@estate_options
@json_option
@click.pass_obj
def command(  # noqa: PLR0917 -- what is asked for
    settings: Settings, out: Path, lang: Literal["ja", "en"], only: tuple[str, ...], as_built: bool, target: str,
    hosts_file: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Write the documents, all bound in index.html, which needs no server.

    Drawings are SVG and, on A3 with title block and revisions, PDF; .drawio and .gv are there to edit them. Lists are
    workbooks and CSV, the operation manual is a PDF for each volume. Drawings for which there are no records are left
    out.

    Two runs on the same files are the same to the byte: dates and revisions come from git, or from SOURCE_DATE_EPOCH
    outside a repository. Files of other names in the folder stay.

    With --as-built every node that runs is asked, changing nothing: as-built.html and its tables mark each difference;
    exit 1 where there is one, else 0.
    """
    if as_built:
        from twin.as_built.document import as_built_documents

        return as_built_documents(settings, out, lang, only, target=target, hosts_file=hosts_file, as_json=as_json)
    from inventory.names import expected_name
    from topology.documents.catalogue import NAMES
    from topology.documents.revisions import changed_files
    from topology.documents.write import documents, write
    from topology.draw import DrawingError

    for name in only:
        if name not in NAMES:
            raise click.UsageError(f"no document `{name}`; expected {expected_name(name, NAMES)}")
    estate = settings.load()
    if changed_files(estate.folder) or estate.overrides:
        say("the estate differs from the newest revision that the documents name: commit it, or they are drafts")
    out.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    written = []
    try:
        for name, make in documents(estate, lang, only):
            write(out, name, make())
            written.append(name)
            progress(name)
    except DrawingError as error:
        raise TwinError(str(error)) from error
    if as_json:
        show_json({"folder": str(out), "estate_digest": estate.digest, "files": written})
    else:
        click.echo(out / "index.html")
    return 0
