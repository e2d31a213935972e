"""Transfers by TCP over circuits that fail: with the path away a connection stalls, and it notices the repair late.

It sends again after its timer, and doubles the timer each time in vain: what stalled goes on with the first attempt
after the path is back, and breaks when all are used up. The longer the outage, the longer the idle time after it.
Sources: RFC 6298, sections 2 and 5 (timer, doubling, 1 s before the path is known); Linux, tcp(7): the
timer is 200 ms or more and 120 s at most, 15 attempts for data (`tcp_retries2`), 6 for opening (`tcp_syn_retries`).
Slow start after a stall is left out.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence

import simpy

from simulation.errors import MechanismInvalid
from simulation.sharing.links import Links
from simulation.sharing.transfers import Transfer, Transfers

_WAITING = "waits for its timer"


@dataclasses.dataclass(frozen=True)
class BackOff:
    """How long a sender waits (s) before it sends again: at first, at most; and how often it tries before it breaks."""

    first_s: float = 0.2
    longest_s: float = 120.0
    attempts: int = 15

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.first_s <= self.longest_s < math.inf:
            problems.append(
                f"timers of {self.first_s} s at first and {self.longest_s} s at most, expected more than 0, in order"
            )
        if self.attempts < 1:
            problems.append(f"{self.attempts} attempts, expected at least 1")
        if problems:
            raise MechanismInvalid(problems)

    @property
    def breaks_s(self) -> float:
        """How long after the path went away the connection breaks: when the timer of the last attempt is over (s)."""
        *_, last_s = self._timers_s()
        return last_s

    def goes_on_s(self, away_s: float) -> float:
        """Return how long after the path went away, for `away_s`, the sender goes on; infinite where it broke (s)."""
        if away_s <= 0:
            return 0.0
        *attempts_s, _ = self._timers_s()
        return next((attempt_s for attempt_s in attempts_s if attempt_s >= away_s), math.inf)

    def _timers_s(self) -> Iterator[float]:
        """Yield when each timer is over: at all but the last the sender tries again (s)."""
        over_s, timer_s = 0.0, self.first_s
        for _ in range(self.attempts + 1):
            over_s += timer_s
            yield over_s
            timer_s = min(2 * timer_s, self.longest_s)


DATA = BackOff()
OPENING = BackOff(first_s=1.0, attempts=6)


@dataclasses.dataclass
class _Course:
    """Where a connection goes, and since when its path has been away (s; None: it is there)."""

    route: tuple[str, ...]
    since_s: float | None = None


class Connections(Transfers):
    """As `Transfers`, with stalls: a capacity of 0 takes the path away. `broken` lists what gave up; it never ends."""

    def __init__(
        self, env: simpy.Environment, links: Links, back_off: BackOff = DATA, opening: BackOff = OPENING
    ) -> None:
        """Start with none; `opening` is for connections that begin while their path is away."""
        # Whoever waits for its timer crosses a link that carries nothing.
        super().__init__(env, Links({**dict(zip(links.names, links.capacities_bps, strict=True)), _WAITING: 0.0}))
        self.back_off = back_off
        self.opening = opening
        self.broken: list[Transfer] = []
        self._capacity_bps = dict(zip(links.names, links.capacities_bps, strict=True))
        self._courses: dict[Transfer, _Course] = {}

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> Transfer:
        """Begin a transfer now, or with the first attempt after its path is back."""
        transfer = super().send(name, size_bytes, route, goodput_factor=goodput_factor, weight=weight)
        self._courses[transfer] = _Course(tuple(route))
        transfer.done.callbacks.append(lambda _: self._forget(transfer))
        self._review(transfer, self.opening)
        return transfer

    def set_capacity(self, link: str, rate_bps: float) -> None:
        """Give a link another capacity from now on; 0 takes it away."""
        super().set_capacity(link, rate_bps)
        self._capacity_bps[link] = rate_bps
        for transfer, course in list(self._courses.items()):
            if link in course.route:
                self._review(transfer, self.back_off)

    def reroute(self, transfer: Transfer, route: Sequence[str]) -> None:
        """Move a connection to another path; one that stalls goes on there with its next attempt."""
        super().reroute(transfer, route)
        course = self._courses[transfer]
        course.route = tuple(route)
        if course.since_s is not None:
            super().reroute(transfer, [*route, _WAITING])
        self._review(transfer, self.back_off)

    def _review(self, transfer: Transfer, back_off: BackOff) -> None:
        """Stall a connection whose path went away; where it is back, let the next attempt find it."""
        course, now_s = self._courses[transfer], float(self.env.now)
        if not self._there(course):
            if course.since_s is None:
                course.since_s = now_s
                super().reroute(transfer, [*course.route, _WAITING])
                self._later(back_off.breaks_s, lambda: self._break(transfer, now_s))
        elif course.since_s is not None:
            since_s, away_s = course.since_s, now_s - course.since_s
            goes_on_s = back_off.goes_on_s(away_s)
            if goes_on_s < math.inf:
                self._later(goes_on_s - away_s, lambda: self._go_on(transfer, since_s))

    def _go_on(self, transfer: Transfer, since_s: float) -> None:
        """Send on, if it is still the same stall and the path is there."""
        course = self._courses.get(transfer)
        if course is not None and course.since_s == since_s and self._there(course):
            course.since_s = None
            super().reroute(transfer, course.route)

    def _break(self, transfer: Transfer, since_s: float) -> None:
        course = self._courses.get(transfer)
        if course is not None and course.since_s == since_s:
            del self._courses[transfer]
            self.abort(transfer)
            self.broken.append(transfer)

    def _forget(self, transfer: Transfer) -> None:
        del self._courses[transfer]

    def _there(self, course: _Course) -> bool:
        return all(self._capacity_bps[link] > 0 for link in course.route)

    def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        """Call something after a time (s)."""
        self.env.timeout(delay_s).callbacks.append(lambda _: act())
