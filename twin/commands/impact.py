"""`twin impact`: who loses what when entries of the estate fail."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from twin.output import Cell, Progress, say, show_json, show_table
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.designed_losses import Loss
    from topology.failures import Failures, Impact


@click.command(epilog="Example: twin impact racks.dc-rack-1")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@click.option("--singles", is_flag=True, help="Every single failure that costs somebody a service.")
@click.option("--doubles", is_flag=True, help="Every double failure that costs more than its parts alone.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, entries: tuple[str, ...], singles: bool, doubles: bool, as_json: bool) -> None:
    """Show what falls with each ENTRY, and which city then loses which service; several entries fail together.

    ENTRY is a dotted path or an id: a circuit, device, site, room, rack, piece of hardware, power source or feed,
    carrier network, virtual machine, or a risk group (a duct with the circuits in it). Services that are designed
    and not realised in the lab are told apart.
    """
    from topology.build import build_network
    from topology.failures import Failures

    if bool(entries) + singles + doubles != 1:
        raise click.UsageError("name entries, or give --singles or --doubles")
    estate = settings.load()
    failures = Failures(estate, build_network(estate))
    if entries:
        found = [failures.impact(_named(estate, entries))]
    elif singles:
        found = [one for one in failures.singles() if one.lost or one.designed_lost]
    else:
        found = _doubles(failures)
    if as_json:
        show_json([_document(estate, one) for one in found])
    elif entries:
        _show_one(estate, found[0])
    else:
        _show(estate, found)


def _doubles(failures: Failures) -> list[Impact]:
    count = len(failures.candidates())
    say_ = Progress()
    say_(f"{count} entries, {count * (count - 1) // 2} pairs")
    return list(failures.doubles())


def _named(estate: Estate, entries: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of entries that can fail; a usage error names what is none."""
    from topology.explain import NothingOfThatNameError, find_entry
    from topology.failures import SECTIONS

    paths = []
    for name in entries:
        try:
            path = find_entry(estate, name)
        except NothingOfThatNameError as error:
            raise click.UsageError(str(error)) from error
        if path.partition(".")[0] not in SECTIONS:
            raise click.UsageError(f"`{path}` cannot fail; what can is in {', '.join(SECTIONS)}")
        paths.append(path)
    return tuple(dict.fromkeys(paths))


def _document(estate: Estate, impact: Impact) -> dict[str, Any]:
    where = [dict(zip(("file", "line"), estate.where(path), strict=True)) for path in impact.failed]
    document = dataclasses.asdict(impact)
    for name in ("lost", "beyond", "designed_lost", "designed_beyond"):
        document[name] = [{"service": service, "city": city} for service, city in getattr(impact, name)]
    return {**document, "where": where}


def _show_one(estate: Estate, impact: Impact) -> None:
    for path in impact.failed:
        click.echo(f"fails      {path}, {estate.cite(path)}")
    for path in impact.falls:
        click.echo(f"falls      {path}")
    for service, city in impact.lost:
        click.echo(f"lost       {_loss(estate, service, city)}")
    for service, city in impact.designed_lost:
        click.echo(f"designed   {_loss(estate, service, city)}")
    if not impact.lost and not impact.designed_lost:
        click.echo("lost       nothing")


def _show(estate: Estate, found: list[Impact]) -> None:
    rows: list[list[Cell]] = [
        [
            " + ".join(one.failed),
            "; ".join(_loss(estate, *loss) for loss in _told(one.beyond, one.lost, one)),
            "; ".join(_loss(estate, *loss) for loss in _told(one.designed_beyond, one.designed_lost, one)),
            ", ".join(estate.cite(path) for path in one.failed),
        ]
        for one in found
    ]
    show_table("Failures and what they cost", ["fails", "lost", "lost by design", "where"], rows)
    say(f"{len(found)} failures cost somebody a service")


def _told(beyond: tuple[Loss, ...], lost: tuple[Loss, ...], impact: Impact) -> tuple[Loss, ...]:
    """Return what a double failure costs beyond its parts, what a single one costs."""
    return beyond if len(impact.failed) > 1 else lost


def _loss(estate: Estate, service: str, city: str) -> str:
    records = estate.records
    named = records.services.get(service) or records.designed_services[service]
    return f"{named.name} for {records.cities[city].name}"
