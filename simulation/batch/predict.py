"""Predict the batch of nights: an ordinary one, the heaviest of the year, or that of a date, with an incident or not.

The answer's figures say for each city and night how much time is left before the counters open, how likely that is
missed, how likely any deadline is, and how old the emergency counter's data are. All else is in its details.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Literal

from inventory.models.estate import Estate
from simulation.answer import Answer, Predicted
from simulation.assumptions import assumed_values
from simulation.batch.hangs_on import shares_of
from simulation.batch.incidents import NOTHING, Incident
from simulation.batch.layout import described
from simulation.batch.night_figures import Chosen, figures_of
from simulation.batch.night_report import night_report
from simulation.batch.played import play
from simulation.batch.year import KindOfNight, Progress, heaviest_nights, kinds_of_nights, ordinary_night
from simulation.draws import Streams
from simulation.errors import MechanismInvalid

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
    ("What a cut without another way costs a transfer: the stall, the attempt that ends it, the broken connection.",
     "迂回路のない断が伝送に与える影響: 停止、再送による再開、接続の切断。"),
)  # fmt: skip
DOES_NOT_CARRY_OVER = (
    ("How long a job takes: assumed until a month of the scheduler's log is read; state it by `takes` and `spread`.",
     "ジョブの所要時間: ジョブ管理の実績を一か月分取り込むまでは仮定。`takes` と `spread` に入れて置き換える。"),
    ("How often jobs fail and how soon someone reacts at night: assumed.",
     "異常終了の頻度と夜間の対応時間: 仮定。"),
    ("A backup slows other transfers from the same disk, not the jobs that read it.",
     "バックアップは同じディスクからの他の伝送を遅らせるが、読み込むジョブ自体は遅らせない。"),
    ("The second of a switch-over, and programs that resume a broken transfer where it stopped.",
     "切替えの数秒間と、切れた伝送を途中から再開するプログラム。"),
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
    nights, all_played = [], []
    for number, night in enumerate(chosen):
        played = play(estate, night.date, streams, asked.incident)
        figures += figures_of(played, night)
        all_played.append(played)
        nights.append(night_report(played, night.label, night.names, _like(kinds, night.date)))
        if progress is not None:
            progress(number + 1, len(chosen))
    batch = described(estate)
    assumed = assumed_values(estate, shares_of(estate, all_played))
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
        tuple(figures), details, assumed, CARRIES_OVER, DOES_NOT_CARRY_OVER,
    )  # fmt: skip


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


def _like(kinds: tuple[KindOfNight, ...], date: dt.date) -> int:
    """Return how many nights of the year are of the kind of a date's; 0 for a date outside the year."""
    return next((len(kind.dates) for kind in kinds if date in kind.dates), 0)


def plain(value: Any) -> Any:
    """Return data with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
