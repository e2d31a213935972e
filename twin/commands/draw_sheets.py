"""The commands of `twin draw` beside `network`: drawings of sheets, made by the same code as the document set's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from twin.output import say, show_json
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.documents.drawings import Drawing

DRAWINGS = {
    "logical": ("logical-diagram", "Draw the zones, what passes between them, and each zone's segments and hosts."),
    "racks": ("rack-elevations", "Draw the racks of each room from the front, with units, power and load."),
    "power": ("power-diagram", "Draw the power from grid and generator to the racks, as one line for each supply."),
    "application": ("application-map", "Draw which functions use which services, machines and data stores."),
    "data-flow": ("data-flow", "Draw where data go: users, services, databases, backups, batch, bulk forms."),
    "jobs": ("job-net", "Draw the batch jobs of each kind of night with their order, deadlines and slack."),
    "programme": ("programme", "Draw the programme as a Gantt chart by fiscal year."),
}
"""Commands: the drawing's name in the document set, and what the command does."""
FORMS = ("svg", "png", "pdf", "drawio", "gv")
OUTPUT = "The file to write; with several sheets as SVG or PNG each name gets the sheet's. stdout by default."
SHEETWISE = ("svg", "png")
"""Forms that hold one sheet; the others hold them all."""
SUFFIXES = {f".{form}": form for form in FORMS}


def drawing_commands() -> Iterator[click.Command]:
    """Yield a command for each drawing."""
    for name, (drawing, does) in DRAWINGS.items():
        yield _command(name, drawing, does)


def _command(name: str, drawing: str, does: str) -> click.Command:
    @click.option("--language", "--lang", "language", type=click.Choice(["ja", "en"]), default="ja", show_default=True,
                  help="Of the names.")  # fmt: skip
    @click.option("--form", "--format", "form", type=click.Choice(FORMS),
                  help="Follows from the file's name, else SVG.")  # fmt: skip
    @click.option("--sheet", metavar="NAME", help="Only this sheet; without it all.")
    @click.option("--output", "--out", "output", type=click.Path(dir_okay=False, path_type=Path),
                  help=OUTPUT)  # fmt: skip
    @estate_options
    @json_option
    @click.pass_obj
    def run(settings: Settings, /, **asked: Any) -> None:
        _draw(settings, drawing, **asked)

    about = f"{does}\n\nPDF has all sheets on A3 with title block and revisions; draw.io and Graphviz (gv) are to edit."
    example = f"Example: twin draw {name} --language en --output {name}.pdf"
    return click.command(name, help=about, short_help=does, epilog=example)(run)


def _draw(
    settings: Settings, name: str, *, language: Literal["ja", "en"], form: str | None, sheet: str | None,
    output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Make the drawing and write it, or print it, or tell of it as JSON."""
    from topology.build import build_network
    from topology.documents.drawings import DRAWINGS as KINDS
    from topology.draw import DrawingError
    from twin.errors import TwinError

    chosen = form or (SUFFIXES.get(output.suffix.lower(), "svg") if output else "svg")
    if chosen in {"png", "pdf"} and output is None and (as_json or sys.stdout.isatty()):
        raise click.UsageError(f"a {chosen.upper()} needs --output FILE, or a pipe")
    estate = settings.load()
    try:
        drawing = KINDS[name].make(estate, build_network(estate), language)
        if drawing is None:
            raise click.UsageError(f"the estate {estate.name} has no records for `{name}`")
        indices = _wanted(drawing, sheet, chosen)
        if output is None and chosen in SHEETWISE and len(indices) > 1 and not as_json:
            raise click.UsageError(
                f"{len(indices)} sheets: choose one by --sheet ({_names(drawing)}), or give --output"
            )
        made = list(_contents(estate, drawing, language, chosen, indices, whole=sheet is None))
    except DrawingError as error:
        raise TwinError(str(error)) from error
    files = []
    for own, content in made:
        file = _file(output, drawing.name, own if len(made) > 1 else None) if output is not None else None
        if file is not None:
            file.write_bytes(content)
            say(f"wrote {file}")
        text = content.decode() if file is None and chosen not in {"png", "pdf"} else None
        files.append({"sheet": own, "file": str(file) if file else None, "drawing": text})
    if as_json:
        sheets = [{"name": drawing.sheets[index].name, "title": drawing.sheets[index].title} for index in indices]
        show_json({"drawing": drawing.name, "number": drawing.number, "form": chosen, "language": language,
                   "sheets": sheets, "files": files})  # fmt: skip
    elif output is None:
        binary = chosen in {"png", "pdf"}
        click.echo(made[0][1] if binary else made[0][1].decode(), nl=not binary)


def _wanted(drawing: Drawing, sheet: str | None, form: str) -> list[int]:
    """Return the places of the sheets that are asked for; raises UsageError for a form or sheet that is none."""
    from inventory.names import expected_name

    has = [*SHEETWISE, "pdf", *(["drawio"] if drawing.pages else []), *(end[1:] for end, _ in drawing.sources)]
    if form not in has:
        raise click.UsageError(f"`{drawing.name}` has no form `{form}`; expected {', '.join(has)}")
    if sheet is None:
        return list(range(len(drawing.sheets)))
    if form not in {*SHEETWISE, "pdf"}:
        raise click.UsageError(f"`{form}` holds all sheets; --sheet goes with {', '.join([*SHEETWISE, 'pdf'])}")
    found = [index for index, one in enumerate(drawing.sheets) if one.name == sheet]
    if not found:
        raise click.UsageError(f"no sheet `{sheet}`; expected {expected_name(sheet, _names(drawing).split(', '))}")
    return found


def _names(drawing: Drawing) -> str:
    return ", ".join(one.name for one in drawing.sheets)


def _contents(
    estate: Estate, drawing: Drawing, language: Literal["ja", "en"], form: str, indices: list[int], *, whole: bool
) -> Iterator[tuple[str | None, bytes]]:
    """Yield the contents of the files, each with the sheet that it holds, None where it holds the drawing."""
    from topology.documents.framing import Framing
    from topology.documents.revisions import revisions
    from topology.documents.write import PAGE
    from topology.draw.drawio import file
    from topology.draw.png import to_png

    if form in SHEETWISE:
        for index in indices:
            svg = drawing.sheets[index].svg
            yield drawing.sheets[index].name, to_png(svg) if form == "png" else svg.encode()
    elif form == "pdf":
        history = revisions(estate.folder, estate.overrides)
        framing = Framing(estate.records.estate.label(language), history, language, PAGE)
        only = None if whole else indices[0]
        yield None if whole else drawing.sheets[indices[0]].name, framing.pdf(drawing, only)
    elif form == "drawio":
        yield None, file(drawing.pages).encode()
    else:
        yield None, dict(drawing.sources)[f".{form}"].encode()


def _file(output: Path, drawing: str, sheet: str | None) -> Path:
    """Return the file of a sheet: what its name adds to the drawing's stands before the suffix; None adds nothing."""
    added = (sheet or drawing).removeprefix(drawing)
    return output.with_name(f"{output.stem}{added}{output.suffix}")
