"""`twin routes`: how many routes join two sites that share nothing, and what alone cuts them off."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from twin.output import Cell, show_json, show_table
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.routes import Pair


@click.command(epilog="Example: twin routes dc")
@click.argument("sites", metavar="[SITE]...", nargs=-1)
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, sites: tuple[str, ...], as_json: bool) -> None:
    """Count for every pair of sites the routes that share no node, no circuit, and no duct.

    With SITE the pairs of that site alone. What alone cuts a pair off, a circuit or a risk group, is named with its
    line.
    """
    from inventory.names import expected_name
    from topology.build import build_network
    from topology.routes import Routes

    estate = settings.load()
    try:
        found = list(Routes(estate, build_network(estate)).pairs(sites))
    except KeyError as error:
        (name,) = error.args
        raise click.UsageError(f"no site `{name}`; expected {expected_name(name, estate.records.sites)}") from error
    if as_json:
        show_json([_document(estate, one) for one in found])
        return
    rows: list[list[Cell]] = [
        [
            f"{one.a} - {one.z}", one.node_disjoint, one.circuit_disjoint, one.risk_disjoint,
            ", ".join(f"{path} ({estate.cite(path)})" for path in one.cut_by),
        ]
        for one in found
    ]  # fmt: skip
    columns = ["sites", "no shared node", "no shared circuit", "no shared duct", "cut off by"]
    show_table("Routes between sites", columns, rows)


def _document(estate: Estate, pair: Pair) -> dict[str, Any]:
    cuts = [dict(zip(("path", "file", "line"), (path, *estate.where(path)), strict=True)) for path in pair.cut_by]
    return {**dataclasses.asdict(pair), "cut_by": cuts}
