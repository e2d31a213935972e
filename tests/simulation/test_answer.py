"""The shape of answers: what a figure says of itself, and that a stored answer is read back as it was."""

from __future__ import annotations

import json
import math

import pytest

from inventory.models.estate import Estate
from simulation.answer import drawn, read_answer, reckoned, spread_of
from simulation.errors import AnswerUnreadable, QuestionInvalid
from simulation.intervals import of_independent
from simulation.questions import ask

TITLES = ("outage", "通信断")


def test_each_kind_of_figure_says_what_its_ends_mean() -> None:
    """A mean has its interval, values their range around the median, and what is reckoned is exact."""
    values = [float(number) for number in range(1, 101)]
    interval = of_independent(values)
    mean = drawn("a", TITLES, interval, "s")
    assert (mean.span, mean.value, mean.samples) == ("mean", 50.5, 100)
    assert (mean.low, mean.high) == pytest.approx((interval.low, interval.high))
    spread = spread_of("b", TITLES, values, "s")
    assert (spread.span, spread.value, spread.low, spread.high) == ("values", 50.0, 3.0, 98.0)
    exact = reckoned("c", TITLES, 2.5, "s", "higher", "h")
    assert (exact.span, exact.low, exact.high, exact.confidence, exact.per) == ("exact", 2.5, 2.5, 1.0, "h")


def test_what_never_ends_has_no_number() -> None:
    """Infinite values become None, so that JSON can say them."""
    assert reckoned("a", TITLES, math.inf, "s").value is None
    spread = spread_of("b", TITLES, [1.0, 1.0, math.inf], "s")
    assert (spread.value, spread.high) == (1.0, None)


def test_stored_answer_is_read_back_as_it_was(deck: Estate) -> None:
    """Written as JSON and read again, an answer is the same."""
    answer = ask(deck, {"kind": "failover", "scenario": "fuji-one-cut"}, 3, 20)
    assert answer["fuji.outage"].samples == 20
    again = read_answer(json.loads(json.dumps(answer.document())), "stored.json")
    assert again.document() == answer.document()
    assert again.figures == answer.figures


def test_what_is_no_answer_is_told_by_its_part() -> None:
    """Another document is refused, with the place that is wrong."""
    with pytest.raises(AnswerUnreadable, match=r"run\.json: kind: .*expected what `twin simulate"):
        read_answer({"scenario": "fuji-one-cut"}, "run.json")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({}, "kind: None is unknown"),
        ({"kind": "failovr"}, "expected a known name, nearest `failover`"),
        ({"kind": "failover"}, "`scenario` is missing"),
        ({"kind": "failover", "scenario": "x", "scenari": "y"}, "unknown key `scenari`"),
    ],
)
def test_question_that_means_nothing_is_refused(deck: Estate, question: dict[str, str], message: str) -> None:
    """An unknown kind or part, and a missing one, are named."""
    with pytest.raises(QuestionInvalid, match=message):
        ask(deck, question)
