"""Interactive traffic on the circuits: what each direction carries, and how long requests and answers take on it.

A direction is shared by all transfers on it as a processor is: a station with one server (`station`), its users those
who send over it, its jobs the bulk transfers that always have something to send. Alone with an open load that is
x (K + 1) / (C (1 - ρ)) for an answer of x bits beside K bulk transfers (M/G/1 processor sharing with permanent
customers: van den Berg and Boxma, The M/G/1 queue with processor sharing and its relation to a feedback queue, Queueing
Systems 9, 1991). Over several circuits the slowest counts: packets of one answer are on all of them at once.
"""

from __future__ import annotations

import numpy as np

from simulation.compiled import bare, compiled
from simulation.day.plant import NONE, Floats
from simulation.day.station import AWAY, CLOSED, OPEN, USERS, WORK, station, visit
from simulation.day.tables import Fixed, Now

MOST = 20_000
"""Transfers at once on a direction, beyond which the reckoning goes no further."""


@bare
def line_loads(fixed: Fixed, now: Now, passed: Floats, loads: Floats) -> None:
    """Write the interactive bits a second of each direction; `passed` is the share of each stream that gets through."""
    loads[:] = 0.0
    for stream in range(len(now.rates)):
        for direction in range(2):
            bits = now.rates[stream] * (fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream])
            bits *= now.serves[stream] * passed[stream]
            for way in range(now.first[stream, direction], now.after[stream, direction]):
                for line in now.lines[way]:
                    if line != NONE:
                        loads[line] += bits * now.way_shares[way] / now.factors[way]


@compiled
def share_lines(fixed: Fixed, now: Now, bare_s: Floats, actual_s: Floats, passed: Floats, slow: Floats) -> None:
    """Write how many times longer a bit takes on each direction than alone; `slow` holds what the last pass found."""
    asked = np.zeros((len(now.capacities), 5))
    for stream in range(len(now.rates)):
        if now.rates[stream] * now.serves[stream] > 0.0:
            send(fixed, now, stream, bare_s[stream], actual_s[stream], passed[stream], asked)
    for line in range(len(slow)):
        before, slow[line] = max(1.0, slow[line]), 1.0 + now.bulk_flows[line]
        visits = asked[line, OPEN] + asked[line, CLOSED]
        if visits <= 0.0 or asked[line, WORK] <= 0.0:
            continue
        service_s, users, away_s = asked[line, WORK] / visits, asked[line, USERS], 1.0
        if users > 0.0:
            away_s = max(asked[line, AWAY] / asked[line, CLOSED] - service_s * before, 1e-6)
        served, inside, _, _, _ = station(
            asked[line, OPEN], users, away_s, service_s, 1.0, now.bulk_flows[line], MOST, MOST
        )
        slow[line] = inside / (served * service_s)


@bare
def send(fixed: Fixed, now: Now, stream: int, bare_s: float, actual_s: float, passed: float, asked: Floats) -> None:
    """Add what a stream sends to what is asked of each direction that it crosses."""
    for direction in range(2):
        bits = fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream]
        for way in range(now.first[stream, direction], now.after[stream, direction]):
            visits = now.rates[stream] * now.way_shares[way]
            for line in now.lines[way]:
                if line == NONE or visits <= 0.0 or now.capacities[line] <= 0.0:
                    continue
                alone_s = bits / (now.factors[way] * now.capacities[line])
                round_s, away_s = fixed.think_s + bare_s, fixed.think_s + actual_s
                visit(asked[line], visits, alone_s, round_s, away_s, fixed.thinks[stream], passed)


@bare
def on_the_way_s(fixed: Fixed, now: Now, slow: Floats, stream: int) -> float:
    """Return how long a request and its answer are on the circuits, with the round trips of their session (s)."""
    total = 0.0
    for direction in range(2):
        bits = fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream]
        for way in range(now.first[stream, direction], now.after[stream, direction]):
            slowest = 0.0
            for line in now.lines[way]:
                if line != NONE and now.capacities[line] > 0.0:
                    slowest = max(slowest, slow[line] / now.capacities[line])
            there = bits / now.factors[way] * slowest + fixed.round_trips * now.delays[way]
            total += now.way_shares[way] * there
    return total
