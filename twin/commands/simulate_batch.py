"""`twin simulate batch`: how the jobs of a night end, and how much time is left before the counters open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.delivery import Asked, answer_options, deliver
from twin.errors import TwinError
from twin.output import Cell, show_table
from twin.settings import Settings

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer

_DAY = click.DateTime(["%Y-%m-%d"])
_HEADINGS = {
    "night": "夜", "date": "日付", "like it": "同種の夜数", "city": "団体", "all done (95 %)": "全ジョブ終了(95%)",
    "left min": "余裕 分", "opens late": "開庁遅延", "deadline slack min": "締切余裕 分",
    "a deadline missed": "締切超過", "tightest job": "最も厳しいジョブ", "copy age h": "緊急窓口データ h",
    "job": "ジョブ", "name": "名称", "server": "機器", "begins": "開始", "ends (95 %)": "終了(95%)",
    "deadline": "締切", "slack min": "余裕 分", "late": "締切超過", "critical": "支配率",
    "on the chain that decides, share of nights": "終了を決めるジョブ(夜の割合)",
    "server or line": "機器・回線", "holds": "容量", "busiest quarter": "最繁15分", "at": "時刻",
    "GB in the night": "伝送量 GB",
}  # fmt: skip


@click.command(epilog="Example: twin simulate batch --heaviest 3 --set batch.spread.high=1.8")
@click.option("--date", type=_DAY, help="The night that begins on this day.")
@click.option("--heaviest", type=click.IntRange(1, 31), metavar="N", help="The N heaviest nights of the year, found.")
@click.option("--ordinary", is_flag=True, help="An ordinary night.")
@click.option(
    "--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="What happens that night: failed jobs, circuits that go down (.yaml, docs/guides/simulation.md).",
)  # fmt: skip
@click.option("--jobs", is_flag=True, help="List every job, also where several nights are shown.")
@answer_options
def batch(  # noqa: PLR0917 -- click fills in the options
    settings: Settings,
    asked: Asked,
    date: dt.datetime | None,
    heaviest: int | None,
    ordinary: bool,
    scenario: Path | None,
    jobs: bool,
) -> None:
    """Predict the nights' batch: ends, slack before the counters open, deadlines missed, what decides.

    Without an option it shows an ordinary night and the three heaviest of the estate's year (`batch.year`).
    """
    if (date is not None) + (heaviest is not None) + ordinary > 1:
        raise TwinError("--date, --heaviest and --ordinary exclude each other: name one")
    day = date.date().isoformat() if date else None
    nights = day or ("heaviest" if heaviest else "ordinary" if ordinary else "year")
    question: dict[str, Any] = {"kind": "batch", "nights": nights}
    if heaviest:
        question["heaviest"] = heaviest
    if scenario:
        question["scenario"] = str(scenario)
    language = "ja" if asked.japanese else "en"

    def tables(estate: Estate, answer: Answer) -> None:
        click.echo(f"{settings.estate}: seed {answer.seed}, {answer.replications} plays of each night")
        _show(estate, answer, language, jobs=jobs)

    deliver(settings, asked, question, tables, figures=False)


def _show(estate: Estate, answer: Answer, language: str, *, jobs: bool) -> None:
    nights, incident = answer.details["nights"], answer.details["incident"]
    if incident:
        click.echo(incident["title_ja" if language == "ja" else "title"])
    _show_nets(estate, nights, language)
    for night in nights:
        if jobs or len(nights) == 1:
            _show_jobs(night, language)
    _show_critical(nights, language)
    if len(nights) == 1:
        _show_use(nights[0], language)


def _show_nets(estate: Any, nights: list[dict[str, Any]], language: str) -> None:
    """Show a line for each night and city."""
    rows: list[list[Cell]] = []
    for night in nights:
        ages = {copy["city"]: copy for copy in night["copies"]}
        for net in night["nets"]:
            copy = ages.get(net["city"])
            rows.append([
                _name(night, language), night["date"], night["like"],
                estate.records.cities[net["city"]].label(language),
                clock(net["end_s"]), minutes(net["slack_s"]), share(net["missed"]),
                minutes(net["least_deadline_slack_s"]), share(net["late"]), net["tightest"],
                f"{copy['mean_age_s'] / 3600:.1f}" if copy else None,
            ])  # fmt: skip
    columns = [
        "night", "date", "like it", "city", "all done (95 %)", "left min", "opens late", "deadline slack min",
        "a deadline missed", "tightest job", "copy age h",
    ]  # fmt: skip
    show_table("Nights", _headings(columns, language), rows)


def _show_jobs(night: dict[str, Any], language: str) -> None:
    """Show every job of a night by when it ends."""
    click.echo("")
    rows: list[list[Cell]] = [
        [
            job["id"], _name(job, language), job["server"], clock(job["begin_s"]), clock(job["end_s"]),
            time_of(job["deadline_s"]), minutes(job["slack_s"]), share(job["late"]), f"{job['critical']:.0%}",
        ]
        for job in sorted(night["jobs"], key=lambda job: (job["end_s"]["median"], job["id"]))
    ]  # fmt: skip
    columns = ["job", "name", "server", "begins", "ends (95 %)", "deadline", "slack min", "late", "critical"]
    show_table(f"Jobs of {night['date']}", _headings(columns, language), rows)


def _show_critical(nights: list[dict[str, Any]], language: str) -> None:
    """Show which jobs decide when each net's tightest job ends."""
    click.echo("")
    rows: list[list[Cell]] = []
    for night in nights:
        names = {job["id"]: _name(job, language) for job in night["jobs"]}
        for net in night["nets"]:
            chain = [
                f"{names[item['job']]} {item['share']:.0%}" for item in net["critical"][:4] if item["share"] >= 0.01
            ]
            rows.append([_name(night, language), night["date"], ", ".join(chain)])
    columns = ["night", "date", "on the chain that decides, share of nights"]
    show_table("Deciding jobs", _headings(columns, language), rows)


