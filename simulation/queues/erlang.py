"""Several equal servers: Erlang's loss and waiting formulas, a waiting room of finite size, and other service times.

λ is the arrival rate, 1/μ the mean service time, a = λ/μ the offered load in Erlang, c the number of servers.
Sources: Erlang 1917; Kleinrock, Queueing Systems, volume 1, sections 3.5 to 3.7; for general service times Lee and
Longton 1959.
"""

from __future__ import annotations

import dataclasses
import math

from simulation.errors import MechanismInvalid
from simulation.queues.load import offered, stable


def erlang_b(load: float, servers: int) -> float:
    """Return the share of arrivals that find all servers busy and are lost (M/G/c/c, whatever the service times).

    By the recursion B(c) = a B(c-1) / (c + a B(c-1)), which never overflows.
    """
    if not (load >= 0 and math.isfinite(load)) or servers < 0:
        raise MechanismInvalid([f"{load} Erlang on {servers} servers, expected 0 or more of each, and finite"])
    lost = 1.0
    for count in range(1, servers + 1):
        lost = load * lost / (count + load * lost)
    return lost


def erlang_c(load: float, servers: int) -> float:
    """Return the share of arrivals that must wait in M/M/c; raises Overloaded from a = c on."""
    stable(load, 1.0, servers)
    lost = erlang_b(load, servers)
    return servers * lost / (servers - load * (1 - lost))


def mean_wait_s(rate_per_s: float, mean_s: float, servers: int = 1) -> float:
    """Return the mean wait before service in M/M/c (s): C(c, a) / (c μ - λ)."""
    load = stable(rate_per_s, mean_s, servers)
    return erlang_c(load, servers) / (servers / mean_s - rate_per_s)


def share_waiting_longer(wait_s: float, rate_per_s: float, mean_s: float, servers: int = 1) -> float:
    """Return the share of arrivals in M/M/c, first come first served, that wait longer than `wait_s`."""
    load = stable(rate_per_s, mean_s, servers)
    return erlang_c(load, servers) * math.exp(-(servers / mean_s - rate_per_s) * wait_s)


def approximate_wait_s(rate_per_s: float, mean_s: float, servers: int, scv: float) -> float:
    """Return about the mean wait in M/G/c (s): that of M/M/c times (1 + scv) / 2. Exact for c = 1 and for scv = 1."""
    if not scv >= 0:
        raise MechanismInvalid([f"a squared coefficient of variation of {scv}, expected 0 or more"])
    return mean_wait_s(rate_per_s, mean_s, servers) * (1 + scv) / 2


@dataclasses.dataclass(frozen=True)
class FiniteRoom:
    """M/M/c with `room` places to wait: share refused, mean wait of the others (s), mean number inside."""

    refused: float
    mean_wait_s: float
    mean_inside: float


def finite_room(rate_per_s: float, mean_s: float, servers: int, room: int) -> FiniteRoom:
    """Return the exact figures of M/M/c/(c + room); also for loads above capacity, where the rest is refused."""
    load = offered(rate_per_s, mean_s, servers)
    if room < 0:
        raise MechanismInvalid([f"{room} places to wait, expected 0 or more"])
    places = servers + room
    logs = [0.0]
    for count in range(1, places + 1):
        logs.append(logs[-1] + (math.log(load / min(count, servers)) if load > 0 else -math.inf))
    greatest = max(logs)
    shares = [math.exp(value - greatest) for value in logs]
    total = math.fsum(shares)
    shares = [share / total for share in shares]
    waiting = math.fsum((count - servers) * share for count, share in enumerate(shares) if count > servers)
    accepted_per_s = rate_per_s * (1 - shares[-1])
    inside = math.fsum(count * share for count, share in enumerate(shares))
    return FiniteRoom(shares[-1], waiting / accepted_per_s if accepted_per_s > 0 else 0.0, inside)
