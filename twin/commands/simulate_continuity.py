"""`twin simulate continuity`: what goes on while a site, a room or the power is lost, what is entered afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer


@click.command(epilog="Example: twin simulate continuity --event dc-grid --at '2018-07-02 14:00' --lasts '12 h'")
@click.option(
    "--event", "events", multiple=True, metavar="ENTRY",
    help="What is lost: an entry as for `twin impact`, or a hazard; may be repeated.  [default: the data centre]",
)  # fmt: skip
@click.option("--at", metavar="'YYYY-MM-DD HH:MM'", default="", help="When.  [default: as the estate states]")
@click.option("--lasts", metavar="DURATION", default="", help="How long it stays lost, such as '24 h'.")
@answer_options
def continuity(settings: Settings, asked: Asked, events: tuple[str, ...], at: str, lasts: str) -> None:
    """Predict an interruption: hours without each service, what the halls go on with, what is entered afterwards.

    The halls go over to their emergency counters with the last nightly copy, until what was lost is back or is restored
    from backups kept elsewhere. An outage of the grid is played through batteries, generator and power vehicle.
    """
    parts = {"event": ",".join(events), "at": at, "lasts": lasts}
    question = {"kind": "continuity"} | {key: value for key, value in parts.items() if value}

    def tables(_estate: Estate, answer: Answer) -> None:
        _show(settings.estate, answer, ja=asked.japanese)

    deliver(settings, asked, question, tables, figures=False)


def _show(estate: str, answer: Answer, *, ja: bool) -> None:
    details = answer.details
    plays = f"{answer.replications} plays, seed {answer.seed}"
    click.echo(f"{estate}: {', '.join(details['event'])} lost at {details['begins']}; {plays}")
    if details["no_loss"]["chance"] > details["no_loss"]["half_width"] * 1.5:
        shown = f"{details['no_loss']['chance']:.1%} ± {details['no_loss']['half_width']:.1%}"
        click.echo(f"Costs nothing with a chance of {shown}: batteries, generator or vehicle bridge it.")
    _show_timeline(details["timeline"], ja)
    _show_services(details["services"], ja)
    _show_halls(details["halls"])
    _show_shutdown(details["shutdown"], ja)
    for figure in answer.figures:
        if figure.id.endswith(".shutdown-spare"):
            click.echo(f"{figure.label('ja' if ja else 'en')}: {figure.value:g} {figure.unit}")


def _show_timeline(steps: list[dict[str, Any]], ja: bool) -> None:
    rows: list[list[Cell]] = [
        [_after(step["at_h"]), step["what_ja"] if ja else step["what"],
         "" if step["chance"] is None else f"{step['chance']:.0%}"]
        for step in steps
    ]  # fmt: skip
    show_table("What happens", ["after", "what", "chance"], rows)


def _show_services(services: list[dict[str, Any]], ja: bool) -> None:
    """Show how long each lost service is away."""
    rows: list[list[Cell]] = [
        [
            one["title_ja"] if ja else one["service"],
            one["city"],
            _range(one["hours"]),
            _range(one["counter_hours"]),
            one["restored_from"] or "",
            "yes" if one["emergency"] else "",
        ]
        for one in services
    ]
    if not rows:
        click.echo("Nobody loses a service.")
        return
    click.echo("")
    columns = ["service", "city", "hours away (98 %)", "counter hours (98 %)", "restored from", "emergency counter"]
    show_table("Services", columns, rows)


def _show_halls(halls: list[dict[str, Any]]) -> None:
    """Show what each hall goes on with and what waits."""
    rows: list[list[Cell]] = [
        [
            one["city"],
            one["emergency_counter"] if one["usable"] else "none",
            _range(one["age_h"]) if one["usable"] else "-",
            _range(one["goes_on"]),
            _range(one["refused"]),
            _range(one["entered"]),
            _range(one["of_them_lost_with_data"]),
            _range(one["entering_d"]),
        ]
        for one in halls
    ]
    if rows:
        click.echo("")
        columns = [
            "city", "emergency counter", "copy's age h", "go on", "refused", "to enter afterwards", "of them lost data",
            "business days of entering",
        ]  # fmt: skip
        show_table("Halls (98 %)", columns, rows)


def _show_shutdown(steps: list[dict[str, Any]], ja: bool) -> None:
    rows: list[list[Cell]] = [
        [one["step"], one["title_ja"] if ja else one["title"], ", ".join(one["entries"])] for one in steps
    ]
    if rows:
        click.echo("")
        show_table("Order of an orderly shutdown", ["step", "what", "entries"], rows)


def _range(record: dict[str, float] | None) -> str:
    """Return a mean with the bounds of 49 plays in 50."""
    if record is None:
        return "-"
    digits = 1 if abs(record["mean"]) < 100 else 0
    return f"{record['mean']:,.{digits}f} ({record['p1']:,.{digits}f} to {record['p99']:,.{digits}f})"


def _after(hours: float) -> str:
    return f"{hours * 60:.0f} min" if hours < 2 else f"{hours:.0f} h"
