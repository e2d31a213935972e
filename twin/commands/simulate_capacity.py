"""`twin simulate capacity`: what is short first, and when."""

from __future__ import annotations

from typing import Any

import click

from twin.output import Cell, show_json, show_table
from twin.predictions import bar, runs_options, show_figures
from twin.settings import Settings, estate_options, json_option

HELP = """Predict capacity: which station or circuit is full first, at how many times today's load, and when.

The busiest hour of the busiest day of a fiscal year, at growing load and after every single failure (as `twin impact`
names them). Full means the share of the estate's `demand.limits.utilisation`; slow its `demand.limits.response`.
--json adds the busiest day hour by hour for every station, host and circuit.
"""


@click.command(
    "capacity", help=HELP, epilog="Example: twin simulate capacity --set circuits.fuji-campus.rate='20 Mbps'"
)
@click.option("--year", type=int, help="The fiscal year.  [default: that of the estate's `demand.default_day`]")
@runs_options
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, year: int | None, seed: int | None, replications: int | None, *, as_json: bool) -> None:
    """Predict capacity."""
    from simulation.capacity import predict as model

    estate = settings.load()
    with bar("days") as progress:
        answer = model.predict(
            estate, year, seed=model.SEED if seed is None else seed,
            replications=model.REPLICATIONS if replications is None else replications, progress=progress,
        )  # fmt: skip
    if as_json:
        show_json(answer.document())
        return
    details = answer.details
    first = details["first_full"]
    click.echo(
        f"Busiest hour of fiscal year {answer.question['year']}: {details['date']} {details['hour']:02}:00; "
        f"first full: {first['id']} ({first['kind']}); hardest failure: {details['hardest_failure'] or 'none'}"
    )
    show_figures(answer)
    click.echo()
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
