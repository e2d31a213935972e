"""What the hour's kernel reads and writes, as named tuples of arrays: the plant's figures, what holds now, the totals.

Names of axes: s streams, m machines, l directions of circuits, w ways, h hours. Leaves the reckoning to `hour`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.day.conditions import Condition
from simulation.day.plant import Floats, Ints, Plant

CORES, DISKS = 0, 1
"""The stations of a machine that work."""
STRETCH, WAIT, REFUSED, BUSY = 0, 1, 2, 3
"""What it shows: time per second of service, wait for a turn (s), share refused, servers in use."""
PARTS = ("network", "waiting", "application", "database", "disk")


class Fixed(NamedTuple):
    """Figures of a plant: demands by stream (s, bits, operations), stations by machine, and the estate's own rates."""

    application_s: Floats
    database_s: Floats
    operations: Floats
    up_bits: Floats
    down_bits: Floats
    thinks: Ints
    cores: Floats
    at_once: Ints
    backlog: Ints
    disks: Floats
    operation_s: Floats
    think_s: float
    scv: float
    round_trips: float


class Now(NamedTuple):
    """What holds between two events.

    Rates by stream (1/s), share of each way (w), cores that batch jobs keep busy (m), rate of each direction of a
    circuit and what bulk transfers take of it (bit/s, l), how many of these cross it (l), and the condition's arrays.
    """

    rates: Floats
    way_shares: Floats
    jobs: Floats
    capacities: Floats
    bulk_bps: Floats
    bulk_flows: Floats
    serves: Ints
    applications: Ints
    databases: Ints
    first: Ints
    after: Ints
    lines: Ints
    factors: Floats
    delays: Floats


class Totals(NamedTuple):
    """Sums over a day by hour.

    Requests served, refused and lost (s, h); seconds of their responses by part (parts, s, h); seconds times use of
    cores, disks and places (m, h); bits carried, of these in bulk, and bits that could have been carried (l, h).
    """

    served: Floats
    refused: Floats
    lost: Floats
    asked: Floats
    response: Floats
    busy: Floats
    disk: Floats
    places: Floats
    bits: Floats
    bulk: Floats
    room: Floats


def fixed_of(plant: Plant) -> Fixed:
    """Return the figures of a plant."""
    asked = [stream.asked for stream in plant.streams]
    machines = plant.machines

    def floats(values: list[float]) -> Floats:
        return np.array(values, dtype=float)

    return Fixed(
        application_s=floats([one.application_cpu_s for one in asked]),
        database_s=floats([one.database_cpu_s for one in asked]),
        operations=floats([one.disk_operations for one in asked]),
        up_bits=floats([one.up_bytes * 8 for one in asked]),
        down_bits=floats([one.down_bytes * 8 for one in asked]),
        thinks=np.array([stream.thinks for stream in plant.streams], np.int64),
        cores=floats([one.cores for one in machines]),
        at_once=np.array([one.at_once for one in machines], np.int64),
        backlog=np.array([one.backlog for one in machines], np.int64),
        disks=floats([one.disks for one in machines]),
        operation_s=floats([one.disk_operation_s for one in machines]),
        think_s=plant.demand.think_s,
        scv=plant.demand.service_scv,
        round_trips=float(plant.demand.round_trips),
    )


def now_of(plant: Plant, condition: Condition) -> Now:
    """Return an instant at which nothing is asked and all circuits of the condition have their rate."""
    count, directions = len(plant.machines), len(plant.rates_bps)
    return Now(
        np.zeros(len(plant.streams)), condition.even.copy(), np.zeros(count), plant.rates_bps.copy(),
        np.zeros(directions), np.zeros(directions), condition.serves, condition.applications, condition.databases,
        condition.first, condition.after, condition.lines, condition.factors, condition.delays,
    )  # fmt: skip


def empty_totals(plant: Plant, hours: int = 24) -> Totals:
    """Return totals of nothing yet."""
    streams, machines, directions = len(plant.streams), len(plant.machines), len(plant.rates_bps)
    rows = {"response": (len(PARTS), streams), "busy": (machines,), "disk": (machines,), "places": (machines,)}
    rows |= dict.fromkeys(("bits", "bulk", "room"), (directions,))
    return Totals._make(np.zeros((*rows.get(name, (streams,)), hours)) for name in Totals._fields)
