"""The figures of a night that was played, for each city: what `compare`, `sweep` and the gate read of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

from simulation.answer import Predicted, drawn
from simulation.batch.layout import described
from simulation.batch.played import Played
from simulation.digits import tidy
from simulation.intervals import CONFIDENCE, of_independent
from simulation.shares import of_share

_TITLES = {
    "slack": ("time left before the counters open", "開庁までの余裕"),
    "deadline-slack": ("least time left before a job's own deadline", "ジョブ締切までの最小余裕"),
    "missed": ("chance that the counters open late", "開庁に間に合わない確率"),
    "late": ("chance that a job misses its deadline", "いずれかのジョブが締切を過ぎる確率"),
    "copy-age": ("age of the emergency counter's data when counters open", "開庁時の緊急窓口データの古さ"),
}
PER = "nights of this kind"


@dataclasses.dataclass(frozen=True)
class Chosen:
    """A night to play: the label of its figures, its name in both languages, and its date."""

    label: str
    names: tuple[str, str]
    date: dt.date


def figures_of(played: Played, night: Chosen) -> Iterator[Predicted]:
    """Yield the figures of each city that has a job that night; raises TooFewSamples for fewer than two plays."""
    opens_s = described(played.estate).opens_in_night_s
    copies = {job.city: id_ for id_, job in played.estate.records.jobs.items() if job.fills}
    for city in played.estate.records.cities:
        chosen = played.jobs_of(city)
        if not len(chosen):
            continue
        end_s = played.net_end_s(city)
        for key, values in (("slack", opens_s - end_s), ("deadline-slack", played.least_slack_s(city))):
            names = _titles(played, city, night, key)
            yield drawn(f"{city}.{night.label}.{key}", names, of_independent(values), "s", "higher")
        late = played.late[:, chosen].any(axis=1)
        for key, flags in (("missed", end_s > opens_s), ("late", late)):
            yield _counted(f"{city}.{night.label}.{key}", _titles(played, city, night, key), flags)
        if city in copies:
            age = of_independent(played.copy_age_s(copies[city]))
            yield drawn(f"{city}.{night.label}.copy-age", _titles(played, city, night, "copy-age"), age, "s")


def _titles(played: Played, city: str, night: Chosen, key: str) -> tuple[str, str]:
    """Return a figure's title in English and Japanese."""
    record = played.estate.records.cities[city]
    english, japanese = (
        f"{record.label(language)}, {name}: {title}"
        for language, name, title in zip(("en", "ja"), night.names, _TITLES[key], strict=True)
    )
    return english, japanese


def _counted(id_: str, titles: tuple[str, str], flags: Any) -> Predicted:
    """Return a chance that was counted, with its own interval."""
    share, low, high = (tidy(value) for value in of_share(int(flags.sum()), len(flags)))
    return Predicted(id_, *titles, share, low, high, CONFIDENCE, "1", "lower", PER, len(flags), "mean")
