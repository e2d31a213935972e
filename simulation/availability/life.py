"""The life of a system over years, compiled: components fail alone, together and one after the other, and are repaired.

One call runs many independent lives. Between two events nothing changes, so a service's time away is summed up when it
comes back. Every source (a component, a cause) draws from a stream of its own, in the order of its own events; the
plain SimPy form, `plain_life`, draws the same numbers and finds the same outages.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.availability.diagram import Truths, met
from simulation.availability.hours import counted
from simulation.availability.service_hours import service_end
from simulation.availability.tables import NOBODY, Ints, Records, Tables
from simulation.compiled import compiled
from simulation.counted_draws import Keys, exponential, stream_key, uniform

Floats = np.ndarray[Any, np.dtype[np.float64]]
IntGrid = np.ndarray[Any, np.dtype[np.int64]]


@compiled
def repair_time(stream: np.uint64, number: int, mean: float, scv: float) -> float:
    """Return a repair time (h) by mean and squared coefficient of variation; log-normal but for 0 and 1.

    It reads two numbers of the stream, by Box and Muller's method, whichever law it is.
    """
    if scv == 0.0:
        return mean
    if scv == 1.0:
        return exponential(stream, number, mean)
    variance = np.log1p(scv)
    radius = np.sqrt(-2.0 * np.log1p(-uniform(stream, number)))
    normal = radius * np.cos(2.0 * np.pi * uniform(stream, number + 1))
    return float(mean * np.exp(np.sqrt(variance) * normal - variance / 2))


@compiled
def live(  # noqa: C901, PLR0912 - the loop over events stands in one piece: split further it takes twice as long
    tables: Tables, first: int, warm_up: float, horizon: float, away: Any, outages: IntGrid
) -> None:
    """Run the lives numbered from `first` on; write time away and outages of each.

    `away` has the shape (lives, services, denominators), hours that count; `outages` (lives, services). What happens in
    the first `warm_up` hours is left out, so that the start with everything working does not show.
    """
    component, cause, ties, window, people, keys, needing, node, roots, hours, edges = tables
    components, causes, crews = len(component), len(cause), len(people)
    streams, drawn = np.empty(components + causes, np.uint64), np.empty(components + causes, np.int64)
    size = 2
    while size < components + causes + len(window):
        size *= 2
    then, first_of = np.full(size, np.inf), np.empty(2 * size, np.int64)
    up, works = np.empty(components, np.bool_), np.empty(components, np.bool_)
    off, changed = np.empty(components, np.int64), np.empty(components, np.int64)
    free, queued = np.empty(crews, np.int64), np.empty(crews, np.int64)
    waiting = np.empty((crews, components), np.int64)
    since = np.empty(len(roots))
    for life in range(len(away)):
        _begin(component, cause, window, keys, first + life, streams, drawn, then, first_of)
        up[:], works[:], off[:], queued[:], since[:], free[:] = True, True, 0, 0, np.inf, people
        while True:
            source = first_of[1]
            now = then[source]
            if now >= warm_up + horizon:
                break
            if source >= components + causes:
                count = _switch(window[source - components - causes], source, then, first_of, off, changed)
            elif source >= components:
                which = cause[source - components]
                count = _strike(which, ties, source, now, streams, drawn, then, first_of, up, changed)
                count = _fail(
                    component, ties, now, streams, drawn, then, first_of, up, free, waiting, queued, changed, count
                )
            elif up[source]:
                up[source], changed[0] = False, source
                count = _fail(
                    component, ties, now, streams, drawn, then, first_of, up, free, waiting, queued, changed, 1
                )
            else:
                up[source], changed[0], count = True, source, 1
                _repaired(component, source, now, streams, drawn, then, first_of, free, waiting, queued)
            for place in range(count):
                works[changed[place]] = up[changed[place]] and off[changed[place]] == 0
            for place in range(count):
                one, there = component[changed[place]], works[changed[place]]
                for hanging in range(one.first_service, one.last_service):
                    service = needing[hanging]
                    # A failure only takes away and a repair only brings back: all else is no news.
                    if there != (since[service] == np.inf) and met(roots[service], node, works) == there:
                        outages[life, service] += not there and now >= warm_up
                        if there:
                            _add(hours, edges, since[service] - warm_up, now - warm_up, away[life, service])
                        since[service] = np.inf if there else now
        for service in range(len(since)):
            if since[service] < np.inf:
                _add(hours, edges, since[service] - warm_up, horizon, away[life, service])


@compiled
def _begin(
    component: Records, cause: Records, window: Records, keys: Keys, life: int, streams: Keys, drawn: Ints,
    then: Floats, first_of: Ints,
) -> None:  # fmt: skip
    """Set the streams of a life, and when each source acts first."""
    for source in range(len(keys)):
        streams[source] = stream_key(keys[source], life)
        mean = component[source].mtbf if source < len(component) else cause[source - len(component)].between
        then[source] = exponential(streams[source], 0, mean)
        drawn[source] = 1
    for place in range(len(window)):
        then[len(keys) + place] = window[place].first
    size = len(then)
    first_of[size:] = np.arange(size)
    for place in range(size - 1, 0, -1):
        one, other = first_of[2 * place], first_of[2 * place + 1]
        first_of[place] = one if then[one] <= then[other] else other


@compiled
def _set(then: Floats, first_of: Ints, source: int, time: float) -> None:
    """Set when a source acts next, and correct the tournament: each place holds the first of the two below it."""
    then[source] = time
    place = (len(then) + source) // 2
    while place > 0:
        one, other = first_of[2 * place], first_of[2 * place + 1]
        first_of[place] = one if then[one] <= then[other] else other
        place //= 2


@compiled
def _strike(
    cause: Any, ties: Records, source: int, now: float, streams: Keys, drawn: Ints, then: Floats, first_of: Ints,
    up: Truths, changed: Ints,
) -> int:  # fmt: skip
    """Let a common cause take down what it hits, and set its next time; return how many it hit."""
    count = 0
    for tie in range(cause.first_tie, cause.last_tie):
        hits = uniform(streams[source], drawn[source]) < ties[tie].chance
        drawn[source] += 1
        if hits and up[ties[tie].component]:
            up[ties[tie].component] = False
            changed[count] = ties[tie].component
            count += 1
    _set(then, first_of, source, now + exponential(streams[source], drawn[source], cause.between))
    drawn[source] += 1
    return count


@compiled
def _fail(
    component: Records, ties: Records, now: float, streams: Keys, drawn: Ints, then: Floats,
    first_of: Ints, up: Truths, free: Ints, waiting: Any, queued: Ints, changed: Ints, count: int,
) -> int:  # fmt: skip
    """Let the components in `changed` draw others after them and call for repair; return how many failed in all."""
    done = 0
    while done < count:
        failed = changed[done]
        done += 1
        for tie in range(component[failed].first_tie, component[failed].last_tie):
            follows = uniform(streams[failed], drawn[failed]) < ties[tie].chance
            drawn[failed] += 1
            if follows and up[ties[tie].component]:
                up[ties[tie].component] = False
                changed[count] = ties[tie].component
                count += 1
        crew = component[failed].crew
        if crew == NOBODY:
            _begin_repair(component, failed, now, streams, drawn, then, first_of)
        elif free[crew] > 0:
            free[crew] -= 1
            _begin_repair(component, failed, now, streams, drawn, then, first_of)
        else:
            waiting[crew, queued[crew]] = failed
            queued[crew] += 1
            _set(then, first_of, failed, np.inf)
    return count


@compiled
def _begin_repair(
    component: Records, failed: int, now: float, streams: Keys, drawn: Ints, then: Floats, first_of: Ints
) -> None:
    """Set when a component will be repaired."""
    one = component[failed]
    work = repair_time(streams[failed], drawn[failed], one.mttr, one.repair_scv)
    _set(then, first_of, failed, service_end(now, work, one.opens, one.closes, one.days))
    drawn[failed] += 2


@compiled
def _repaired(
    component: Records, repaired: int, now: float, streams: Keys, drawn: Ints, then: Floats,
    first_of: Ints, free: Ints, waiting: Any, queued: Ints,
) -> None:  # fmt: skip
    """Let a component work until it fails next, and its crew turn to who waits longest."""
    _set(then, first_of, repaired, now + exponential(streams[repaired], drawn[repaired], component[repaired].mtbf))
    drawn[repaired] += 1
    crew = component[repaired].crew
    if crew == NOBODY:
        return
    if queued[crew] == 0:
        free[crew] += 1
        return
    following = waiting[crew, 0]
    queued[crew] -= 1
    for place in range(queued[crew]):
        waiting[crew, place] = waiting[crew, place + 1]
    _begin_repair(component, following, now, streams, drawn, then, first_of)


@compiled
def _switch(window: Any, source: int, then: Floats, first_of: Ints, off: Ints, changed: Ints) -> int:
    """Begin or end a maintenance window; return 1, the number of components that changed."""
    turn = np.round((then[source] - window.first) / window.every)
    if then[source] == window.first + turn * window.every:
        off[window.component] += 1
        _set(then, first_of, source, then[source] + window.lasts)
    else:
        off[window.component] -= 1
        turn = np.floor((then[source] - window.first) / window.every) + 1
        _set(then, first_of, source, window.first + turn * window.every)
    changed[0] = window.component
    return 1


@compiled
def _add(hours: Records, edges: Records, begin: float, end: float, away: Floats) -> None:
    """Add a time away, counted from the end of the warm-up, to each denominator as far as it counts there."""
    if end > 0:
        for which in range(len(hours)):
            part: Any = edges[hours[which].first : hours[which].last]
            away[which] += counted(end, part.at, part.counted) - counted(max(begin, 0.0), part.at, part.counted)
