"""`twin import`: an estate from what engineers have: workbooks of lists, NetBox's CSV files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.errors import TwinError
from twin.output import say, show_json
from twin.settings import json_option

if TYPE_CHECKING:
    from topology.imports.outcome import Outcome

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN_OPEN = 20


def _where(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add where to write, and what may be written."""
    out = click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder of the new estate."
    )
    partial = click.option("--partial", is_flag=True, help="Write also with findings, without the rows in conflict.")
    replace = click.option("--replace", is_flag=True, help="Replace the folder where it exists.")
    return out(partial(replace(function)))


@click.group(epilog="Example: twin import xlsx 機器一覧.xlsx IPアドレス管理表.xlsx --out my-estate")
def command() -> None:
    """Start an estate from lists that exist. Every conflict is told at once; nothing is written with one left."""


@command.command(epilog="Example: twin import xlsx lists/*.xlsx --out my-estate --mapping mapping.yaml")
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option(
    "--mapping", type=FILE, help="What headings, names and kinds of these lists mean (docs/guides/imports.md)."
)
@_where
@json_option
def xlsx(  # noqa: PLR0917 -- what the command line gives
    files: tuple[Path, ...], mapping: Path | None, out: Path, partial: bool, replace: bool, as_json: bool
) -> int:
    """Start an estate from 機器一覧, IPアドレス管理表, 接続一覧 and 回線一覧, as workbooks or CSV files.

    Exit 0 where the estate is written whole, 1 where there are findings.
    """
    from topology.imports.headings import MappingInvalid, read_headings
    from topology.imports.lists import WouldOverwrite, import_lists

    try:
        headings = read_headings(mapping)
        outcome = import_lists(files, out, headings, partial, replace)
    except WouldOverwrite as error:
        raise TwinError(f"{error} (`--replace`)") from error
    except MappingInvalid as error:
        raise TwinError(str(error)) from error
    return _tell(outcome, as_json)


@command.command(epilog="Example: twin import netbox netbox --out my-estate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_where
@json_option
def netbox(folder: Path, out: Path, partial: bool, replace: bool, as_json: bool) -> int:
    """Start an estate from NetBox's CSV files, with the columns of its import forms, one file for each model.

    Exit 0 where the estate is written whole, 1 where there are findings.
    """
    from topology.imports.lists import WouldOverwrite
    from topology.imports.netbox import import_netbox

    try:
        outcome = import_netbox(folder, out, partial, replace)
    except WouldOverwrite as error:
        raise TwinError(f"{error} (`--replace`)") from error
    return _tell(outcome, as_json)


def _topology(form: str) -> click.Command:
    """Return the command that reads one form of topology files."""

    @click.command(form, epilog=f"Example: twin import {form} topology.yml --out my-estate")
    @click.argument("file", type=FILE)
    @_where
    @json_option
    def read(file: Path, out: Path, partial: bool, replace: bool, as_json: bool) -> int:
        from topology.imports.lists import WouldOverwrite
        from topology.imports.topologies import import_topology

        try:
            outcome = import_topology(form, file, out, partial, replace)
        except WouldOverwrite as error:
            raise TwinError(f"{error} (`--replace`)") from error
        return _tell(outcome, as_json)

    read.help = f"Start an estate from a topology of {form}: nodes, segments and addresses, all at one site."
    return read


command.add_command(_topology("netlab"))
command.add_command(_topology("containerlab"))


def _tell(outcome: Outcome, as_json: bool) -> int:
    """Print what an import came to and return the exit code."""
    if as_json:
        show_json(outcome.document())
    else:
        for finding in outcome.findings:
            click.echo(str(finding))
    for note in outcome.notes:
        say(f"note: {note}")
    for one in outcome.open[:SHOWN_OPEN]:
        say(f"fill in: {one}")
    if len(outcome.open) > SHOWN_OPEN:
        say(f"… and {len(outcome.open) - SHOWN_OPEN} more to fill in, all in the report")
    if outcome.written:
        said = ", ".join(f"{count} {name}" for name, count in outcome.entries.items())
        say(f"wrote {outcome.folder}: {said}; see {outcome.folder}/import-report.md")
    count = len(outcome.findings)
    if count:
        tail = "" if outcome.written else "; nothing written"
        say(f"{count} finding{'s' if count > 1 else ''}{tail}")
    return 1 if count else 0
