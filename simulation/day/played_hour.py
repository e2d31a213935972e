"""What holds at an instant, turned into stations and classes that `requests` plays request by request.

Users of all streams that wait for answers; messages between servers and limits of places are left out, and so is the
constant delay of circuits.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from simulation.day.plant import NONE, Plant
from simulation.day.requests import Class, Visited
from simulation.day.tables import Fixed, Now


@dataclasses.dataclass(frozen=True)
class PlayedHour:
    """Stations and classes, the stream of each class, and how many users there are."""

    stations: tuple[Visited, ...]
    classes: tuple[Class, ...]
    streams: tuple[int, ...]
    users: int


def played_hour(plant: Plant, fixed: Fixed, now: Now) -> PlayedHour:
    """Return the stations of an instant: cores and disks of each machine, each direction of a circuit."""
    cores = [
        Visited(int(machine.cores), True, float(jobs)) for machine, jobs in zip(plant.machines, now.jobs, strict=True)
    ]
    disks = [Visited(machine.disks, False) for machine in plant.machines]
    lines = [Visited(1, True, float(flows)) for flows in now.bulk_flows]
    found = [(number, one) for number in range(len(plant.streams)) for one in _classes(number, len(cores), fixed, now)]
    users = 0.0
    for _, one in found:
        users += one.share * (fixed.think_s + sum(seconds for _, seconds in one.visits))
    return PlayedHour(
        (*cores, *disks, *lines),
        tuple(one for _, one in found),
        tuple(number for number, _ in found),
        round(users),
    )


def _classes(stream: int, machines: int, fixed: Fixed, now: Now) -> Iterator[Class]:
    """Yield a class for each server and pair of ways of a stream, its share as requests a second."""
    rate = float(now.rates[stream]) * int(now.serves[stream])
    if rate <= 0 or not fixed.thinks[stream]:
        return
    database = int(now.databases[stream])
    servers = [int(machine) for machine in now.applications[stream] if machine != NONE]
    for server in servers:
        disk = database if database != NONE else server
        inner = [(server, float(fixed.application_s[stream])), (disk, float(fixed.database_s[stream]))]
        operation = (machines + disk, float(fixed.operation_s[disk]))
        inner += [operation] * round(float(fixed.operations[stream]))
        for up_share, up in _ways(stream, 0, 2 * machines, fixed, now):
            for down_share, down in _ways(stream, 1, 2 * machines, fixed, now):
                visits = tuple(visit for visit in (*up, *inner, *down) if visit[1] > 0)
                yield Class(rate / len(servers) * up_share * down_share, visits)


def _ways(
    stream: int, direction: int, first_line: int, fixed: Fixed, now: Now
) -> Iterator[tuple[float, list[tuple[int, float]]]]:
    """Yield the ways of a stream in a direction: their share, and the time of its bits on each line alone (s)."""
    begin, end = int(now.first[stream, direction]), int(now.after[stream, direction])
    if begin == end:
        yield 1.0, []
    bits = float(fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream])
    for way in range(begin, end):
        lines = [int(line) for line in now.lines[way] if line != NONE]
        seconds = [(first_line + line, bits / float(now.factors[way] * now.capacities[line])) for line in lines]
        if now.way_shares[way] > 0:
            yield float(now.way_shares[way]), seconds
