"""Predict the batch of nights: an ordinary one, the heaviest of the year, or that of a date, with an incident or not.

The answer's figures say for each city and night how much time is left before the counters open, how likely that is
missed, how likely any deadline is, and how old the emergency counter's data are. All else is in its details.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Literal

from inventory.models.estate import Estate
from simulation.answer import Answer, Better, Predicted, drawn
from simulation.assumptions import Assumption
from simulation.batch.incidents import NOTHING, Incident
from simulation.batch.layout import described
from simulation.batch.night_report import night_report
from simulation.batch.played import Played, play
from simulation.batch.year import KindOfNight, Progress, heaviest_nights, kinds_of_nights, ordinary_night
from simulation.draws import Streams
from simulation.errors import MechanismInvalid
from simulation.intervals import of_independent
from simulation.shares import of_share

SEED = 1
REPLICATIONS = 1000
HEAVIEST = 3
Ask = Literal["year", "ordinary", "heaviest", "date"]

CARRIES_OVER = (
    ("The order of the jobs, what waits for what, and which job decides when the night ends.",
     "ジョブの順序、待ち合わせの関係、一夜の終わりを決めるジョブ。"),
    ("How transfers share circuits, disks and the line to the printing site.",
     "伝送が回線・ディスク・印刷拠点への線を分け合う様子。"),
    ("Which nights of the year are the heaviest, by the calendar and the cities' sizes.",
     "暦と団体規模から決まる、一年で最も重い夜。"),
)  # fmt: skip
DOES_NOT_CARRY_OVER = (
    ("How long a job takes: assumed until a month of the scheduler's log is read; state it by `takes` and `spread`.",
     "ジョブの所要時間: ジョブ管理の実績を一か月分取り込むまでは仮定。`takes` と `spread` に入れて置き換える。"),
    ("How often jobs fail and how soon someone reacts at night: assumed.",
     "異常終了の頻度と夜間の対応時間: 仮定。"),
    ("A backup slows other transfers from the same disk, not the jobs that read it.",
     "バックアップは同じディスクからの他の伝送を遅らせるが、読み込むジョブ自体は遅らせない。"),
    ("A job that hangs without failing, and failures that several jobs share.",
     "異常終了せずに止まるジョブと、複数のジョブに共通する故障。"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Question:
    """Which nights are asked for: the ordinary and the heaviest (`year`), one of these, or that of a date."""

    ask: Ask = "year"
    date: dt.date | None = None
    heaviest: int = HEAVIEST
    incident: Incident = NOTHING

    def document(self) -> dict[str, Any]:
        """Return the question as plain data."""
        return {
            "ask": self.ask,
            "date": self.date.isoformat() if self.date else None,
            "heaviest": self.heaviest if self.ask in {"year", "heaviest"} else None,
            "incident": None if self.incident is NOTHING else plain(self.incident.model_dump(mode="json")),
        }


@dataclasses.dataclass(frozen=True)
class Chosen:
    """A night to play: the label of its figures, its name in both languages, and its date."""

    label: str
    names: tuple[str, str]
    date: dt.date


def predict(
    estate: Estate,
    question: Question | None = None,
    seed: int = SEED,
    replications: int = REPLICATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return how the nights asked for go. Raises EstateLacks where the estate does not describe its nights."""
    asked = question or Question()
    if asked.ask in {"year", "heaviest"} and asked.heaviest < 1:
        raise MechanismInvalid([f"{asked.heaviest} nights are asked for, expected at least 1"])
    kinds = kinds_of_nights(estate)
    chosen = _chosen(estate, asked, seed, kinds, progress)
    streams = Streams(seed, replications)
    figures: list[Predicted] = []
    nights = []
    for number, night in enumerate(chosen):
        played = play(estate, night.date, streams, asked.incident)
        figures += figures_of(played, night)
        nights.append(night_report(played, night.label, night.names, _like(kinds, night.date)))
        if progress is not None:
            progress(number + 1, len(chosen))
    batch = described(estate)
    details = {
        "opens_s": batch.opens_in_night_s,
        "year": batch.year,
        "kinds_of_nights": [
            {"nights": len(kind.dates), "first": kind.dates[0].isoformat(), "factor": kind.factor} for kind in kinds
        ],
        "bin_s": 900,
        "incident": asked.document()["incident"],
        "nights": nights,
    }
    return Answer(
        "batch", asked.document(), estate.name, estate.digest, dict(estate.overrides), seed, replications,
        tuple(figures), details, assumed_of(estate), CARRIES_OVER, DOES_NOT_CARRY_OVER,
    )  # fmt: skip


