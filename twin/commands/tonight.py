"""`twin tonight`: for the operator on duty, how the rest of the night goes and what may still be decided."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.simulate_batch import clock, share, time_of
from twin.commands.tonight_words import Language, word
from twin.errors import TwinError
from twin.output import Cell, say, show_json, show_table
from twin.progress_bar import progress_bar
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate

SHOWN = 8


@click.command(
    epilog="Example: twin tonight --template --date 2026-07-22 --now 01:15 > state.json; twin tonight state.json"
)
@click.argument("state", required=False, metavar="STATE.json", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--template", is_flag=True, help="Print a state to fill in: every job as it should stand at --now.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the night began (with --template).")
@click.option("--now", metavar="HH:MM", default="22:00", show_default=True, help="The time (with --template).")
@click.option("--all", "every", is_flag=True, help="Show every option and job.")
@click.option(
    "--language", "--lang", type=click.Choice(["en", "ja"]), default="en", show_default=True, help="Of all words."
)
@click.option("--seed", type=int, help="Seed of the random draws.")
@click.option("--replications", type=click.IntRange(2, 1_000_000), help="How often the rest of the night is played.")
@estate_options
@json_option
@click.pass_obj
def command(  # noqa: PLR0917 -- click fills in the options
    settings: Settings,
    state: Path | None,
    template: bool,
    date: dt.datetime | None,
    now: str,
    every: bool,
    language: Language,
    seed: int | None,
    replications: int | None,
    as_json: bool,
) -> None:
    """Say from STATE.json when tonight's jobs end, what each option would change, and until when to decide.

    STATE.json tells the state of every job and of circuits that are not up (docs/schemas/tonight-state.schema.json).
    Times of day are those of the night, from noon to noon.
    """
    from simulation.tonight import predict as model
    from simulation.tonight.duty_state import load_state

    if template:
        if date is None or state is not None:
            raise TwinError("--template takes --date and no STATE.json")
        _template(settings.load(), date.date(), now)
        return
    if state is None or date is not None:
        raise TwinError("name a STATE.json (`twin tonight --template --date D` writes one); its date is in it")
    estate = settings.load()
    duty = load_state(state, estate)
    with progress_bar("options") as progress:
        answer = model.predict(
            estate, duty, model.SEED if seed is None else seed, replications or model.REPLICATIONS, progress
        )
    document = answer.document()
    if as_json:
        show_json(document)
        return
    _show(estate, document, language, every)


def _template(estate: Estate, date: dt.date, now: str) -> None:
    """Print a state to fill in."""
    from inventory.models.batch import in_night
    from inventory.quantities import parse_clock
    from simulation.tonight.duty_state import as_planned
    from simulation.tonight.standing import planned_ends

    try:
        now_s = in_night(parse_clock(now))
    except ValueError as error:
        raise TwinError(f"--now: {str(error).replace('|', '; expected ')}") from error
    click.echo(json.dumps(as_planned(estate, date, now_s, planned_ends(estate, date)), indent=2))
    say("every job stands as planned: put right what is not so (waiting, running, done, failed, held, skipped)")


def _show(estate: Estate, document: dict[str, Any], language: Language, every: bool) -> None:
    details = document["details"]
    night = details["night"]
    left_min = max(0, round((details["opens_s"] - details["now_s"]) / 60))
    left = f"{left_min // 60} h {left_min % 60:02d} min"
    click.echo(
        word(
            "head",
            language,
            date=night["date"],
            now=time_of(details["now_s"]),
            opens=time_of(details["opens_s"]),
            left=left,
        )
    )
    if not night["counters_open"]:
        click.echo(word("closed", language))
    _show_nets(estate, details, language)
    _show_matters(details, language)
    _show_options(details, language, every)
    if every:
        _show_jobs(details, language)
    _show_help(document, language)


def _show_nets(estate: Estate, details: dict[str, Any], language: Language) -> None:
    """Show how each net ends, with nothing decided and with all put right."""
    rows: list[list[Cell]] = []
    ages = {copy["city"]: f"{copy['mean_age_s'] / 3600:.1f}" for copy in details["night"]["copies"]}
    right = {net["city"]: net for net in details["night"]["nets"]}
    for net in details["undecided"]:
        city = estate.records.cities[net["city"]].label(language)
        same = net["end_s"] == right[net["city"]]["end_s"]
        rows.append(
            [
                city,
                "" if same else word("undecided", language),
                *_net(net, language),
                ages.get(net["city"]) if same else None,
            ]
        )
        if not same:
            rows.append([city, word("right", language), *_net(right[net["city"]], language), ages.get(net["city"])])
    columns = [word(key, language) for key in ("city", "end", "missed", "late", "copy")]
    show_table(word("net-title", language), [columns[0], "", *columns[1:]], rows)


def _net(net: dict[str, Any], language: Language) -> list[Cell]:
    return [_clock(net["end_s"], language), share(net["missed"]), share(net["late"])]


def _clock(spread: dict[str, float], language: Language) -> str:
    if spread["low"] >= 86400.0:
        return word("never", language)
    return clock(spread).replace("never", word("never", language))


def _show_matters(details: dict[str, Any], language: Language) -> None:
    """Show what calls for someone: what to do, and whom to call."""
    for matter in details["matters"]:
        click.echo(f"! {_name(matter, language)}: {word(matter['why'], language)}")
        todo = matter["do_ja"] if language == "ja" else matter["do"]
        if todo:
            click.echo(f"    {word('do', language)}: {todo}")
        calls = [
            f"{_name(call, language)} ({call['role_ja'] if language == 'ja' else call['role']})"
            for call in matter["call"]
        ]
        if calls:
            click.echo(f"    {word('call', language)}: {'; '.join(calls)}")


def _show_options(details: dict[str, Any], language: Language, every: bool) -> None:
    """Show the options that make a difference, the most helpful first; the others are counted."""
    options = details["options"]
    telling = [option for option in options if every or _differs(option)]
    rows: list[list[Cell]] = []
    for option in telling if every else telling[:SHOWN]:
        effects = option["effects"]
        told = max(
            effects,
            key=lambda effect: (
                abs(effect["missed_change"]["mean"]),
                abs(effect["late_change"]["mean"]),
                abs(effect["end_change_s"]["mean"]),
            ),
        )
        by = option["decided_by"]
        rows.append([
            word(option["kind"], language, name=_name(option, language)),
            _latest(option, language),
            word("the-city", language) if by == "city" else word(by, language),
            _change(told["missed_change"], language), _change(told["late_change"], language),
            _minutes(told["end_change_s"], language),
        ])  # fmt: skip
    keys = ("option", "decide", "who", "change-missed", "change-late", "change-end")
    if rows:
        show_table(word("option-title", language), [word(key, language) for key in keys], rows)
    if len(options) > len(rows):
        click.echo(word("others", language, count=len(options) - len(rows)))


def _differs(option: dict[str, Any]) -> bool:
    """Whether an option changes the chance of opening late or of a missed deadline by more than chance."""
    keys = ("missed_change", "late_change")
    return (
        any(effect[key]["significant"] for effect in option["effects"] for key in keys)
        or option["backups"]["late_change"]["significant"]
    )


def _latest(option: dict[str, Any], language: Language) -> str:
    latest = option["latest"]
    if latest["verdict"] != "by":
        return word(latest["verdict"], language)
    key = "until" if option["kind"] in {"hold", "delay"} else "by"
    return word(key, language, at=time_of(latest["at_s"]))


def _change(difference: dict[str, Any], language: Language) -> str:
    if not difference["significant"]:
        return word("none", language) if difference["mean"] == 0 else word("insignificant", language)
    return f"{difference['mean'] * 100:+.0f} %"


def _minutes(difference: dict[str, Any], language: Language) -> str:
    if not difference["significant"]:
        return word("none", language) if difference["mean"] == 0 else word("insignificant", language)
    return f"{difference['mean'] / 60:+.0f} ({difference['low'] / 60:+.0f} to {difference['high'] / 60:+.0f})"


def _show_jobs(details: dict[str, Any], language: Language) -> None:
    """Show every job that has not ended."""
    states = details["states"]
    rows: list[list[Cell]] = [
        [
            job["id"],
            _name(job, language),
            word(states[job["id"]], language),
            _clock(job["end_s"], language),
            time_of(job["deadline_s"]),
            share(job["late"]),
        ]
        for job in sorted(details["night"]["jobs"], key=lambda job: (job["end_s"]["median"], job["id"]))
        if states[job["id"]] not in {"done", "skipped"}
    ]
    columns = ["", *(word(key, language) for key in ("job", "state", "ends", "deadline", "late"))]
    show_table(word("job-title", language), columns, rows)


def _show_help(document: dict[str, Any], language: Language) -> None:
    """Show where to read on, who answers now, and what the figures stand on."""
    details = document["details"]
    if details["runbook"]:
        click.echo(
            word("manual", language, name=_name(details["runbook"], language), command=details["runbook"]["command"])
        )
    desk = details["helpdesk"]
    if desk:
        opens, closes = (time_of(desk[key] - 43200.0) for key in ("opens_s", "closes_s"))
        click.echo(
            word(
                "desk-open" if desk["open"] else "desk-closed",
                language,
                name=_name(desk, language),
                opens=opens,
                closes=closes,
            )
        )
    click.echo(
        word(
            "hangs",
            language,
            seed=document["seed"],
            plays=document["replications"],
            named=document["assumed_counts"]["named"],
            all=len(document["assumed"]),
        )
    )


def _name(record: dict[str, Any], language: Language) -> str:
    return str(record["name_ja"] if language == "ja" else record["name"])
