"""One day of an estate in SimPy: hours, failures and repairs, jobs and transfers are its events.

Between two of them one compiled call (`hour.integrate`) adds what holds to the totals. A day goes from midnight to
midnight; the clock starts at the noon before, so that the night before is on its way. Interactive traffic before
midnight is left out, and so is what failed then.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Generator
from typing import Any, cast

import numpy as np
import simpy

from simulation.batch.night import Night
from simulation.compiled import compiled
from simulation.counted_draws import Keys, source_key, stream_key, uniform
from simulation.day.bulk import DAY_S, Bulk, Nights
from simulation.day.circuits import line_loads
from simulation.day.conditions import Condition, Conditions
from simulation.day.hour import integrate
from simulation.day.plant import Floats, Ints, Plant
from simulation.day.scenario import DayScenario
from simulation.day.station import station
from simulation.day.tables import Now, Totals, empty_totals, fixed_of, now_of
from simulation.demand.arrivals import HOURS
from simulation.sharing.back_off import back_offs
from simulation.sharing.transfers import Transfers

NOON_S = 43200.0
HOUR_S = 3600.0
_CALLS_WAITING = 1000
_LEAST_BPS = 1.0


class World:
    """An estate ready to play days: everything that does not change from day to day."""

    def __init__(self, plant: Plant) -> None:
        """Make what all days share."""
        self.plant = plant
        self.fixed = fixed_of(plant)
        self.conditions = Conditions(plant)
        self.nights = Nights(plant.estate)
        self.back_offs = back_offs(plant.estate.records.timers.tcp)
        best_effort = plant.demand.best_effort
        self.lines: Ints = np.array([plant.line(id_, "a") for id_ in best_effort], np.int64)
        rates = [(one.least_bps, one.likely_bps, one.most_bps) for one in best_effort.values()]
        self.line_rates: Floats = np.array(rates, dtype=float).reshape(-1, 3)
        self._keys: dict[int, tuple[Keys, Keys]] = {}

    def keys(self, seed: int) -> tuple[Keys, Keys]:
        """Return the keys of the best-effort circuits, and of the flows of each stream, under a seed."""
        if seed not in self._keys:
            lines = [source_key(seed, "best effort", id_) for id_ in self.plant.demand.best_effort]
            flows = [source_key(seed, "flows", stream.name) for stream in self.plant.streams]
            self._keys[seed] = np.array(lines, np.uint64), np.array(flows, np.uint64)
        return self._keys[seed]


@dataclasses.dataclass(frozen=True)
class DayRecord:
    """A day as it went in a replication: totals by hour, calls at the helpdesk and their wait, SimPy's events."""

    day: dt.date
    replication: int
    totals: Totals
    calls: Floats
    call_wait_s: Floats
    agents_busy: Floats
    events: int


class Environment(simpy.Environment):
    """A SimPy environment that counts its events."""

    steps = 0

    def step(self) -> None:
        """Process the next event."""
        self.steps += 1
        super().step()


