"""`twin simulate capacity`: what is short first, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer

HELP = """Predict capacity: which station or circuit is full first, at how many times today's load, and when.

The busiest hour of the busiest day of a fiscal year, at growing load and after every single failure (as `twin impact`
names them). Full means the share of the estate's `demand.limits.utilisation`; slow its `demand.limits.response`.
--json adds the busiest day hour by hour for every station, host and circuit.
"""


@click.command(
    "capacity", help=HELP, epilog="Example: twin simulate capacity --set circuits.fuji-campus.rate='20 Mbps'"
)
@click.option("--year", type=int, help="The fiscal year.  [default: that of the estate's `demand.default_day`]")
@answer_options
def capacity(settings: Settings, asked: Asked, year: int | None) -> None:
    """Predict capacity."""
    deliver(settings, asked, {"kind": "capacity"} | ({"year": year} if year else {}), _show)


def _show(_estate: Estate, answer: Answer) -> None:
    details = answer.details
    first = details["first_full"]
    click.echo(
        f"Busiest hour of the fiscal year: {details['date']} {details['hour']:02}:00; "
        f"first full: {first['id']} ({first['kind']}); hardest failure: {details['hardest_failure'] or 'none'}"
    )
    cities = list(details["steps"][0]["responses_s"])
    rows: list[list[Cell]] = [
        [
            f"{one['growth']:g}", one["fullest"]["id"], one["fullest"]["kind"], f"{one['share']:.1%}",
            *(one["responses_s"][city] for city in cities), f"{one['unserved_share']:.2%}",
        ]
        for one in details["steps"]
    ]  # fmt: skip
    columns = ["times", "fullest", "of it", "used", *(f"{city} s" for city in cities), "not served"]
    show_table("Growth of the load", columns, rows)
    click.echo()
    show_table(
        "Headroom, the least first",
        ["station or circuit", "of it", "used", "fits", "after the worst failure", "fits then", "failure"],
        [_headroom(one) for one in details["headroom"][:20]],
    )


def _headroom(row: dict[str, Any]) -> list[Cell]:
    name = f"{row['id']} from {row['from']}" if row["from"] else row["id"]
    return [
        name, row["kind"], f"{row['share']:.2%}", "-" if row["headroom"] is None else f"{row['headroom']:.1f}×",
        f"{row['worst_share']:.2%}", f"{row['worst_headroom']:.1f}×", row["worst_failure"],
    ]  # fmt: skip
