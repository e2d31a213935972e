"""`twin simulate continuity`: what goes on while a site, a room or the power is lost, what is entered afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from inventory.quantities import parse_duration
from twin.output import Cell, show_json, show_table
from twin.settings import Settings, estate_options, json_option

_MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


class _Length(click.ParamType):  # type: ignore[type-arg]
    """A length with its unit, in hours."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return hours; a usage error names the units."""
        if isinstance(value, float):
            return value
        try:
            return parse_duration(value) / 3600
        except ValueError as error:
            self.fail(str(error).replace("|", "; expected "), param, ctx)


@click.command(epilog="Example: twin simulate continuity --event dc-grid --at '2018-07-02 14:00' --lasts '12 h'")
@click.option(
    "--event", "events", multiple=True, metavar="ENTRY",
    help="What is lost: an entry as for `twin impact`, or a hazard; may be repeated.  [default: the data centre]",
)  # fmt: skip
@click.option("--at", type=_MOMENT, metavar="'YYYY-MM-DD HH:MM'", help="When.  [default: as the estate states]")
@click.option("--lasts", type=_Length(), metavar="DURATION", help="How long it stays lost, such as '24 h'.")
@click.option("--language", type=click.Choice(["en", "ja"]), default="en", show_default=True, help="Of names.")
@click.option("--seed", type=int, help="Seed of the random draws.")
@click.option("--replications", type=click.IntRange(2, 100_000), help="How often it is played.  [default: 1000]")
@estate_options
@json_option
@click.pass_obj
def continuity(  # noqa: PLR0917 -- click fills in the options
    settings: Settings,
    events: tuple[str, ...],
    at: dt.datetime | None,
    lasts: float | None,
    language: str,
    seed: int | None,
    replications: int | None,
    as_json: bool,
) -> None:
    """Predict an interruption: hours without each service, what the halls go on with, what is entered afterwards.

    The halls go over to their emergency counters with the last nightly copy, until what was lost is back or is restored
    from backups kept elsewhere. An outage of the grid is played through batteries, generator and power vehicle.
    """
    from simulation.continuity import predict as model

    estate = settings.load()
    answer = model.predict(
        estate, events, at, lasts, model.SEED if seed is None else seed, replications or model.REPLICATIONS
    )
    if as_json:
        show_json(answer.document())
        return
    details, ja = answer.details, language == "ja"
    plays = f"{answer.replications} plays, seed {answer.seed}"
    click.echo(f"{settings.estate}: {', '.join(details['event'])} lost at {details['begins']}; {plays}")
    if details["no_loss"]["chance"] > details["no_loss"]["half_width"] * 1.5:
        shown = f"{details['no_loss']['chance']:.1%} ± {details['no_loss']['half_width']:.1%}"
        click.echo(f"Costs nothing with a chance of {shown}: batteries, generator or vehicle bridge it.")
    _show_timeline(details["timeline"], ja)
    _show_services(details["services"], ja)
    _show_halls(details["halls"])
    _show_shutdown(details["shutdown"], ja)
    for figure in answer.figures:
        if figure.id.endswith(".shutdown-spare"):
            click.echo(f"{figure.label(language)}: {figure.value:g} {figure.unit}")
    click.echo(f"Hangs on {len(answer.assumed)} assumed or least trusted values (see --json), among them:")
    for item in answer.assumed[:3]:
        click.echo(f"  {item.file}:{item.line}: {item.path} ({item.source}, trust {item.trust})")


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
