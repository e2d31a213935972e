"""`twin simulate year`: the days of a fiscal year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer

HELP = """Predict a fiscal year (April to March) of days: requests, responses, the fullest hours.

28 representative days stand for the year: the heaviest days and nights for themselves, the others by strata, each day
with the number of days that it stands for. With --every-day all are played, which takes some seconds.
"""


@click.command("year", help=HELP, epilog="Example: twin simulate year --year 2018 --every-day --json")
@click.option("--year", type=int, help="The fiscal year.  [default: that of the estate's `demand.default_day`]")
@click.option("--every-day", is_flag=True, help="Play every day instead of 28 representative ones.")
@answer_options
def year(settings: Settings, asked: Asked, year: int | None, *, every_day: bool) -> None:
    """Predict a fiscal year."""
    question: dict[str, Any] = {"kind": "year"} | ({"year": year} if year else {})
    deliver(settings, asked, question | ({"every_day": True} if every_day else {}), _show)


def _show(_estate: Estate, answer: Answer) -> None:
    days = answer.details["days"]
    click.echo(
        f"Fiscal year: {len(days)} days played for {answer.details['days_of_the_year']}, "
        f"seed {answer.seed}, {answer.replications} replications"
    )
    hardest = sorted(days, key=lambda one: (-one["station"], one["date"]))[:10]
    rows: list[list[Cell]] = [
        [
            one["date"], one["weight"], round(sum(one["asked"].values())), round(sum(one["unserved"].values())),
            max(one["slowest_s"].values()), f"{one['station']:.1%}", f"{one['circuit']:.2%}",
            f"{one['bulk_bytes'] / 1e9:.1f}", " ".join(one["seasons"]),
        ]
        for one in hardest
    ]  # fmt: skip
    click.echo()
    columns = ["day", "stands for", "requests", "not served", "response s", "station", "circuit", "bulk GB", "seasons"]
    show_table("The ten hardest days", columns, rows)
