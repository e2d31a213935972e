"""The plain SimPy form of `requests`: a process for each user, a Resource for each station in order of arrival."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from simulation.day.plant import Floats
from simulation.day.requests import Class, Rounds, Visited


class Shared:
    """A shared station in SimPy: whoever enters waits for an event that fires when its service is attained."""

    def __init__(self, env: simpy.Environment, station: Visited) -> None:
        """Start empty."""
        self.env, self.station = env, station
        self.left: list[tuple[list[float], simpy.Event]] = []
        self.moved_s, self.alarm = 0.0, 0

    def serve(self, needed_s: float) -> simpy.Event:
        """Return the event of having had so many seconds of service."""
        self._move()
        done = self.env.event()
        self.left.append(([needed_s], done))
        self._set()
        return done

    def _pace(self) -> float:
        return min(1.0, self.station.servers / (len(self.left) + self.station.jobs))

    def _move(self) -> None:
        if self.left:
            pace = self._pace()
            for left, _ in self.left:
                left[0] -= (self.env.now - self.moved_s) * pace
        self.moved_s = self.env.now

    def _set(self) -> None:
        self.alarm += 1
        if self.left:
            alarm = self.alarm
            next_s = max(0.0, min(left[0] for left, _ in self.left) / self._pace())
            self.env.timeout(next_s).callbacks.append(lambda _: self._ring(alarm))

    def _ring(self, alarm: int) -> None:
        if alarm != self.alarm:
            return
        self._move()
        least = min(self.left, key=lambda one: one[0][0])
        self.left.remove(least)
        least[1].succeed()
        self._set()


def plain_play(stations: Sequence[Visited], classes: Sequence[Class], rounds: Rounds) -> tuple[Floats, Floats]:
    """Return what `play` returns, by a SimPy process for each user."""
    env = simpy.Environment()
    desks = [Shared(env, one) if one.shared else simpy.Resource(env, one.servers) for one in stations]
    sent, answered = np.zeros(rounds.think_s.shape), np.zeros(rounds.think_s.shape)

    def user(number: int) -> Generator[simpy.Event, Any, None]:
        for turn, kind in enumerate(rounds.kind[number].tolist()):
            yield env.timeout(rounds.think_s[number, turn])
            sent[number, turn] = env.now
            for (there, _), needed_s in zip(
                classes[kind].visits, rounds.service_s[number, turn].tolist(), strict=False
            ):
                desk = desks[there]
                if isinstance(desk, Shared):
                    yield desk.serve(needed_s)
                    continue
                with desk.request() as place:
                    yield place
                    yield env.timeout(needed_s)
            answered[number, turn] = env.now

    for number in range(len(rounds.think_s)):
        env.process(user(number))
    env.run()
    return sent, answered
