"""`twin simulate year`: the days of a fiscal year."""

from __future__ import annotations

import click

from twin.output import Cell, show_json, show_table
from twin.predictions import bar, runs_options, show_figures
from twin.settings import Settings, estate_options, json_option

HELP = """Predict a fiscal year (April to March) of days: requests, responses, the fullest hours.

28 representative days stand for the year: the heaviest days and nights for themselves, the others by strata, each day
with the number of days that it stands for. With --every-day all are played, which takes some seconds.
"""


@click.command("year", help=HELP, epilog="Example: twin simulate year --year 2018 --every-day --json")
@click.option("--year", type=int, help="The fiscal year.  [default: that of the estate's `demand.default_day`]")
@click.option("--every-day", is_flag=True, help="Play every day instead of 28 representative ones.")
@runs_options
@estate_options
@json_option
@click.pass_obj
def command(
    settings: Settings, year: int | None, *, every_day: bool, seed: int | None, replications: int | None, as_json: bool
) -> None:
    """Predict a fiscal year."""
    from simulation.year import predict as model

    estate = settings.load()
    with bar("days") as progress:
        answer = model.predict(
            estate, year, every_day=every_day, seed=model.SEED if seed is None else seed,
            replications=model.REPLICATIONS if replications is None else replications, progress=progress,
        )  # fmt: skip
    if as_json:
        show_json(answer.document())
        return
    days = answer.details["days"]
    click.echo(
        f"Fiscal year {answer.question['year']}: {len(days)} days played for {answer.details['days_of_the_year']}, "
        f"seed {answer.seed}, {answer.replications} replications"
    )
    show_figures(answer)
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
