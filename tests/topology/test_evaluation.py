"""Packages are judged at the printed thresholds, and ranked by stated weights alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load_estate
from inventory.models.operation import Scorecard
from inventory.problems import EstateInvalid
from topology.evaluation import Candidates, evaluate, judge, read_candidates

EXAMPLE = Path(__file__).parents[2] / "docs" / "guides" / "packages.yaml"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """Return the scorecard of the deck."""
    found = load_estate("fuji-fujinomiya").records.scorecard
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "answer", "mark"),
    [
        ("usability", 80, "double-circle"),
        ("usability", 79.99, "triangle"),
        ("usability", 70, "triangle"),
        ("usability", 69.9, "cross"),
        ("standard-functions", 70, "double-circle"),
        ("standard-functions", 60, "triangle"),
        ("small-gap", 79, "triangle"),
        ("installations", 10, "circle"),
        ("installations", 9, "triangle"),
        ("installations", 4, "cross"),
        ("similar-size", 200_000, "double-circle"),
        ("similar-size", 199_999, "circle"),
        ("similar-size", 99_999, "cross"),
        ("technology-trend", "C/S版", "triangle"),
        ("local-companies", "実績有り", "circle"),
    ],
)
def test_marks_change_at_the_printed_thresholds(card: Scorecard, question: str, answer: float | str, mark: str) -> None:
    """Slide 29: 80 % and more ◎, 79 to 70 △, below 70 ×, and so on."""
    assert judge(card.questions[question], answer).mark == mark


def test_nothing_is_ranked_without_stated_weights(card: Scorecard) -> None:
    """The same answers without points and weights: every judgement, no score, no rank."""
    stated = read_candidates(EXAMPLE, card)
    bare = stated.model_copy(update={"points": None, "weights": None})
    assert [(one.score, one.rank) for one in evaluate(bare, card)] == [(None, None)] * 3
    assert [one.judged for one in evaluate(bare, card)] == [one.judged for one in evaluate(stated, card)]


def test_score_is_the_weighted_mean_of_the_indicators(card: Scorecard) -> None:
    """By hand: means over each indicator, then the weights 3, 1, 2, 2, 1, 3."""
    stated = read_candidates(EXAMPLE, card)
    marks = {"double-circle": 3, "circle": 2, "triangle": 1, "cross": 0}
    west = next(one for one in evaluate(stated, card) if one.package == "west")
    means = []
    for indicator in card.indicators:
        earned = [marks[one.mark] for one in west.judged if one.indicator == indicator and one.mark is not None]
        means.append(sum(earned) / len(earned))
    assert means == pytest.approx([2 / 3, 2 / 4, 5 / 4, 6 / 3, 4 / 3, 2])
    assert west.score == pytest.approx(sum(w * m for w, m in zip((3, 1, 2, 2, 1, 3), means, strict=True)) / 12)


def test_package_without_installations_is_excluded_and_one_with_gaps_has_no_score(card: Scorecard) -> None:
    """Slide 29: 導入実績無しは選定対象外; an open question is never counted as a mark."""
    stated = read_candidates(EXAMPLE, card)
    newcomer = stated.packages["newcomer"]
    some = newcomer.model_copy(update={"answers": {**newcomer.answers, "installations": 3}})
    both = stated.model_copy(update={"packages": {"none": newcomer, "some": some}})
    found = {one.package: one for one in evaluate(both, card)}
    assert found["none"].excluded
    assert not found["some"].excluded
    assert found["some"].score is None


def test_equal_scores_share_a_rank(card: Scorecard) -> None:
    """Two packages with the same answers are both first."""
    stated = read_candidates(EXAMPLE, card)
    east = stated.packages["east"]
    twice = Candidates(packages={"a": east, "b": east}, points=stated.points, weights=stated.weights)
    assert [one.rank for one in evaluate(twice, card)] == [1, 1]


def test_every_problem_of_a_file_is_told_with_its_line(card: Scorecard, tmp_path: Path) -> None:
    """Unknown questions, answers that are none, numbers out of range, weights without points: all at once."""
    file = tmp_path / "packages.yaml"
    file.write_text(
        "weights: {cost: 0, speed: 1}\n"
        "packages:\n"
        "  one:\n"
        "    name: One\n"
        "    name_ja: 一\n"
        "    answers:\n"
        "      usabilty: 80\n"
        "      usability: 101\n"
        "      installations: many\n"
        "      vendor-lock: maybe\n",
        encoding="utf-8",
    )
    with pytest.raises(EstateInvalid) as caught:
        read_candidates(file, card)
    assert [str(problem) for problem in caught.value.problems] == [
        "packages.yaml:1: (file): has one of `points` and `weights`; expected both, or neither",
        "packages.yaml:1: weights.cost: 0 weighs nothing; expected a number above zero",
        (
            "packages.yaml:1: weights.speed: no indicator `speed`; expected one of cost, flexibility, functional-fit, "
            "operation, record, technology"
        ),
        (
            "packages.yaml:7: packages.one.answers.usabilty: no question `usabilty`; expected a known name, "
            "nearest `usability`"
        ),
        "packages.yaml:8: packages.one.answers.usability: 101 is out of range; expected 0 to 100",
        "packages.yaml:9: packages.one.answers.installations: 'many' is not a number; expected a number",
        (
            "packages.yaml:10: packages.one.answers.vendor-lock: 'maybe' is no answer; "
            "expected one of 無し, none, 有り, some"
        ),
    ]


def test_file_without_packages_is_refused(card: Scorecard, tmp_path: Path) -> None:
    """An empty list is a problem with its line, not an empty table."""
    file = tmp_path / "packages.yaml"
    file.write_text("packages: {}\n", encoding="utf-8")
    with pytest.raises(EstateInvalid, match="packages: is empty; expected at least 1 entry"):
        read_candidates(file, card)
