"""`twin check`: every problem of an estate at once."""

from __future__ import annotations

import dataclasses

import click

from twin.output import say, show_json
from twin.settings import Settings, estate_options, json_option


@click.command(epilog="Example: twin check --estate fuji-fujinomiya --json")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, as_json: bool) -> int:
    """Check an estate: every problem with its file and line.

    Exit 0 where there is none, 1 otherwise.
    """
    from inventory.problems import EstateInvalid

    try:
        estate = settings.load()
    except EstateInvalid as error:
        problems = error.problems
    else:
        problems = ()
        _say_fine(settings, len(estate.records.devices), len(estate.records.circuits))
    if as_json:
        show_json([dataclasses.asdict(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
    if problems:
        say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}")
    return 1 if problems else 0


def _say_fine(settings: Settings, devices: int, circuits: int) -> None:
    say(f"{settings.estate}: no problems ({devices} devices, {circuits} circuits)")