def assumed_of(estate: Estate) -> tuple[Assumption, ...]:
    """Return the assumed or least trusted values of nights: of jobs, backups, the section `batch`, circuits, forms."""
    found = []
    for path, origin in sorted(estate.provenance.items()):
        section, _, rest = path.partition(".")
        wanted = section in {"jobs", "backups", "batch"}
        wanted |= section in {"circuits", "form_runs"} and rest.rsplit(".", 1)[-1] in {
            "rate",
            "planning_rate",
            "size_kb",
        }
        if wanted and (origin.trust == "L" or origin.how == "assumed"):
            file, line = estate.where(path)
            found.append(Assumption(path, file, line, origin.source, origin.trust, origin.how))
    return tuple(found)


def _chosen(
    estate: Estate, asked: Question, seed: int, kinds: tuple[KindOfNight, ...], progress: Progress | None
) -> list[Chosen]:
    """Return the nights to play, the ordinary one first."""
    if asked.ask == "date":
        if asked.date is None:
            raise MechanismInvalid(["the night of a date is asked for without the date"])
        return [Chosen("date", (f"Night of {asked.date}", f"{asked.date} の夜"), asked.date)]
    chosen = []
    if asked.ask in {"year", "ordinary"}:
        chosen.append(Chosen("ordinary", ("Ordinary night", "通常日の夜"), ordinary_night(kinds)))
    if asked.ask in {"year", "heaviest"}:
        heavy = heaviest_nights(estate, asked.heaviest, seed, kinds, progress)
        chosen += [
            Chosen(f"heaviest-{place}", (f"Heaviest night {place}", f"最も重い夜 {place}"), date)
            for place, (date, _) in enumerate(heavy, 1)
        ]
    return chosen


def figures_of(played: Played, night: Chosen) -> list[Predicted]:
    """Return the figures of each city in a night."""
    opens_s = described(played.estate).opens_in_night_s
    copies = {job.city: id_ for id_, job in played.estate.records.jobs.items() if job.fills}
    figures = []
    for city, record in played.estate.records.cities.items():
        chosen = played.jobs_of(city)
        if not len(chosen):
            continue
        names = tuple(
            f"{record.label(language)}, {name}: " for language, name in zip(("en", "ja"), night.names, strict=True)
        )

        def titles(english: str, japanese: str, names: tuple[str, ...] = names) -> tuple[str, str]:
            return names[0] + english, names[1] + japanese

        id_ = f"{city}.{night.label}"
        end_s = played.net_end_s(city)
        slack = of_independent(opens_s - end_s) if len(end_s) > 1 else None
        if slack is not None:
            figures.append(
                drawn(
                    f"{id_}.slack", titles("time left before the counters open", "開庁までの余裕"), slack, "s", "higher"
                )
            )
            least = of_independent(played.least_slack_s(city))
            figures.append(
                drawn(
                    f"{id_}.deadline-slack",
                    titles("least time left before a job's own deadline", "ジョブ締切までの最小余裕"),
                    least,
                    "s",
                    "higher",
                )
            )
        per = "nights of this kind"
        figures.append(
            _counted(
                f"{id_}.missed",
                titles("chance that the counters open late", "開庁に間に合わない確率"),
                end_s > opens_s,
                per,
            )
        )
        late = played.late[:, chosen].any(axis=1)
        figures.append(
            _counted(
                f"{id_}.late",
                titles("chance that a job misses its deadline", "いずれかのジョブが締切を過ぎる確率"),
                late,
                per,
            )
        )
        if city in copies and slack is not None:
            age = of_independent(played.copy_age_s(copies[city]))
            figures.append(
                drawn(
                    f"{id_}.copy-age",
                    titles("age of the emergency counter's data when counters open", "開庁時の緊急窓口データの古さ"),
                    age,
                    "s",
                )
            )
    return figures


def _counted(id_: str, titles: tuple[str, str], flags: Any, per: str, better: Better = "lower") -> Predicted:
    """Return a chance that was counted, with its own interval."""
    share, low, high = (float(f"{value:.12g}") for value in of_share(int(flags.sum()), len(flags)))
    return Predicted(id_, *titles, share, low, high, 0.95, "1", better, per, len(flags), "mean")


def _like(kinds: tuple[KindOfNight, ...], date: dt.date) -> int:
    """Return how many nights of the year are of the kind of a date's; 0 for a date outside the year."""
    return next((len(kind.dates) for kind in kinds if date in kind.dates), 0)


def plain(value: Any) -> Any:
    """Return data with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
