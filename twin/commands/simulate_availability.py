"""`twin simulate availability`: how much of the time services are there over years, and what takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer

LONGEST = 8
"""So many causes and values are shown; `--json` has all."""


@click.command(epilog="Example: twin simulate availability --hours counter --service resident-registry")
@click.option("--service", "services", multiple=True, metavar="ID", help="Only this service; may be repeated.")
@click.option(
    "--hours", type=click.Choice(["all", "counter"]), default="all", show_default=True,
    help="Of all hours (24 h × 365), or of those in which counters are open.",
)  # fmt: skip
@click.option("--years", type=float, default=10.0, show_default=True, help="How many years one life lasts.")
@answer_options
def availability(settings: Settings, asked: Asked, services: tuple[str, ...], hours: str, years: float) -> None:
    """Predict each service's availability by city, where its minutes go, and which promise is the weakest.

    What fails, how often and who repairs it stands in the estate (failures.yaml). Independent parts are reckoned
    exactly; what ties them (causes shared by circuits, crews, planned maintenance) is added from many lives.
    """
    question: dict[str, Any] = {"kind": "availability", "hours": hours, "years": years}
    if services:
        question["service"] = ",".join(services)

    def tables(_estate: Estate, answer: Answer) -> None:
        lives = f"{answer.replications} lives of {answer.details['years']:g} years, seed {answer.seed}"
        click.echo(f"{settings.estate}: of {answer.details['per']}; {lives}")
        _show(answer.details, ja=asked.japanese)

    deliver(settings, asked, question, tables, figures=False)


def _show(details: dict[str, Any], *, ja: bool) -> None:
    show_table("Availability", _COLUMNS, [_row(one, ja) for one in details["services"]])
    for city in dict.fromkeys(one["city"] for one in details["services"]):
        own = [one for one in details["services"] if one["city"] == city and one["place"] is None]
        _show_budget(max(own, key=lambda one: one["minutes"]), ja)
    _show_promises(details["promises"], ja)
    _show_sensitivity(details["sensitivity"])


_COLUMNS = (
    "service", "city", "place", "availability %", "minutes a year (95 %)", "outages a year", "mean outage h",
    "worst year of 100 %",
)  # fmt: skip


def _row(one: dict[str, Any], ja: bool) -> list[Cell]:
    return [
        one["title_ja"] if ja else one["service"],
        one["city"],
        one["place"] or "",
        f"{one['availability']:.5%}".rstrip("%"),
        f"{one['minutes']:.1f} ± {one['half_width_minutes']:.1f}",
        f"{one['outages_per_year']:.2f} ± {one['outages_half_width']:.2f}",
        f"{one['mean_outage_h']:.2f}",
        f"{one['one_year']['p1']:.3%}".rstrip("%"),
    ]


def _show_budget(one: dict[str, Any], ja: bool) -> None:
    """Show where the minutes of a service go: by kind, and the components that cause most."""
    click.echo("")
    click.echo(
        f"Budget of {one['title_ja'] if ja else one['title']}, {one['city']}: {one['minutes']:.1f} minutes a year"
    )
    kinds: list[list[Cell]] = [
        [
            row["title_ja"] if ja else row["title"],
            f"{row['minutes']:.1f}",
            f"{row['half_width']:.1f}" if row["half_width"] else "exact",
        ]
        for row in one["by_kind"]
        if abs(row["minutes"]) >= 0.05
    ]
    show_table("By kind", ["kind", "minutes", "±"], kinds)
    parts: list[list[Cell]] = [
        [row["component"], row["kind"], f"{row['minutes']:.1f}"] for row in one["by_component"][:LONGEST]
    ]
    show_table("By component", ["component", "figure", "minutes"], parts)


def _show_promises(promises: list[dict[str, Any]], ja: bool) -> None:
    """Show each promise with its weakest service."""
    rows: list[list[Cell]] = [
        [
            one["title_ja"] if ja else one["title"],
            f"{one['allowed_minutes']:.0f}",
            f"{row['service']}, {row['city']}",
            f"{row['chance']:.1%} ± {row['half_width']:.1%}",
            f"{row['chance_all_years']:.1%} ± {row['half_width_all_years']:.1%}",
        ]
        for one in promises
        for row in one["services"][:1]
    ]
    if rows:
        click.echo("")
        columns = ["promise", "minutes allowed", "weakest service", "kept in a year", "kept over all years"]
        show_table("Promises", columns, rows)


def _show_sensitivity(moves: list[dict[str, Any]]) -> None:
    """Show by how many minutes a year the weakest services move when an assumed value is twice as bad."""
    rows: list[list[Cell]] = [
        [move["path"], _quantity(move["value"], move["unit"]), _quantity(move["became"], move["unit"]),
         ", ".join(f"{key.partition('@')[2]} {minutes:+.1f}" for key, minutes in move["minutes"].items())]
        for move in moves[:LONGEST]
    ]  # fmt: skip
    if rows:
        click.echo("")
        show_table("If it were twice as bad", ["assumed value", "now", "then", "minutes a year"], rows)


def _quantity(value: float, unit: str) -> str:
    """Return a value as people read it: long times in hours or minutes."""
    if unit != "s":
        return f"{value:g}" + ("" if unit == "1" else f" {unit}")
    for length, word in ((3600.0, "h"), (60.0, "min")):
        if value >= length:
            return f"{value / length:g} {word}"
    return f"{value:g} s"
