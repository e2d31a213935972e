"""`twin explain`: where something in the estate comes from, and what it leads to."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from twin.output import show_json, show_pairs
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.explain import Explanation, Place
    from topology.load import Figure


@click.group(epilog="Example: twin explain requirement 2.13")
def command() -> None:
    """Show where something in the estate comes from, and what it leads to."""


@command.command(epilog="Example: twin explain requirement 2.13")
@click.argument("row")
@estate_options
@json_option
@click.pass_obj
def requirement(settings: Settings, row: str, as_json: bool) -> None:
    """Show which entries show a row of the requirement list, and which scenarios and promises try them out.

    ROW is the number of a section of the source, such as 2.13.
    """
    from topology.explain import NothingOfThatNameError, entries_for

    estate = settings.load()
    try:
        shown = entries_for(estate, row)
    except NothingOfThatNameError as error:
        raise click.UsageError(str(error)) from error
    record = estate.records.requirements[row]
    paths = {entry.path for entry in shown}
    readings = [name for name, hanging in estate.hangs_on.items() if any(_owner(one, paths) for one in hanging)]
    document: dict[str, Any] = {
        "requirement": row, "name": record.name, "name_ja": record.name_ja, "slide": record.slide, "how": record.how,
        "entries": [dataclasses.asdict(entry) for entry in shown],
        "readings": {name: _reading(estate, name) for name in readings},
        "scenarios": _scenarios(estate, paths),
    }  # fmt: skip
    if as_json:
        show_json(document)
        return
    show_pairs({"requirement": f"{row} {record.name} ({record.name_ja})", "slide": record.slide, "read": record.how})
    _show_places("shown by", shown)
    _show_readings(document["readings"])
    _show_scenarios(document["scenarios"])


@command.command(epilog="Example: twin explain entry circuits.fujinomiya-main")
@click.argument("name")
@estate_options
@json_option
@click.pass_obj
def entry(settings: Settings, name: str, as_json: bool) -> None:
    """Show an entry: the rows it shows, the source of each value, readings, references, addresses, scenarios.

    NAME is its path, or its id where only one entry has it.
    """
    from topology.explain import NothingOfThatNameError, explain_entry, find_entry

    estate = settings.load()
    try:
        path = find_entry(estate, name)
    except NothingOfThatNameError as error:
        raise click.UsageError(str(error)) from error
    found = explain_entry(estate, path)
    document: dict[str, Any] = {
        "entry": dataclasses.asdict(found.entry),
        "requirements": {row: estate.records.requirements[row].name for row in found.requirements
                         if row in estate.records.requirements},
        "values": {path: origin.model_dump() for path, origin in found.values.items()},
        "readings": {name: _reading(estate, name) for name in found.readings},
        "refers_to": [dataclasses.asdict(one) for one in found.refers_to],
        "referred_by": [dataclasses.asdict(one) for one in found.referred_by],
        "addresses": list(found.addresses),
        "derived": [_figure(estate, one) for one in found.derived],
        "scenarios": _scenarios(estate, {path}),
    }  # fmt: skip
    if as_json:
        show_json(document)
    else:
        _show_entry(document, found)


def _show_entry(document: dict[str, Any], found: Explanation) -> None:
    where = found.entry
    show_pairs({"entry": f"{where.path} {where.name} ({where.name_ja})", "stands in": f"{where.file}:{where.line}"})
    for row, name in document["requirements"].items():
        click.echo(f"shows      {row} {name}")
    for path, origin in found.values.items():
        own = path.removeprefix(f"{where.path}.")
        click.echo(f"value      {own}: {origin.source} ({origin.how}, trust {origin.trust})")
    _show_readings(document["readings"])
    _show_places("refers to", found.refers_to)
    _show_places("named by", found.referred_by)
    for address in found.addresses:
        click.echo(f"address    {address}")
    for one in document["derived"]:
        click.echo(
            f"derives    {one['city']}: {one['name']} {one['value']:,} = {one['formula']} (trust {one['trust']})"
        )
    _show_scenarios(document["scenarios"])


def _figure(estate: Estate, figure: Figure) -> dict[str, Any]:
    """Return a figure of the load with the lines of what it comes from."""
    from topology.load import trust

    return {
        "city": figure.city, "name": figure.name, "name_ja": figure.name_ja, "value": figure.rounded,
        "formula": figure.formula, "trust": trust(estate, figure),
        "inputs": {path: estate.cite(path) for path in figure.inputs},
    }  # fmt: skip


def _show_places(title: str, places: tuple[Place, ...]) -> None:
    for place in places:
        click.echo(f"{title:<10} {place.path} ({place.name}), {place.file}:{place.line}")


def _show_readings(readings: dict[str, Any]) -> None:
    for name, reading in readings.items():
        click.echo(f"reading    {name} = {reading['choice']}: {reading['name']}, {reading['file']}:{reading['line']}")


def _show_scenarios(scenarios: dict[str, Any]) -> None:
    for name, targets in scenarios.items():
        click.echo(f"scenario   {name}: {', '.join(targets)}")


def _owner(path: str, entries: set[str]) -> bool:
    """Tell whether a value belongs to one of the entries."""
    return any(path == entry or path.startswith(f"{entry}.") for entry in entries)


def _reading(estate: Estate, name: str) -> dict[str, Any]:
    reading = estate.records.readings[name]
    file, line = estate.where(f"readings.{name}.choice")
    options = list(reading.options)
    return {"name": reading.name, "choice": reading.choice, "options": options, "file": file, "line": line}


def _scenarios(estate: Estate, entries: set[str]) -> dict[str, list[str]]:
    """Return the scenarios that fail one of the entries, with the targets among them."""
    from simulation.errors import ScenarioInvalid
    from simulation.scenario import load_scenario, scenario_names

    ids = {path.rpartition(".")[2] for path in entries}
    found = {}
    for name in scenario_names(estate.name):
        try:
            faults = load_scenario(name, estate).faults
        except ScenarioInvalid:  # made for another estate
            continue
        targets = [fault.target for fault in faults if fault.target.partition("/")[0] in ids]
        if targets:
            found[name] = list(dict.fromkeys(targets))
    return found
