"""Interactive traffic on the circuits: what each direction carries, and how long requests and answers take on it.

A direction is shared by all transfers on it as a processor is: a station with one server (`station`), its users those
who send over it, its jobs the bulk transfers that always have something to send. Alone with an open load that is
x (K + 1) / (C (1 - ρ)) for an answer of x bits beside K bulk transfers (M/G/1 processor sharing with permanent
customers: van den Berg and Boxma, The M/G/1 queue with processor sharing and its relation to a feedback queue, Queueing
Systems 9, 1991). An answer that several parallel circuits may take has the mean of its ways. Over circuits in a row its
packets are on all of them at once: it takes as long as on the slowest, and waits on each one for the traffic that it
has not waited for already. What crosses two circuits together queues at the one where it waits longer and comes to the
other no faster than that lets it, so there only what comes from elsewhere counts (`common_shares`). With nothing in
common that is one answer's time and the waits added up, as on a linear network under balanced fairness (Bonald,
Massoulié, Proutière and Virtamo, A queueing analysis of max-min fairness, proportional fairness and balanced fairness,
Queueing Systems 53, 2006); with all in common it is the longest wait alone.
"""

from __future__ import annotations

import numpy as np

from simulation.compiled import bare, compiled
from simulation.day.plant import NONE, Floats
from simulation.day.station import AWAY, CLOSED, OPEN, USERS, WORK, station, visit
from simulation.day.tables import Fixed, Now
from simulation.heap import Ints

MOST = 20_000
"""Transfers at once on a direction, beyond which the reckoning goes no further."""


@compiled
def line_loads(fixed: Fixed, now: Now, passed: Floats, loads: Floats) -> None:
    """Write the interactive bits a second of each direction; `passed` is the share of each stream that gets through."""
    loads[:] = 0.0
    sent = _sent(fixed, now, passed)
    for way in range(len(sent)):
        for line in now.lines[way]:
            if line != NONE:
                loads[line] += sent[way]


@compiled
def _sent(fixed: Fixed, now: Now, passed: Floats) -> Floats:
    """Return what interactive use sends over each way (bit/s on the wire)."""
    sent = np.zeros(len(now.lines))
    for stream in range(len(now.rates)):
        for direction in range(2):
            bits = now.rates[stream] * (fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream])
            bits *= now.serves[stream] * passed[stream]
            for way in range(now.first[stream, direction], now.after[stream, direction]):
                sent[way] += bits * now.way_shares[way] / now.factors[way]
    return sent


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


@compiled
def common_shares(fixed: Fixed, now: Now) -> Floats:
    """Return for each way, by the places of two of its directions, what part of the first one's traffic crosses both.

    Traffic is what makes answers wait: the share of the direction in interactive use, and each bulk transfer as one. Of
    bulk transfers their numbers alone are known; as many as can be are taken to cross both. Only directions on one way
    are looked at together, so the work grows with the ways and not with the square of the circuits.
    """
    ways, hops = now.lines.shape
    common, both = np.zeros((ways, hops, hops)), np.zeros(len(now.capacities))
    sent = _sent(fixed, now, np.ones(len(now.rates)))
    starts, through = _crossing(now)
    for line in range(len(now.capacities)):
        crossing = through[starts[line] : starts[line + 1]]
        if now.capacities[line] > 0.0:
            _add_up(line, crossing, sent, now, both)
            for way in crossing:
                _state(line, way, now, both, common)
            for way in crossing:
                for other in now.lines[way]:
                    if other > NONE:
                        both[other] = 0.0
    return common


@bare
def _add_up(line: int, crossing: Ints, sent: Floats, now: Now, both: Floats) -> None:
    """Add up by direction what part of one's capacity is sent over ways that cross it too."""
    for way in crossing:
        for other in now.lines[way]:
            if other > NONE:
                both[other] += sent[way] / now.capacities[line]


@bare
def _state(line: int, way: int, now: Now, both: Floats, common: Floats) -> None:
    """Write for one direction of a way which part of its traffic crosses each other one of the way."""
    whole = both[line] + now.bulk_flows[line]
    for place, here in enumerate(now.lines[way]):
        for before, other in enumerate(now.lines[way]):
            if here == line and other > NONE and other != line and whole > 0.0:
                shared = both[other] + min(now.bulk_flows[line], now.bulk_flows[other])
                common[way, place, before] = min(1.0, shared / whole)


@compiled
def _crossing(now: Now) -> tuple[Ints, Ints]:
    """Return the ways that cross each direction, one direction after the other, and where each one's begin."""
    starts = np.zeros(len(now.capacities) + 1, np.int64)
    for line in now.lines.flat:
        if line > NONE:
            starts[line + 1] += 1
    starts = np.cumsum(starts)
    ends, through = starts.copy(), np.zeros(starts[-1], np.int64)
    for way in range(len(now.lines)):
        for line in now.lines[way]:
            if line > NONE:
                through[ends[line]] = way
                ends[line] += 1
    return starts, through


@bare
def in_a_row_s(now: Now, slow: Floats, common: Floats, way: int) -> float:
    """Return how long a bit is on a way: as long as its slowest circuit takes alone, and the waits on all (s)."""
    slowest_s, waits_s = 0.0, 0.0
    for place, line in enumerate(now.lines[way]):
        if line == NONE or now.capacities[line] <= 0.0:
            continue
        alone_s = 1.0 / now.capacities[line]
        wait_s = (slow[line] - 1.0) * alone_s
        waited = 0.0
        for before, other in enumerate(now.lines[way]):
            if before == place or other == NONE or now.capacities[other] <= 0.0:
                continue
            longer_s = (slow[other] - 1.0) / now.capacities[other]
            if longer_s > wait_s or (longer_s == wait_s and before < place):
                waited = max(waited, common[way, place, before])
        slowest_s = max(slowest_s, alone_s)
        waits_s += wait_s * (1.0 - waited)
    return slowest_s + waits_s


@bare
def on_the_way_s(fixed: Fixed, now: Now, slow: Floats, common: Floats, stream: int) -> float:
    """Return how long a request and its answer are on the circuits, with the round trips of their session (s)."""
    total = 0.0
    for direction in range(2):
        bits = fixed.up_bits[stream] if direction == 0 else fixed.down_bits[stream]
        for way in range(now.first[stream, direction], now.after[stream, direction]):
            there_s = bits / now.factors[way] * in_a_row_s(now, slow, common, way)
            total += now.way_shares[way] * (there_s + fixed.round_trips * now.delays[way])
    return total
