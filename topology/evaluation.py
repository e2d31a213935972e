"""Package evaluation after the estate's scorecard: every judgement shown, a ranking only by weights that are stated.

A file of candidates gives each one's answers by question; `points` per mark and `weights` per indicator may be in it.
The scorecard has neither, so without them nothing is ranked.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from inventory.document import Document, read_document
from inventory.models.operation import Judgement, Mark, Question, Scorecard
from inventory.models.record import Id, Named, Record, Text
from inventory.names import expected_name
from inventory.problems import EstateInvalid, Problem
from inventory.single import as_tuples, findings, problem_at

Answer = float | int | Text


class Package(Named):
    """A candidate with its answers: a percentage, a number, or one of a question's answers."""

    answers: dict[Id, Answer]


class Candidates(Record):
    """A file of candidates. `points` and `weights` stand together, or no ranking is made."""

    packages: dict[Id, Package] = Field(min_length=1)
    points: dict[Mark, float] | None = None
    weights: dict[Id, float] | None = None


@dataclasses.dataclass(frozen=True)
class Judged:
    """A question answered: the mark, and the step of the scale that gave it; no mark where nothing was answered."""

    question: str
    indicator: str
    answer: Answer | None
    mark: Mark | None
    step: str
    excludes: bool


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """One candidate: its judgements in the order of the scorecard; a `score` only with weights and every answer.

    `excluded` tells that an answer lies below what the scorecard asks of any candidate.
    """

    package: str
    judged: tuple[Judged, ...]
    excluded: bool
    score: float | None
    rank: int | None = None


def read_candidates(path: Path, card: Scorecard) -> Candidates:
    """Read a file of candidates and hold it against the scorecard; raises EstateInvalid with every problem in it."""
    document = read_document(path, path.name)
    if document.problems or not isinstance(document.data, dict):
        raise EstateInvalid(document.problems)
    value = as_tuples(document.data)
    problems = list(findings(document, Candidates, value))
    if not problems:
        candidates = Candidates.model_validate(value)
        problems = _unmet(document, candidates, card)
        if not problems:
            return candidates
    raise EstateInvalid(problems)


def evaluate(candidates: Candidates, card: Scorecard) -> list[Evaluation]:
    """Return every candidate's evaluation; ranked by score where points and weights are stated, best first."""
    found = [_evaluate(name, package, candidates, card) for name, package in candidates.packages.items()]
    ranked = sorted((one for one in found if one.score is not None), key=lambda one: -(one.score or 0))
    ranks = {one.package: 1 + sum((other.score or 0) > (one.score or 0) for other in ranked) for one in ranked}
    found = [dataclasses.replace(one, rank=ranks.get(one.package)) for one in found]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0))


def judge(question: Question, answer: Answer) -> Judgement:
    """Return the step of a question's scale that an answer earns: the first whose answer or least value it meets."""
    for step in question.scale:
        if question.kind == "answer":
            if answer in {step.answer_ja, step.answer}:
                return step
        elif step.at_least is not None and isinstance(answer, int | float) and answer >= step.at_least:
            return step
    return question.scale[-1]


def _evaluate(name: str, package: Package, candidates: Candidates, card: Scorecard) -> Evaluation:
    judged = tuple(_judged(id_, question, package.answers.get(id_)) for id_, question in card.questions.items())
    excluded = any(one.excludes for one in judged)
    score = None if excluded or any(one.mark is None for one in judged) else _score(judged, candidates)
    return Evaluation(name, judged, excluded, score)


def _judged(id_: str, question: Question, answer: Answer | None) -> Judged:
    if answer is None:
        return Judged(id_, question.indicator, None, None, "", False)
    below = question.excluded_below
    excludes = below is not None and isinstance(answer, int | float) and answer < below
    step = judge(question, answer)
    words = step.answer_ja or f"≥ {step.at_least:g}"
    return Judged(id_, question.indicator, answer, step.mark, f"< {below:g}" if excludes else words, excludes)


def _score(judged: tuple[Judged, ...], candidates: Candidates) -> float | None:
    """Return the weighted mean, over the indicators, of the mean points of each indicator's questions."""
    points, weights = candidates.points, candidates.weights
    if points is None or weights is None:
        return None
    total = 0.0
    for indicator, weight in weights.items():
        earned = [points[one.mark] for one in judged if one.indicator == indicator and one.mark is not None]
        total += weight * sum(earned) / len(earned)
    return total / sum(weights.values())


def _unmet(document: Document, candidates: Candidates, card: Scorecard) -> list[Problem]:
    """Return what does not fit the scorecard: unknown questions and answers, weights without points."""
    return [
        *itertools.chain.from_iterable(
            _answers(document, name, package, card) for name, package in candidates.packages.items()
        ),
        *_ranking(document, candidates, card),
    ]


def _answers(document: Document, name: str, package: Package, card: Scorecard) -> Iterator[Problem]:
    for id_, answer in package.answers.items():
        path = ("packages", name, "answers", id_)
        question = card.questions.get(id_)
        if question is None:
            yield problem_at(document, path, f"no question `{id_}`", expected_name(id_, card.questions))
        elif misfit := _misfit(question, answer):
            yield problem_at(document, path, *misfit)


def _ranking(document: Document, candidates: Candidates, card: Scorecard) -> Iterator[Problem]:
    points, weights = candidates.points, candidates.weights
    if (points is None) != (weights is None):
        yield problem_at(document, (), "has one of `points` and `weights`", "both, or neither")
    marks = {step.mark for question in card.questions.values() for step in question.scale}
    for mark in sorted(marks - set(points)) if points is not None else ():
        yield problem_at(document, ("points",), f"has no points for `{mark}`", "points for every mark")
    asked = {question.indicator for question in card.questions.values()}
    for indicator, weight in (weights or {}).items():
        if indicator not in asked:
            expected = expected_name(indicator, sorted(asked))
            yield problem_at(document, ("weights", indicator), f"no indicator `{indicator}`", expected)
        elif weight <= 0:
            yield problem_at(document, ("weights", indicator), f"{weight:g} weighs nothing", "a number above zero")


def _misfit(question: Question, answer: Any) -> tuple[str, str] | None:
    """Return `(problem, expected)` where an answer is not of the question's kind."""
    if question.kind == "answer":
        known = [one for step in question.scale for one in (step.answer_ja, step.answer) if one]
        return None if answer in known else (f"{answer!r} is no answer", f"one of {', '.join(known)}")
    if not isinstance(answer, int | float):
        return (f"{answer!r} is not a number", "a number")
    most = 100 if question.kind == "percentage" else float("inf")
    return None if 0 <= answer <= most else (f"{answer:g} is out of range", f"0 to {most:g}")