class Day:
    """Plays one day of a world; `requests` and `calls` by hour are drawn by the caller, or expected."""

    def __init__(self, world: World, day: dt.date, requests: Floats, calls: Floats, *, seed: int, replication: int,
                 scenario: DayScenario | None = None) -> None:  # fmt: skip
        """Start at the noon before."""
        plant = self.plant = world.plant
        self.world, self.day, self.requests, self.calls = world, day, requests, calls
        self.seed, self.replication = seed, replication
        self.env = Environment()
        self.totals = empty_totals(plant)
        self.condition: Condition = world.conditions.of()
        self.failed: set[str] = set()
        self.now: Now = now_of(plant, self.condition)
        self._number = {machine.id: index for index, machine in enumerate(plant.machines)}
        self._integrated_s = NOON_S
        self._loads, self._through = np.zeros(len(plant.rates_bps)), np.ones(len(plant.streams))
        self._before = day - dt.timedelta(days=1)
        links = world.nights.links(self._before)
        self.bulk = Bulk(self.env, links, world.back_offs, self.integrate, self._note_bulk)
        for date, later in ((self._before, False), (day, True)):
            net, attempts = world.nights.of(date, later=later)
            night = Night(self.env, net, attempts, cast("Transfers", self.bulk))
            night.watch, night.routes = self._work, self.bulk.routes
        self.env.process(self._hours())
        for fault in scenario.faults if scenario else ():
            self.env.process(self._fault(fault.entry, fault.at_s, fault.repaired_s))

    def run(self) -> DayRecord:
        """Play the day and return its record; afterwards nothing is left of the day but that."""
        self.env.run(until=NOON_S + DAY_S)
        self.integrate()
        waits, busy = self._helpdesk()
        record = DayRecord(self.day, self.replication, self.totals, self.calls, waits, busy, self.env.steps)
        # Processes hold their day as it holds them: its tables would stay until the collector comes by, days later.
        self.__dict__.clear()
        return record

    def integrate(self) -> None:
        """Add what has held since the last event to the totals."""
        now_s = float(self.env.now)
        if now_s > self._integrated_s:
            hour = int((self._integrated_s - NOON_S) // HOUR_S)
            integrate(hour, now_s - self._integrated_s, self.world.fixed, self.now, self.totals)
            self._integrated_s = now_s

    def _hours(self) -> Generator[simpy.Event, Any, None]:
        """At each edge of the calendar other numbers come, and best-effort lines give another rate."""
        yield self.env.timeout(NOON_S)
        for hour in range(HOURS):
            self.integrate()
            self.now.rates[:] = self.requests[:, hour] / HOUR_S
            self._rate_lines(hour)
            self._spread()
            self._leave_to_bulk()
            yield self.env.timeout(HOUR_S)

    def _fault(self, entry: str, at_s: float, repaired_s: float | None) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(NOON_S + at_s)
        self._change({*self.failed, entry})
        if repaired_s is not None:
            yield self.env.timeout(repaired_s - at_s)
            self._change(self.failed - {entry})

    def _change(self, failed: set[str]) -> None:
        """Go on with other entries down: who serves, which ways are left, where transfers go."""
        self.integrate()
        self.failed = failed
        self.condition = self.world.conditions.of(failed)
        fresh = now_of(self.plant, self.condition)
        held = self.now
        self.now = fresh._replace(
            rates=held.rates, jobs=held.jobs, capacities=held.capacities, bulk_bps=held.bulk_bps,
            bulk_flows=held.bulk_flows,
        )  # fmt: skip
        self._spread()
        down = frozenset(self.plant.circuits) - self.condition.usable
        nights = self.world.nights
        self.bulk.reroute({**nights.routes(self._before, down), **nights.routes(self.day, down)})
        self._leave_to_bulk()

    def _rate_lines(self, hour: int) -> None:
        """Draw what best-effort circuits give in this hour, the same in both directions."""
        if self.replication < 0:
            return
        world = self.world
        keys, _ = world.keys(self.seed)
        rate_lines(
            keys, world.lines, world.line_rates, self.day.toordinal(), self.replication, hour, self.now.capacities
        )

    def _spread(self) -> None:
        """Let each stream's flows choose their ways; a replication below 0 stands for the expected shares."""
        if self.replication < 0:
            self.now.way_shares[:] = self.condition.even
            return
        _, keys = self.world.keys(self.seed)
        condition = self.condition
        spread_flows(keys, self.day.toordinal(), self.replication, self.now.rates * self.plant.demand.think_s,
                     condition.first, condition.after, condition.shares, self.now.way_shares)  # fmt: skip

    def _leave_to_bulk(self) -> None:
        """Give transfers what interactive traffic leaves, in the direction from the data centre."""
        line_loads(self.world.fixed, self.now, self._through, self._loads)
        for circuit, goodput in self.world.nights.goodput.items():
            line = self.plant.outward[circuit]
            usable = circuit in self.condition.usable
            # What carries nothing is away: a full circuit is not, for a segment gets through now and then.
            left_bps = max(_LEAST_BPS, self.now.capacities[line] - self._loads[line]) if usable else 0.0
            self.bulk.set_capacity(circuit, left_bps * goodput)

    def _work(self, server: str, change: int) -> None:
        """A job begins or ends on a server."""
        number = self._number.get(server)
        if number is not None:
            self.integrate()
            self.now.jobs[number] += change * self.plant.demand.job_cores

    def _note_bulk(self) -> None:
        """Note what transfers take of each circuit from now on."""
        self.integrate()
        self.now.bulk_bps[:] = 0.0
        self.now.bulk_flows[:] = 0.0
        goodput = self.world.nights.goodput
        for sending in self.bulk.on_way:
            rate_bps = self.bulk.transfers.rate_bps(sending.transfer)
            for circuit in sending.route:
                if circuit in goodput:
                    self.now.bulk_bps[self.plant.outward[circuit]] += rate_bps / goodput[circuit]
                    self.now.bulk_flows[self.plant.outward[circuit]] += 1.0

    def _helpdesk(self) -> tuple[Floats, Floats]:
        """Return the mean wait of a call (s) and the share of the agents who talk, by hour."""
        desk = self.plant.demand.helpdesk
        waits, busy = np.zeros(HOURS), np.zeros(HOURS)
        for hour in range(HOURS):
            if self.calls[hour] > 0:
                served, _, waiting, talking, _ = station(
                    self.calls[hour] / HOUR_S, 0.0, 1.0, desk.handling_s, float(desk.agents), 0.0, desk.agents,
                    desk.agents + _CALLS_WAITING,
                )  # fmt: skip
                waits[hour], busy[hour] = waiting / served, talking / desk.agents
        return waits, busy


@compiled
def triangular(number: float, least: float, likely: float, most: float) -> float:
    """Return the value of a triangular distribution at a number in [0, 1), by inversion."""
    width = most - least
    if width <= 0.0:
        return likely
    if number < (likely - least) / width:
        return float(least + np.sqrt(number * width * (likely - least)))
    return float(most - np.sqrt((1.0 - number) * width * (most - likely)))


@compiled
def rate_lines(
    keys: Keys, lines: Ints, rates: Floats, day: int, replication: int, hour: int, capacities: Floats
) -> None:
    """Write what each best-effort circuit gives in an hour (bit/s) in both directions, `lines` the first of them."""
    for row in range(len(lines)):
        number = uniform(stream_key(stream_key(keys[row], day), replication), hour)
        rate_bps = triangular(number, rates[row, 0], rates[row, 1], rates[row, 2])
        capacities[lines[row]] = rate_bps
        capacities[lines[row] + 1] = rate_bps


@compiled
def spread_flows(
    keys: Keys, day: int, replication: int, flows: Floats, first: Ints, after: Ints, shares: Floats, chosen: Floats
) -> None:
    """Write the share of a stream's flows on each way: every flow has its own number and takes one way.

    A stream has as many flows as users at work, at least one; `shares` are cumulated.
    """
    for stream in range(len(keys)):
        for direction in range(2):
            begin, end = first[stream, direction], after[stream, direction]
            if end - begin == 1:
                chosen[begin] = 1.0
            if end - begin < 2:
                continue
            chosen[begin:end] = 0.0
            count = max(1, int(flows[stream] + 0.5))
            numbers = stream_key(stream_key(keys[stream], day), replication)
            for flow in range(count):
                number = uniform(numbers, 2 * flow + direction)
                way = begin
                while way < end - 1 and number >= shares[way]:
                    way += 1
                chosen[way] += 1.0 / count
