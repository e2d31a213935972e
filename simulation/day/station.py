"""One station for an hour: cores shared by requests and batch jobs, a limit of requests at once, users who wait.

A birth and death chain over the number of requests at the station, solved exactly. Requests come from `open_per_s` and
from users who each think and work elsewhere for `away_s`; n requests and the `jobs` that always compute share the
cores, each at min(1, cores / (n + jobs)). At most `at_once` are worked on, others wait, and who finds `room` requests
there is refused. Exact for any law of service within the limit (Cohen, The multiple phase service network with
generalized processor sharing, Acta Informatica 12, 1979), and for exponential service beyond it; the wait there is
scaled by (1 + scv) / 2 as Lee and Longton do. With users alone and one core it is mean value analysis of one station;
with none thinking and no jobs Erlang's C. `plain_station` is the same without a compiler.
"""

from __future__ import annotations

from simulation.compiled import bare
from simulation.day.plant import Floats

OPEN, CLOSED, USERS, WORK, AWAY = 0, 1, 2, 3, 4
"""What is asked of a station: visits (1/s) without and with a user, users, work (servers), rounds of the users."""
SMALL = 1e-13
_LARGE = 1e250
Figures = tuple[float, float, float, float, float]
"""Served a second, mean worked on, mean waiting, cores in use by all, refused a second."""


@bare
def speed(inside: float, cores: float, jobs: float) -> float:
    """Return how many cores `inside` requests have together beside `jobs` that compute always."""
    return inside * min(1.0, cores / (inside + jobs)) if inside > 0.0 else 0.0


@bare
def station(
    open_per_s: float, users: float, away_s: float, service_s: float, cores: float, jobs: float, at_once: int, room: int
) -> Figures:
    """Return the figures of the steady state; `users` may be a fraction, as a mean number of them.

    `service_s` is the mean time on a core of its own, more than 0. A station without cores serves nobody.
    """
    asked = open_per_s + (users / away_s if users > 0.0 else 0.0)
    if asked <= 0.0 or cores <= 0.0:
        return 0.0, 0.0, 0.0, min(cores, jobs), asked
    share = total = 1.0
    served = inside = waiting = refused = 0.0
    busy = min(cores, jobs)
    count = 0
    while True:
        comes = open_per_s + (max(0.0, users - count) / away_s if users > 0.0 else 0.0)
        if count >= room:
            refused += share * comes
            break
        if comes <= 0.0:
            break
        count += 1
        worked = min(count, at_once)
        rate = speed(worked, cores, jobs) / service_s
        share *= comes / rate
        total += share
        served += share * rate
        inside += share * worked
        waiting += share * (count - worked)
        busy += share * min(cores, worked + jobs)
        if share < SMALL * total and comes < rate:
            break
        if share > _LARGE:
            share, total, served = share / _LARGE, total / _LARGE, served / _LARGE
            inside, waiting, busy = inside / _LARGE, waiting / _LARGE, busy / _LARGE
    return served / total, inside / total, waiting / total, busy / total, refused / total


@bare
def visit(
    asked: Floats, rate: float, service_s: float, round_s: float, away_s: float, thinks: int, passed: float
) -> None:
    """Add the visits of a stream to one station; messages that something else holds back come fewer."""
    if thinks:
        asked[CLOSED] += rate
        asked[USERS] += rate * round_s
        asked[AWAY] += rate * away_s
        asked[WORK] += rate * service_s
    else:
        asked[OPEN] += rate * passed
        asked[WORK] += rate * passed * service_s


def plain_station(
    open_per_s: float, users: float, away_s: float, service_s: float, cores: float, jobs: float, at_once: int, room: int
) -> Figures:
    """Return what `station` returns, by listing every state's share."""
    shares = [1.0]
    rates = [0.0]
    comes = [open_per_s + max(0.0, users - n) / away_s for n in range(room + 1)]
    for count in range(1, room + 1):
        worked = min(count, at_once)
        rates.append(worked * min(1.0, cores / (worked + jobs)) / service_s)
        shares.append(shares[-1] * comes[count - 1] / rates[-1])
    total = sum(shares)
    numbers = range(room + 1)
    return (
        sum(share * rate for share, rate in zip(shares, rates, strict=True)) / total,
        sum(share * min(n, at_once) for share, n in zip(shares, numbers, strict=True)) / total,
        sum(share * max(0, n - at_once) for share, n in zip(shares, numbers, strict=True)) / total,
        sum(share * min(cores, min(n, at_once) + jobs) for share, n in zip(shares, numbers, strict=True)) / total,
        shares[-1] * comes[-1] / total,
    )
