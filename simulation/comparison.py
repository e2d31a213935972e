"""Two answers to one question, figure by figure: better, worse, or no difference that the runs can tell.

A difference of simulated figures counts where it exceeds the interval of a difference of independent means (the square
root of the squared half-widths). Runs of one seed share their draws, so the true interval is narrower: a difference
that counts here counts all the more. Source: Law, Simulation Modeling and Analysis, 5th edition, section 10.2.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

from simulation.answer import Answer, Predicted
from simulation.errors import NotComparable

Verdict = Literal["better", "worse", "different", "no difference", "only before", "only after"]
_MEDIAN = math.sqrt(math.pi / 2)
"""A median varies this much more than a mean, for nearly normal values and many of them."""
_SAME = 1e-9


@dataclasses.dataclass(frozen=True)
class Difference:
    """One figure before and after. `change` is after less before, `margin` what it must exceed; None: no bound."""

    id: str
    title: str
    title_ja: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    margin: float | None
    verdict: Verdict


@dataclasses.dataclass(frozen=True)
class Comparison:
    """All figures of two answers side by side, with what each of them stands on."""

    kind: str
    question: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    differences: tuple[Difference, ...]

    def document(self) -> dict[str, Any]:
        """Return the comparison as JSON has it."""
        return dataclasses.asdict(self)


def compare(before: Answer, after: Answer) -> Comparison:
    """Return the comparison of two answers; raises NotComparable where they do not answer the same question."""
    if before.kind != after.kind:
        raise NotComparable(f"an answer of `{before.kind}` and one of `{after.kind}` have no figure in common")
    if before.question != after.question:
        raise NotComparable(f"two questions were asked: {before.question} and {after.question}")
    old, new = ({figure.id: figure for figure in answer.figures} for answer in (before, after))
    ids = dict.fromkeys([*old, *new])
    found = tuple(difference(old.get(id_), new.get(id_)) for id_ in ids)
    return Comparison(before.kind, before.question, _basis(before), _basis(after), found)


def difference(before: Predicted | None, after: Predicted | None) -> Difference:
    """Return one figure's difference; one of the two may be missing."""
    shown = after or before
    assert shown is not None, "a figure of neither answer"
    values = (before.value if before else None, after.value if after else None)
    change = margin = None
    if before is None or after is None:
        verdict: Verdict = "only after" if before is None else "only before"
    elif before.value is None or after.value is None:
        verdict = _verdict(shown, math.inf if after.value is None else -math.inf, before.value == after.value)
    else:
        change = after.value - before.value
        margin = math.hypot(_half_width(before), _half_width(after))
        least = max(margin, _SAME * max(abs(before.value), abs(after.value)))
        verdict = _verdict(shown, change, abs(change) <= least)
    return Difference(shown.id, shown.title, shown.title_ja, shown.unit, *values, change, margin, verdict)


def _verdict(figure: Predicted, change: float, same: bool) -> Verdict:
    if same:
        return "no difference"
    if figure.better == "neither":
        return "different"
    return "better" if (change < 0) == (figure.better == "lower") else "worse"


def _half_width(figure: Predicted) -> float:
    """Return how far the mean, or the median of values, may be off at the figure's confidence."""
    if figure.span == "exact" or figure.value is None:
        return 0.0
    low = figure.value if figure.low is None else figure.low
    half = (figure.value if figure.high is None else figure.high) - low
    return half / 2 if figure.span == "mean" else _MEDIAN * half / 2 / math.sqrt(figure.samples)


def _basis(answer: Answer) -> dict[str, Any]:
    return {
        "estate": answer.estate,
        "estate_digest": answer.estate_digest,
        "overrides": answer.overrides,
        "seed": answer.seed,
        "replications": answer.replications,
    }
