"""The work of `twin document --as-built`: gathers, writes the tables, and says how many differences there are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import click

from inventory.names import expected_name
from topology.as_built import Compared, differences
from topology.build import build_network
from topology.documents import as_built as paper
from topology.documents.write import bound, write
from topology.secret_files import folder
from twin.as_built.design import make_design
from twin.as_built.gather import as_built
from twin.errors import FINDING
from twin.output import Progress, show_json
from twin.place import open_running
from twin.settings import ROOT, Settings


def as_built_documents(
    settings: Settings, out: Path, language: Literal["ja", "en"], only: tuple[str, ...], *,
    target: str, hosts_file: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Write the as-built documents into `out` and return the exit code; raises LabNotRunning where nothing stands."""
    for name in only:
        if name not in paper.NAMES:
            raise click.UsageError(f"no as-built document `{name}`; expected {expected_name(name, paper.NAMES)}")
    estate = settings.load()
    place = open_running(target, estate, hosts_file)
    progress = Progress()
    secrets = folder(Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or ROOT), estate.name)
    compared = as_built(place, make_design(estate, build_network(estate), secrets), progress)
    tables = [table for table in paper.tables(estate, compared, language) if not only or table.name in only]
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, make in bound(estate, tables, language, paper.PAGE):
        write(out, name, make())
        files.append(name)
        progress(name)
    found = differences(compared)
    if as_json:
        find = paper.requirements_of(estate)
        show_json({
            "target": place.name, "estate": estate.name, "estate_digest": estate.digest, "folder": str(out),
            "files": files, "compared": sum(one.seen for one in compared),
            "not_seen": sum(not one.seen for one in compared),
            "differences": [{**_plain(one, find), "stated_in": estate.cite(one.entry)} for one in found],
        })  # fmt: skip
    else:
        for one in found:
            click.echo(line(one))
        click.echo(f"{len(found)} differences in {sum(one.seen for one in compared)} items: {out / paper.PAGE}")
    return FINDING if found else 0


def line(one: Compared) -> str:
    """Return a difference in one line."""
    item = one.item
    values = {"missing": f"{one.declared} is missing", "extra": f"{one.observed} is not declared"}
    words = values.get(str(one.kind), f"{one.observed}, declared {one.declared}")
    return f"{one.kind} {item.owner} {item.on}: {item.name}: {words}"


def _plain(one: Compared, find: Callable[[str], tuple[str, ...]]) -> dict[str, Any]:
    item = one.item
    return {
        "kind": one.kind, "document": item.document, "owner": item.owner, "on": item.on, "item": item.name,
        "declared": one.declared, "observed": one.observed, "entry": one.entry, "requirements": list(find(one.entry)),
    }  # fmt: skip
