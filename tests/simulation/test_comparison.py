"""Two answers side by side: what counts as better, worse, or as nothing that the runs can tell."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from inventory.models.estate import Estate
from simulation.answer import Predicted, drawn, reckoned, spread_of
from simulation.comparison import compare, difference
from simulation.errors import NotComparable
from simulation.intervals import Interval
from simulation.questions import ask

TITLES = ("outage", "通信断")


def _mean(value: float, half: float, better: str = "lower") -> Predicted:
    return drawn("a", TITLES, Interval(value, half, 0.95, 100), "s", better)  # type: ignore[arg-type]


def test_difference_of_means_counts_beyond_both_half_widths() -> None:
    """The margin is the square root of the squared half-widths: 0.3 and 0.4 give 0.5."""
    assert difference(_mean(1.0, 0.3), _mean(1.49, 0.4)).verdict == "no difference"
    worse = difference(_mean(1.0, 0.3), _mean(1.51, 0.4))
    assert worse.verdict == "worse"
    assert worse.margin == pytest.approx(0.5)
    assert worse.change == pytest.approx(0.51)
    assert difference(_mean(1.51, 0.4), _mean(1.0, 0.3)).verdict == "better"


def test_the_better_end_depends_on_the_figure() -> None:
    """More slack is better, more outage is worse; some figures are only different."""
    pairs = {"higher": "better", "lower": "worse", "neither": "different"}
    for better, verdict in pairs.items():
        assert difference(_mean(1.0, 0.0, better), _mean(2.0, 0.0, better)).verdict == verdict


def test_exact_figures_differ_by_the_least_change() -> None:
    """What is reckoned has no spread; only the last digits of a float are none."""
    one = reckoned("a", TITLES, 0.1 + 0.2, "s")
    assert difference(one, reckoned("a", TITLES, 0.3, "s")).verdict == "no difference"
    assert difference(one, reckoned("a", TITLES, 0.3001, "s")).verdict == "worse"


def test_figure_without_bound_is_worse_than_any_number() -> None:
    """An outage that never ends is worse; two of them are the same."""
    never, some = reckoned("a", TITLES, math.inf, "s"), reckoned("a", TITLES, 3.0, "s")
    assert difference(some, never).verdict == "worse"
    assert difference(never, some).verdict == "better"
    assert difference(never, never).verdict == "no difference"


def test_figure_of_one_side_alone_is_named_so() -> None:
    """What only one answer has is neither better nor worse."""
    some = reckoned("a", TITLES, 3.0, "s")
    assert difference(some, None).verdict == "only before"
    assert difference(None, some).verdict == "only after"


def test_medians_of_one_distribution_seldom_differ() -> None:
    """Of many pairs of runs of the same thing about one in twenty is called different, by chance."""
    generator = np.random.default_rng(5)
    pairs = [[spread_of("a", TITLES, list(generator.normal(10, 2, 200)), "s") for _ in range(2)] for _ in range(600)]
    wrong = sum(difference(*pair).verdict != "no difference" for pair in pairs) / len(pairs)
    assert 0.01 < wrong < 0.12


def test_one_question_of_two_estates(deck: Estate) -> None:
    """The same estate is the same; slower detection is worse; other questions have nothing in common."""
    question = {"kind": "failover", "scenario": "fuji-one-cut"}
    answer = ask(deck, question, 1, 60)
    assert {one.verdict for one in compare(answer, answer).differences} == {"no difference"}
    slower = dataclasses.replace(
        answer, figures=tuple(dataclasses.replace(one, value=(one.value or 0) * 2) for one in answer.figures)
    )
    assert {one.id: one.verdict for one in compare(answer, slower).differences}["fuji.outage"] == "worse"
    other = ask(deck, {"kind": "failover", "scenario": "fuji-both-cut"}, 1, 20)
    with pytest.raises(NotComparable, match="two questions"):
        compare(answer, other)
    with pytest.raises(NotComparable, match="no figure in common"):
        compare(answer, dataclasses.replace(answer, kind="batch"))