def _show_use(night: dict[str, Any], language: str) -> None:
    """Show when servers and lines are busiest."""
    click.echo("")
    rows: list[list[Cell]] = []
    for kind in ("servers", "lines"):
        for one in night[kind]:
            peak = max(one["used"])
            at_s = one["used"].index(peak) * 900.0
            size = f"{one['places']} places" if kind == "servers" else f"{one['capacity_bps'] / 1e6:.0f} Mbit/s"
            moved = None if kind == "servers" else f"{one['carried_bytes'] / 1e9:.2f}"
            rows.append([_name(one, language), size, f"{peak:.0%}", time_of(at_s), moved])
    columns = ["server or line", "holds", "busiest quarter", "at", "GB in the night"]
    show_table("Use", _headings(columns, language), rows)


def _headings(columns: list[str], language: str) -> list[str]:
    """Return headings in a language."""
    return [_HEADINGS[column] if language == "ja" else column for column in columns]


def time_of(after_noon_s: float) -> str:
    """Return a time of a night (s after noon) as a time of day."""
    whole = round(after_noon_s / 60) + 720
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def clock(spread: dict[str, float]) -> str:
    """Return a median time of day with its bounds; noon at the end of the night means never."""
    low, median, high = (
        "never" if spread[key] >= 86400.0 else time_of(spread[key]) for key in ("low", "median", "high")
    )
    return f"{median} ({low}-{high})"


def minutes(spread: dict[str, float]) -> str:
    """Return a median in minutes with its bounds."""
    return f"{spread['median'] / 60:.0f} ({spread['low'] / 60:.0f} to {spread['high'] / 60:.0f})"


def share(chance: dict[str, float]) -> str:
    """Return a counted chance in per cent with the upper bound of its interval."""
    return f"{chance['value']:.1%} (<{chance['high']:.1%})"


def _name(record: dict[str, Any], language: str) -> str:
    """Return a name in a language."""
    return str(record["name_ja"] if language == "ja" else record["name"])
