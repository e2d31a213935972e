"""`twin simulate day`: load, servers and circuits of one day, hour by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer

FULL = 0.99
HELP = """Predict a day: requests, responses, use of servers and circuits, hour by hour.

Expected numbers follow from the estate's `load` and `demand`: application, hour, calendar (holidays, the day after
closed days, seasons). Each replication draws how busy the day is, the requests of each hour, the way of each flow over
parallel circuits and the rate of best-effort lines. The batch jobs and copies of both nights that touch the day run
beside. With --scenario entries fail and are repaired during the day; whatever falls with them falls too.
"""


@click.command(
    "day", help=HELP,
    epilog="Example: twin simulate day --date 2019-03-25 --scenario fujinomiya-main-cut-at-ten",
)  # fmt: skip
@click.option("--date", metavar="YYYY-MM-DD", help="The day.  [default: the estate's `demand.default_day`]")
@click.option("--scenario", metavar="NAME|FILE", help="What fails on the day: a name or a .yaml file.")
@answer_options
def day(settings: Settings, asked: Asked, date: str | None, scenario: str | None) -> None:
    """Predict a day."""
    question = {"kind": "day"} | {key: value for key, value in (("date", date), ("scenario", scenario)) if value}
    deliver(settings, asked, question, _show)


def _show(_estate: Estate, answer: Answer) -> None:
    facts = answer.details["day"]
    kind = facts["holiday"] or ("open" if facts["open"] else "closed")
    click.echo(f"{facts['date']} ({kind}), seed {answer.seed}, {answer.replications} replications")
    show_details(answer.details)


def show_details(details: dict[str, Any]) -> None:
    """Show applications, the stations in most use and the circuits."""
    columns = ["city", "application", "requests", "not served", "busiest hour", "response s"]
    rows: list[list[Cell]] = [
        [
            one["city"], one["application"], round(one["asked"]), round(one["unserved"]),
            f"{one['busiest_hour']:02}:00", one["response_s"],
        ]
        for one in details["applications"]
    ]  # fmt: skip
    click.echo()
    show_table("Applications", columns, rows)
    stations = sorted(details["stations"], key=lambda one: (-one["utilisation"], one["id"]))[:10]
    click.echo()
    show_table(
        "The ten busiest stations",
        ["station", "", "cores used", "disks used", "places used", "in the hour"],
        [
            [
                one["id"], "design" if one["design"] else "", f"{one['utilisation']:.1%}",
                f"{one['disk_utilisation']:.1%}", f"{one['places_utilisation']:.1%}", f"{one['busiest_hour']:02}:00",
            ]
            for one in stations
        ],
    )  # fmt: skip
    click.echo()
    show_table(
        "Circuits",
        ["circuit", "from", "Mbit/s", "used", "interactive", "bulk GB", "in the hour"],
        [
            [
                one["id"], one["from"], f"{one['rate_bps'] / 1e6:.0f}", f"{one['utilisation']:.2%}",
                f"{one['interactive_utilisation']:.2%}", f"{one['bulk_bytes'] / 1e9:.2f}",
                f"{one['busiest_hour']:02}:00",
            ]
            for one in details["circuits"]
        ],
    )  # fmt: skip
    for one in details["stations"]:
        if one["utilisation"] > FULL:
            click.echo(f"full       {one['id']} from {one['hours'].index(max(one['hours'])):02}:00: users wait for it")
    for line in details["left_out"]:
        click.echo(f"left out   {line}")
