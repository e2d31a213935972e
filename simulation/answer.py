"""What every prediction answers with: figures that carry their interval, and all that they stand on.

`compare`, `sweep`, the gate and the reports read answers in this shape alone, so each kind of prediction is written
once. What only one kind has to say (a night's jobs, an hour's heat) goes into `details`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from simulation.assumptions import Assumption, counts
from simulation.digits import tidy
from simulation.errors import AnswerUnreadable
from simulation.intervals import CONFIDENCE, Interval, quantile
from simulation.shares import of_share

Better = Literal["lower", "higher", "neither"]
Span = Literal["mean", "values", "exact"]


@dataclasses.dataclass(frozen=True)
class Predicted:
    """One figure of an answer.

    `id` is unique in the answer and the same in every run of its kind, such as `fuji.slack`. `value` is None where the
    figure has no bound (an outage that never ends); then so is the end of its interval. `low` and `high` are, by
    `span`, the interval of a simulated `mean` at `confidence`, the bounds of that share of the simulated `values`
    around their median, or equal to `value` where it is reckoned and `exact`. `per` is the denominator in words
    (`24 h × 365`, `counter hours`), empty where there is none; `samples` the number of independent values.
    """

    id: str
    title: str
    title_ja: str
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    unit: str
    better: Better
    per: str
    samples: int
    span: Span

    def label(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ja if language == "ja" else self.title


@dataclasses.dataclass(frozen=True)
class Answer:
    """A prediction with what it stands on; `document()` is the published shape.

    `kind` is the command's word (`batch`), `question` what was asked, as data that gives the same answer again.
    `carries_over` and `does_not_carry_over` are sentences in English and Japanese.
    """

    kind: str
    question: dict[str, Any]
    estate: str
    estate_digest: str
    overrides: dict[str, str]
    seed: int
    replications: int
    figures: tuple[Predicted, ...]
    details: dict[str, Any]
    assumed: tuple[Assumption, ...]
    carries_over: tuple[tuple[str, str], ...]
    does_not_carry_over: tuple[tuple[str, str], ...]

    def __getitem__(self, figure: str) -> Predicted:
        """Return a figure by its id; raises KeyError with the ids that there are."""
        for one in self.figures:
            if one.id == figure:
                return one
        raise KeyError(f"{figure}; there are {', '.join(one.id for one in self.figures)}")

    def document(self) -> dict[str, Any]:
        """Return the answer as JSON has it: SI units, None for what has no bound, assumed values counted."""
        return {**dataclasses.asdict(self), "assumed_counts": dataclasses.asdict(counts(self.assumed))}


def read_answer(document: Any, where: str) -> Answer:
    """Return the answer that a document says; raises AnswerUnreadable naming `where` and the part that is wrong."""
    try:
        return TypeAdapter(Answer).validate_python(document)
    except ValidationError as error:
        first = error.errors()[0]
        part = ".".join(map(str, first["loc"])) or "the whole"
        raise AnswerUnreadable(
            f"{where}: {part}: {first['msg']}; expected what `twin simulate … --json` wrote"
        ) from None


def drawn(
    id_: str, titles: tuple[str, str], interval: Interval, unit: str, better: Better = "lower", per: str = ""
) -> Predicted:
    """Return a figure that was simulated, with the interval of its mean; `titles` are English and Japanese."""
    ends = (_finite(interval.mean), _finite(interval.low), _finite(interval.high))
    return Predicted(id_, *titles, *ends, interval.confidence, unit, better, per, interval.samples, "mean")


def counted(
    id_: str, titles: tuple[str, str], count: int, trials: int, better: Better = "lower", per: str = ""
) -> Predicted:
    """Return a chance that was counted in independent trials, with the interval of `simulation.shares`."""
    share, low, high = (_finite(value) for value in of_share(count, trials))
    return Predicted(id_, *titles, share, low, high, CONFIDENCE, "1", better, per, trials, "mean")


def reckoned(
    id_: str, titles: tuple[str, str], value: float, unit: str, better: Better = "lower", per: str = ""
) -> Predicted:
    """Return a figure that follows exactly from the estate; infinite becomes None."""
    exact = _finite(value)
    return Predicted(id_, *titles, exact, exact, exact, 1.0, unit, better, per, 1, "exact")


def spread_of(
    id_: str, titles: tuple[str, str], values: Sequence[float], unit: str, better: Better = "lower", per: str = ""
) -> Predicted:
    """Return the median of simulated values with the bounds within which 95 % of them lie (not of the mean)."""
    middle, low, high = (_finite(quantile(values, fraction)) for fraction in (0.5, 0.025, 0.975))
    return Predicted(id_, *titles, middle, low, high, 0.95, unit, better, per, len(values), "values")


def _finite(value: float) -> float | None:
    """Return a value to twelve significant digits, which no two machines differ in; None where it has no bound."""
    return None if math.isinf(value) or math.isnan(value) else tidy(value)
