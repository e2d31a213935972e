"""`twin lab`: the lab as a thing on this host: who holds it, mending after a killed drill, sweeping it away."""

from __future__ import annotations

import dataclasses

import click

from twin.output import Progress, say, show_json, show_pairs
from twin.settings import ROOT, Settings, estate_options, json_option, state_folder


@click.group(epilog="Example: twin lab claim")
def command() -> None:
    """Show who holds the lab, mend it, or sweep it from the host."""


@command.command(epilog="Example: twin lab claim --json")
@estate_options
@json_option
def claim(as_json: bool) -> None:
    """Show which clone on this host holds the lab."""
    from infra.targets.lab.claim import Claim
    from infra.targets.lab.names import Names
    from infra.targets.lab.podman import Podman

    found = Claim(Names(), Podman(), ROOT)
    holder = found.holder()
    held = dataclasses.asdict(holder) if holder else {}
    ours = held.get("id") == found.own.id
    if as_json:
        show_json({"holder": held or None, "own_id": found.own.id, "held_by_this_clone": ours})
    elif not held:
        click.echo("nobody holds the lab of this host")
    else:
        own = " (this clone)" if ours else ""
        show_pairs({"holder": held["path"] + own, "since": held["since"] or "unknown", "id": held["id"]})


@command.command(epilog="Example: twin lab mend")
@estate_options
@click.pass_obj
def mend(settings: Settings) -> None:
    """Put back what a killed drill left broken."""
    from topology.build import build_network
    from twin.drill import faults
    from twin.place import open_running

    estate = settings.load()
    with faults.only_drill(state_folder()):
        left = faults.leftovers(state_folder())
        if not left:
            say("no drill left anything broken")
            return
        place = open_running("lab", estate)
        faults.put_back(faults.Breaker(place, build_network(estate)), state_folder(), Progress())
        say(f"put back: {', '.join(target for _, target in left)}")


@command.command(epilog="Example: twin lab sweep --keep-data")
@click.option("--keep-data", is_flag=True, help="Keep the data volumes.")
@estate_options
@json_option
def sweep(keep_data: bool, as_json: bool) -> None:
    """Remove all of the lab from this host by label and name, without Pulumi: what `make down` does at its end."""
    from infra.targets.lab.sweep import sweep as remove

    removed = remove(keep_data=keep_data, progress=say)
    if as_json:
        show_json(removed)
    elif not removed:
        say("nothing to remove")
