"""The plain SimPy form of `life`: a process for each component, cause and maintenance window."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from simulation.availability.components import CommonCause, Component, Maintenance, System
from simulation.availability.hours import Hours
from simulation.availability.life import repair_time
from simulation.availability.service_hours import service_end
from simulation.counted_draws import exponential, source_key, stream_key, uniform


class PlainLife:
    """One life of a system; after `run` the fields `away` (h, services × denominators) and `outages` tell of it."""

    def __init__(self, system: System, hours: Sequence[Hours], seed: int, number: int, warm_up_h: float) -> None:
        """Start all processes."""
        self.system = system
        self.hours = hours
        self.warm_up_h = warm_up_h
        self.env = simpy.Environment()
        self.away = np.zeros((len(system.services), len(hours)))
        self.outages = np.zeros(len(system.services), np.int64)
        self._up = dict.fromkeys(system.names, True)
        self._off = dict.fromkeys(system.names, 0)
        self._since_h: list[float | None] = [None] * len(system.services)
        self._crews = {crew: simpy.Resource(self.env, count) for crew, count in system.crews.items()}
        self._process = {
            component.name: self.env.process(self._live(component, _Stream(seed, "component", component.name, number)))
            for component in system.components
        }
        for cause in system.causes:
            self.env.process(self._strike(cause, _Stream(seed, "cause", cause.name, number)))
        for window in system.maintenance:
            self.env.process(self._maintain(window))

    def run(self, horizon_h: float) -> None:
        """Live through the warm-up and so many hours."""
        end_h = self.warm_up_h + horizon_h
        self.env.run(until=end_h)
        for service, since_h in enumerate(self._since_h):
            if since_h is not None:
                self._add(service, since_h, end_h)

    def _live(self, component: Component, stream: _Stream) -> Generator[simpy.Event, Any, None]:
        name = component.name
        while True:
            time_h = stream.exponential(component.mtbf_h)
            try:
                yield self.env.timeout(time_h) if time_h < np.inf else self.env.event()
                self._up[name] = False
            except simpy.Interrupt:
                pass  # another made it fail
            self._judge()
            for tie in self.system.follows:
                if tie.of == name and stream.meets(tie.chance):
                    self._hit(tie.then)
            if component.crew is None:
                yield self._repair(component, stream)
            else:
                with self._crews[component.crew].request() as turn:
                    yield turn
                    yield self._repair(component, stream)
            self._up[name] = True
            self._judge()

    def _repair(self, component: Component, stream: _Stream) -> simpy.Event:
        """Return the event of a repair's end, which the hours of service of the crew put off."""
        work_h, kept, now_h = stream.repair_time(component), component.service, float(self.env.now)
        if kept is None:
            return self.env.timeout(work_h)
        return self.env.timeout(service_end(now_h, work_h, kept.opens_h, kept.closes_h, kept.days) - now_h)

    def _strike(self, cause: CommonCause, stream: _Stream) -> Generator[simpy.Event, Any, None]:
        while True:
            yield self.env.timeout(stream.exponential(cause.mean_between_h))
            for name, chance in cause.hits.items():
                if stream.meets(chance):
                    self._hit(name)

    def _maintain(self, window: Maintenance) -> Generator[simpy.Event, Any, None]:
        turn = 0
        while True:
            begin_h = window.first_h + turn * window.every_h
            yield self.env.timeout(begin_h - self.env.now)
            self._off[window.component] += 1
            self._judge()
            yield self.env.timeout(window.lasts_h)
            self._off[window.component] -= 1
            self._judge()
            turn += 1

    def _hit(self, name: str) -> None:
        """Make a component fail that works; its process goes on at this instant."""
        if self._up[name]:
            self._up[name] = False
            self._process[name].interrupt()

    def _judge(self) -> None:
        """Note which services went away or came back."""
        working = {name: self._up[name] and not self._off[name] for name in self._up}
        for service, need in enumerate(self.system.services.values()):
            there, since_h = need.met(working), self._since_h[service]
            if there and since_h is not None:
                self._add(service, since_h, self.env.now)
                self._since_h[service] = None
            elif not there and since_h is None:
                self._since_h[service] = self.env.now
                self.outages[service] += self.env.now >= self.warm_up_h

    def _add(self, service: int, begin_h: float, end_h: float) -> None:
        begin_h, end_h = max(begin_h, self.warm_up_h) - self.warm_up_h, end_h - self.warm_up_h
        if end_h > 0:
            for which, one in enumerate(self.hours):
                self.away[service, which] += one.within(end_h) - one.within(begin_h)


class _Stream:
    """The numbers of one source in one life, in order."""

    def __init__(self, seed: int, kind: str, name: str, life: int) -> None:
        self._key = np.uint64(stream_key(source_key(seed, kind, name), life))
        self._drawn = 0

    def exponential(self, mean_h: float) -> float:
        """Return the next exponential time (h)."""
        self._drawn += 1
        return exponential(self._key, self._drawn - 1, mean_h)

    def repair_time(self, component: Component) -> float:
        """Return the next repair time (h) of a component."""
        self._drawn += 2
        return repair_time(self._key, self._drawn - 2, component.mttr_h, component.repair_scv)

    def meets(self, chance: float) -> bool:
        """Whether the next number falls below a chance."""
        self._drawn += 1
        return uniform(self._key, self._drawn - 1) < chance
