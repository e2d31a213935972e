"""From one event to the next: the state that load, servers and circuits settle to, added to the day's totals.

One compiled call for each interval. Every machine is three stations: its cores (shared, with batch jobs beside), its
disks, and its places (threads of an application server, connections of a database), which a request holds while what
comes after it works. Users think, ask and wait: each station meets users who are away for as long as they think and
are elsewhere, and what is slow elsewhere keeps them away for longer. Solved station by station until nothing moves
(the station itself exactly, see `station`; one station alone is mean value analysis). Circuits are stations too.
Nothing grows without end: what is too slow holds its users back. An interval counts as steady: an hour is long against
a response.
"""

from __future__ import annotations

import numpy as np

from simulation.compiled import bare, compiled
from simulation.day.circuits import common_shares, line_loads, on_the_way_s, share_lines
from simulation.day.places import hold_places
from simulation.day.plant import NONE, Floats
from simulation.day.station import AWAY, CLOSED, OPEN, USERS, WORK, station, visit
from simulation.day.tables import BUSY, CORES, DISKS, REFUSED, STRETCH, WAIT, Fixed, Now, Totals

PASSES = 12
MOVED = 1e-3


@compiled
def integrate(hour: int, duration_s: float, fixed: Fixed, now: Now, totals: Totals) -> None:
    """Add `duration_s` of what holds now to an hour of the totals."""
    streams, machines, directions = len(now.rates), len(now.jobs), len(now.capacities)
    loads, slow, passed = np.zeros(directions), np.ones(directions), np.ones(streams)
    bare_s, parts_s = np.zeros(streams), np.zeros((5, streams))
    common = common_shares(fixed, now)
    for stream in range(streams):
        bare_s[stream] = on_the_way_s(fixed, now, slow, common, stream) + alone_s(fixed, now, stream)
    actual_s = bare_s.copy()
    figures, asked = np.zeros((2, machines, 5)), np.zeros((2, machines, 5))
    places, waits_s = np.zeros(machines), np.zeros(machines)
    for _ in range(PASSES):
        collect(fixed, now, bare_s, actual_s, passed, asked)
        solve(fixed, now, asked, figures)
        share_lines(fixed, now, bare_s, actual_s, passed, slow)
        hold_places(fixed, now, figures, passed, places, waits_s)
        if respond(fixed, now, slow, common, figures, waits_s, bare_s, parts_s, actual_s, passed) < MOVED:
            break
    line_loads(fixed, now, passed, loads)
    add(hour, duration_s, now, totals, parts_s, passed, figures)
    for machine in range(machines):
        totals.busy[machine, hour] += duration_s * figures[CORES, machine, BUSY] / max(fixed.cores[machine], 1e-9)
        totals.disk[machine, hour] += duration_s * figures[DISKS, machine, BUSY] / max(fixed.disks[machine], 1e-9)
        totals.places[machine, hour] += duration_s * places[machine] / fixed.at_once[machine]
    for line in range(directions):
        totals.bits[line, hour] += duration_s * (loads[line] + now.bulk_bps[line])
        totals.bulk[line, hour] += duration_s * now.bulk_bps[line]
        totals.room[line, hour] += duration_s * now.capacities[line]


@bare
def disk_of(now: Now, stream: int) -> int:
    """Return the machine whose disks a stream uses: its database, else its first application server."""
    database = now.databases[stream]
    return int(database if database != NONE else now.applications[stream, 0])


@bare
def alone_s(fixed: Fixed, now: Now, stream: int) -> float:
    """Return the time of a request at the servers when it is alone there (s)."""
    disk = disk_of(now, stream)
    operations_s = fixed.operations[stream] * fixed.operation_s[disk] if disk != NONE else 0.0
    return float(fixed.application_s[stream] + fixed.database_s[stream] + operations_s)


@bare
def collect(fixed: Fixed, now: Now, bare_s: Floats, actual_s: Floats, passed: Floats, asked: Floats) -> None:
    """Write what is asked of the cores and disks of each machine.

    Visits a second without and with a waiting user, users in their round, work, and the users' rounds as they are.
    """
    asked[:] = 0.0
    for stream in range(len(now.rates)):
        rate = now.rates[stream] * now.serves[stream]
        if rate <= 0.0:
            continue
        count = 0
        for machine in now.applications[stream]:
            count += machine != NONE
        database, disk = now.databases[stream], disk_of(now, stream)
        own_s = fixed.application_s[stream] + (fixed.database_s[stream] if database == NONE else 0.0)
        round_s, away_s = fixed.think_s + bare_s[stream], fixed.think_s + actual_s[stream]
        thinks, through = fixed.thinks[stream], passed[stream]
        for place in range(count):
            visit(asked[CORES, now.applications[stream, place]], rate / count, own_s, round_s, away_s, thinks, through)
        if database != NONE:
            visit(asked[CORES, database], rate, fixed.database_s[stream], round_s, away_s, thinks, through)
        operations_s = fixed.operations[stream] * fixed.operation_s[disk]
        if operations_s > 0.0:
            visit(asked[DISKS, disk], rate, operations_s, round_s, away_s, thinks, through)


