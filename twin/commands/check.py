"""`twin check`: every problem of an estate at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from twin.output import say, show_json
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from inventory.problems import Problem


class Day(click.ParamType[dt.date]):
    """A day as `2027-04-01`, or `today`."""

    name = "day"

    def convert(self, value: str | dt.date, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day; only `today` reads the clock."""
        if isinstance(value, dt.date):
            return value
        if value == "today":
            return dt.datetime.now(dt.UTC).date()
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no day; expected `today` or a day such as 2027-04-01", param, ctx)


@click.command(epilog="Example: twin check --on today")
@click.option(
    "--on",
    "day",
    metavar="DAY",
    type=Day(),
    help="Judge lifecycles as on this day (2027-04-01, or today).  [default: the day of the estate's last commit]",
)
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, day: dt.date | None, as_json: bool) -> int:
    """Check an estate: every problem with its file and line.

    What is without support on DAY is a problem, what soon will be is told. Exit 0 where there is no problem, 1
    otherwise.
    """
    from inventory.problems import EstateInvalid

    problems: Sequence[Problem]
    try:
        estate = settings.load()
    except EstateInvalid as error:
        problems = error.problems
    else:
        problems = _without_support(estate, day)
        if not problems:
            _say_fine(settings, len(estate.records.devices), len(estate.records.circuits))
    if as_json:
        show_json([dataclasses.asdict(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
    if problems:
        say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}")
    return 1 if problems else 0


def _without_support(estate: Estate, day: dt.date | None) -> list[Problem]:
    """Tell what ends soon and return what has ended; without a day to judge by nothing is found."""
    from topology.lifecycles import find_expired, judging_day, notices

    judged = day or judging_day(estate.folder)
    if not estate.records.lifecycles:
        return []
    if judged is None:
        say("lifecycles are not judged: no commit tells the day; give one, such as --on today")
        return []
    for notice in notices(estate, judged):
        say(f"notice: {notice}")
    return find_expired(estate, judged)


def _say_fine(settings: Settings, devices: int, circuits: int) -> None:
    say(f"{settings.estate}: no problems ({devices} devices, {circuits} circuits)")
