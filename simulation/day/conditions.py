"""What works at an instant, as arrays that the hour's kernel reads: who serves each stream, over which ways.

A condition hangs on what has fallen alone, so each is reckoned once. What falls with an entry, and which services are
then lost to whom, is `topology.failures`; which ways are left is `topology.ways`, once routing has converged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

import numpy as np

from simulation.day.plant import NONE, Floats, Ints, Plant, Serving
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor
from topology.failures import WIRED
from topology.ways import Way, Ways

UP, DOWN = 0, 1
Row = tuple[tuple[int, ...], float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Condition:
    """Arrays by stream and way.

    `serves` says whether a stream is served, `applications` (streams, machines) and `databases` by whom, -1 for none.
    The ways of a stream in a direction are the rows `first[stream, direction]` to `after` of `lines`
    (numbers of circuit directions, -1 for none), `shares` (cumulated), `factors` (payload per bit), `delays` (s);
    `even` are the shares of ways when there are so many flows that hashing spreads them evenly.
    """

    fallen: frozenset[str]
    serves: Ints
    applications: Ints
    databases: Ints
    first: Ints
    after: Ints
    lines: Ints
    shares: Floats
    factors: Floats
    delays: Floats
    even: Floats
    usable: frozenset[str]


class Conditions:
    """The conditions of a plant by what fails, each made when it is first asked for."""

    def __init__(self, plant: Plant) -> None:
        """Start with none."""
        self.plant = plant
        self._known: dict[frozenset[str], Condition] = {}
        self._ways: dict[frozenset[str], Ways] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out, when they are handed to a worker, the routers as they are joined: made anew if need be."""
        return {**self.__dict__, "_ways": {}}

    def of(self, failed: Collection[str] = ()) -> Condition:
        """Return the condition when these entries fail together; raises KeyError for what is no entry."""
        key = frozenset(failed)
        if key not in self._known:
            self._known[key] = self._make(key)
        return self._known[key]

    def _make(self, failed: frozenset[str]) -> Condition:
        impact = self.plant.failures.impact(sorted(failed))
        fallen = failed | frozenset(impact.falls)
        lost = {*impact.lost, *impact.designed_lost}
        wired = frozenset(id_ for section, _, id_ in (path.partition(".") for path in fallen) if section in WIRED)
        streams = self.plant.streams
        widest = max([1, *(len(one.applications) for one in self.plant.serving)])
        serves = np.zeros(len(streams), np.int64)
        applications: Ints = np.full((len(streams), widest), NONE, np.int64)
        databases: Ints = np.full(len(streams), NONE, np.int64)
        first, after = np.zeros((len(streams), 2), np.int64), np.zeros((len(streams), 2), np.int64)
        rows: list[Row] = []
        for number, (stream, serving) in enumerate(zip(streams, self.plant.serving, strict=True)):
            running = [name for name in serving.applications if self._runs(name, fallen)]
            stores = [name for name in serving.databases if self._runs(name, fallen)]
            chosen = running if serving.all_active else running[:1]
            applications[number, : len(chosen)] = chosen
            databases[number] = stores[0] if stores else NONE
            reached = self._add_ways(serving, wired, rows, first[number], after[number])
            whole = bool(chosen) and (bool(stores) or not serving.databases)
            serves[number] = whole and reached and (serving.service, stream.city) not in lost
        lines: Ints = np.full((max(1, len(rows)), max([1, *(len(row[0]) for row in rows)])), NONE, np.int64)
        for index, row in enumerate(rows):
            lines[index, : len(row[0])] = row[0]
        columns = [np.array([row[column] for row in rows] or [0.0]) for column in (1, 2, 3, 4)]
        usable = self._usable(fallen)
        return Condition(
            fallen,
            serves,
            applications,
            databases,
            first,
            after,
            lines,
            columns[0],
            columns[1],
            columns[2],
            columns[3],
            usable,
        )

    def _runs(self, machine: int, fallen: frozenset[str]) -> bool:
        return self.plant.machines[machine].path not in fallen

    def _add_ways(
        self, serving: Serving, wired: frozenset[str], rows: list[Row],
        first: Ints, after: Ints,
    ) -> bool:  # fmt: skip
        """Add the ways of a stream in both directions; return whether there are some, or none are needed."""
        reached = True
        for direction, ends in (
            (UP, (serving.users_at, serving.served_at)),
            (DOWN, (serving.served_at, serving.users_at)),
        ):
            first[direction] = after[direction] = len(rows)
            if ends[0] is None or ends[1] is None:
                continue
            found = self._between(ends[0], ends[1], wired)
            reached &= bool(found)
            share = 0.0
            for way in found:
                share += way.share
                numbers = tuple(self.plant.line(circuit, end) for circuit, end in way.lines)
                rows.append((numbers, share, self._factor(way), self._delay_s(way), way.share))
            after[direction] = len(rows)
        return reached

    def _between(self, source: str, destination: str, wired: frozenset[str]) -> tuple[Way, ...]:
        if wired not in self._ways:
            self._ways[wired] = Ways(self.plant.network, wired)
        return self._ways[wired].between(source, destination)

    def _factor(self, way: Way) -> float:
        """Return the payload per bit of a way, as a wire counts: the least of its circuits and tunnels."""
        records = self.plant.estate.records
        factors = [1.0]
        for circuit, _ in way.lines:
            line = records.circuits[circuit]
            factors.append(goodput_factor(line.mtu, pppoe=line.encapsulation == "pppoe"))
        for name in way.tunnels:
            tunnel = self.plant.network.tunnels[name]
            profile = records.encryption.tunnel_profiles[tunnel.profile]
            lines = [records.circuits[circuit] for circuit, _ in way.lines if circuit in tunnel.segments]
            factors.append(
                tunnel_goodput_factor(
                    min((line.mtu for line in lines), default=1500),
                    udp_encapsulation=profile.udp_encapsulation,
                    pppoe=any(line.encapsulation == "pppoe" for line in lines),
                    largest_packet=profile.largest_packet,
                )
            )
        return min(factors)

    def _delay_s(self, way: Way) -> float:
        return sum(self.plant.estate.records.circuits[circuit].delay_s for circuit, _ in way.lines)

    def _usable(self, fallen: frozenset[str]) -> frozenset[str]:
        """Return the circuits that are whole and have a router that runs at each end that is a site."""
        found = set()
        for id_ in self.plant.circuits:
            ports = self.plant.network.members(id_)
            ends = {port.end for port in ports}
            living = {port.end for port in ports if f"devices.{port.node}" not in fallen}
            if f"circuits.{id_}" not in fallen and living == ends:
                found.add(id_)
        return frozenset(found)
