"""What can go wrong in this package, by kind. Leaves printing to the command line."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.problems import Problem


class SimulationError(Exception):
    """The root of every error that this package raises."""


class ScenarioNotFound(SimulationError):
    """No scenario of that name or path exists."""


class ScenarioInvalid(SimulationError):
    """The scenario has problems; all of them are in `problems`, in the order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted and without repetitions."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SweepInvalid(ScenarioInvalid):
    """The file of a sweep has problems; all of them are in `problems`, in the order of lines."""


class PromiseUnusable(SimulationError):
    """A promise names something that the estate or the scenarios do not have."""


class EstateLacks(SimulationError):
    """The estate does not state what the question is about; the message names the section to write."""


class TooFewSamples(SimulationError):
    """A run is too short for the interval that was asked of it."""


class MechanismInvalid(SimulationError):
    """A mechanism was given figures that mean nothing; all of them are in `problems`."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in the order in which they were found."""
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(self.problems))


class Overloaded(SimulationError):
    """More comes than can ever be served: there is no steady state to speak of."""


class QuestionInvalid(SimulationError):
    """A question is of no kind that is known, or a part of it is unknown or missing."""


class NotComparable(SimulationError):
    """Two answers answer different questions."""


class NothingFound(SimulationError):
    """A search ended without a value: the condition holds nowhere in the range, or everywhere."""


class AnswerUnreadable(SimulationError):
    """A document is not an answer that this project wrote."""


class WorkersUnavailable(SimulationError):
    """The workers that were asked for cannot be had."""


class DayUnusable(SimulationError):
    """A day that is none, or of a year whose holidays are not known."""
