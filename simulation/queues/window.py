"""A station through hours of changing load, driven by SimPy: between two changes one compiled call serves all requests.

The instants at which something changes (the load by the hour, the cores of a server that fails) are SimPy events; the
requests between them are none. Arrivals are Poisson with the rate of their window.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from simulation.errors import MechanismInvalid
from simulation.queues.load import Floats, ServiceLaw, poisson_arrivals
from simulation.queues.processor_sharing import ProcessorSharing


@dataclasses.dataclass(frozen=True)
class Window:
    """From an instant on (s): so many arrivals a second, at a station with so many cores."""

    begin_s: float
    rate_per_s: float
    cores: float


@dataclasses.dataclass(frozen=True)
class WindowRecord:
    """A window: how many arrived and ended, mean and 95th percentile of their response (s), how many are left."""

    begin_s: float
    end_s: float
    arrived: int
    ended: int
    mean_response_s: float
    response_95_s: float
    left_inside: int


class Observation:
    """A station with shared cores under a profile of windows, until an instant; `records` fills as SimPy runs."""

    def __init__(
        self,
        env: simpy.Environment,
        law: ServiceLaw,
        windows: Sequence[Window],
        until_s: float,
        generator: np.random.Generator,
        *,
        threads: int | None = None,
    ) -> None:
        """Check the windows and start the process; raises MechanismInvalid."""
        problems = [] if windows else ["no window, expected at least one"]
        edges = [*(window.begin_s for window in windows), until_s]
        for begin_s, end_s in itertools.pairwise(edges):
            if not begin_s < end_s:
                problems.append(f"a window from {begin_s} s to {end_s} s has no length, expected a later end")
        if windows and windows[0].begin_s < env.now:
            problems.append(f"the first window begins at {windows[0].begin_s} s, expected {env.now} s or later")
        problems += [
            f"the window at {window.begin_s} s has {window.rate_per_s} arrivals a second, expected 0 or more"
            for window in windows
            if not 0 <= window.rate_per_s < float("inf")
        ]
        if problems:
            raise MechanismInvalid(problems)
        self.env = env
        self.law = law
        self.records: list[WindowRecord] = []
        self._station = ProcessorSharing(windows[0].cores, threads)
        self._generator = generator
        self._open: Floats = np.zeros(0)
        self._first_open = 0
        self._windows = tuple(zip(windows, edges[1:], strict=True))
        env.process(self._run())

    def _run(self) -> Generator[simpy.Event, Any, None]:
        for window, end_s in self._windows:
            yield self.env.timeout(window.begin_s - self.env.now)
            self._station.set_cores(window.cores)
            self._serve(window, end_s)
        yield self.env.timeout(self._windows[-1][1] - self.env.now)

    def _serve(self, window: Window, end_s: float) -> None:
        """Serve all that arrives in a window and record what ended in it."""
        arrivals_s = self._arrivals(window, end_s)
        numbers, ends_s = self._station.serve(arrivals_s, self.law.draw(self._generator, len(arrivals_s)), end_s)
        self._open = np.concatenate([self._open, arrivals_s])
        responses_s = ends_s - self._open[numbers - self._first_open]
        self.records.append(
            WindowRecord(
                window.begin_s, end_s, len(arrivals_s), len(ends_s),
                float(responses_s.mean()) if len(responses_s) else float("nan"),
                float(np.quantile(responses_s, 0.95)) if len(responses_s) else float("nan"),
                self._station.inside,
            )
        )  # fmt: skip
        self._forget(numbers)

    def _arrivals(self, window: Window, end_s: float) -> Floats:
        """Return the arrivals of a window: exponential gaps, cut at its end, as a Poisson process has no memory."""
        if window.rate_per_s == 0:
            return np.zeros(0)
        parts: list[Floats] = []
        reached_s = window.begin_s
        while reached_s < end_s:
            expected = window.rate_per_s * (end_s - reached_s)
            parts.append(poisson_arrivals(self._generator, window.rate_per_s, int(expected * 1.05) + 16, reached_s))
            reached_s = float(parts[-1][-1])
        arrivals_s = np.concatenate(parts)
        return arrivals_s[: int(np.searchsorted(arrivals_s, end_s))]

    def _forget(self, ended: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Keep the arrival instants of those inside only, as far as all before them have ended."""
        open_ = np.ones(len(self._open), dtype=bool)
        open_[ended - self._first_open] = False
        open_ &= ~np.isnan(self._open)
        self._open[~open_] = np.nan
        first = int(np.argmax(open_)) if open_.any() else len(open_)
        self._open = self._open[first:]
        self._first_open += first