@bare
def solve(fixed: Fixed, now: Now, asked: Floats, figures: Floats) -> None:
    """Write the figures of the cores and disks of each machine; they know what the last pass found of themselves."""
    for kind in range(2):
        for machine in range(len(now.jobs)):
            before = figures[kind, machine, STRETCH]
            before_wait_s = figures[kind, machine, WAIT]
            jobs = now.jobs[machine] if kind == CORES else 0.0
            servers = fixed.cores[machine] if kind == CORES else fixed.disks[machine]
            figures[kind, machine] = 0.0
            figures[kind, machine, STRETCH] = 1.0
            figures[kind, machine, BUSY] = min(servers, jobs)
            visits = asked[kind, machine, OPEN] + asked[kind, machine, CLOSED]
            if visits <= 0.0 or asked[kind, machine, WORK] <= 0.0:
                continue
            service_s = asked[kind, machine, WORK] / visits
            users, away_s = asked[kind, machine, USERS], 1.0
            if users > 0.0:
                here_s = service_s * max(1.0, before) + before_wait_s
                away_s = max(asked[kind, machine, AWAY] / asked[kind, machine, CLOSED] - here_s, 1e-6)
            served, inside, waiting, busy, refused = station(
                asked[kind, machine, OPEN], users, away_s, service_s, servers, jobs,
                fixed.at_once[machine], fixed.at_once[machine] + fixed.backlog[machine],
            )  # fmt: skip
            figures[kind, machine, BUSY] = busy
            if served > 0.0:
                figures[kind, machine, STRETCH] = inside / (served * service_s)
                figures[kind, machine, WAIT] = waiting / served * (1.0 + fixed.scv) / 2.0
            figures[kind, machine, REFUSED] = refused / (served + refused) if served + refused > 0.0 else 1.0


@bare
def respond(
    fixed: Fixed, now: Now, slow: Floats, common: Floats, figures: Floats, waits_s: Floats, bare_s: Floats,
    parts_s: Floats, actual_s: Floats, passed: Floats,
) -> float:  # fmt: skip
    """Write the parts of each stream's response and how much of it gets through; return the largest change."""
    moved = 0.0
    for stream in range(len(now.rates)):
        if now.rates[stream] * now.serves[stream] <= 0.0:
            continue
        database, disk = now.databases[stream], disk_of(now, stream)
        count, stretch, wait_s, refused = 0, 0.0, 0.0, 0.0
        for machine in now.applications[stream]:
            if machine != NONE:
                count += 1
                stretch += figures[CORES, machine, STRETCH]
                wait_s += figures[CORES, machine, WAIT] + waits_s[machine]
                refused += figures[CORES, machine, REFUSED]
        stretch, wait_s, refused = stretch / count, wait_s / count, refused / count
        at_database = stretch
        if database != NONE:
            at_database = figures[CORES, database, STRETCH]
            wait_s += figures[CORES, database, WAIT] + waits_s[database]
            refused = max(refused, figures[CORES, database, REFUSED])
        wait_s += figures[DISKS, disk, WAIT]
        refused = max(refused, figures[DISKS, disk, REFUSED])
        parts_s[0, stream] = on_the_way_s(fixed, now, slow, common, stream)
        parts_s[1, stream] = wait_s
        parts_s[2, stream] = fixed.application_s[stream] * stretch
        parts_s[3, stream] = fixed.database_s[stream] * at_database
        parts_s[4, stream] = fixed.operations[stream] * fixed.operation_s[disk] * figures[DISKS, disk, STRETCH]
        total_s = 0.0
        for part in range(len(parts_s)):
            total_s += parts_s[part, stream]
        moved = max(moved, abs(total_s - actual_s[stream]) / (fixed.think_s + actual_s[stream] + 1e-9))
        actual_s[stream] = total_s
        passed[stream] = 1.0 - refused
        if fixed.thinks[stream]:
            passed[stream] *= min(1.0, (fixed.think_s + bare_s[stream]) / max(fixed.think_s + total_s, 1e-12))
    return moved


@compiled
def add(
    hour: int, duration_s: float, now: Now, totals: Totals, parts_s: Floats, passed: Floats, figures: Floats
) -> None:
    """Add the requests of each stream and the parts of their responses."""
    for stream in range(len(now.rates)):
        coming = now.rates[stream] * duration_s
        totals.asked[stream, hour] += coming
        if coming <= 0.0:
            continue
        if now.serves[stream] == 0:
            totals.lost[stream, hour] += coming
            continue
        refused, count = 0.0, 0
        for machine in now.applications[stream]:
            if machine != NONE:
                count += 1
                refused += figures[CORES, machine, REFUSED]
        refused = refused / count
        if now.databases[stream] != NONE:
            refused = max(refused, figures[CORES, now.databases[stream], REFUSED])
        refused = max(refused, figures[DISKS, disk_of(now, stream), REFUSED])
        served = coming * passed[stream]
        totals.served[stream, hour] += served
        if refused > 0.0:
            totals.refused[stream, hour] += min(coming - served, served * refused / max(1.0 - refused, 1e-9))
        totals.response[:, stream, hour] += served * parts_s[:, stream]
