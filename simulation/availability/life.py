"""The life of a system over years, compiled: components fail alone, together and one after the other, and are repaired.

One call runs many independent lives. Between two events nothing changes, so a service's time away is summed up when it
comes back. Every source (a component, a cause) draws from a stream of its own, in the order of its own events; the
plain SimPy form, `plain_life`, draws the same numbers and finds the same outages.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.agenda import NOBODY, Ints, Records, following, put, take
from simulation.availability.diagram import met
from simulation.availability.hours import counted
from simulation.availability.service_hours import service_end
from simulation.availability.tables import Tables
from simulation.compiled import bare
from simulation.counted_draws import exponential, stream_key, uniform

Floats = np.ndarray[Any, np.dtype[np.float64]]
IntGrid = np.ndarray[Any, np.dtype[np.int64]]


@bare
def repair_time(stream: np.uint64, number: int, mean: float, scv: float) -> float:
    """Return a repair time (h) by mean and squared coefficient of variation; log-normal but for 0 and 1.

    It reads two numbers of the stream, by Box and Muller's method, whichever law it is.
    """
    if scv == 0.0:
        return mean
    if scv == 1.0:
        return exponential(stream, number, mean)
    variance = np.log1p(scv)
    radius = np.sqrt(-2.0 * np.log(1.0 - uniform(stream, number)))
    normal = radius * np.cos(2.0 * np.pi * uniform(stream, number + 1))
    return float(mean * np.exp(np.sqrt(variance) * normal - variance / 2))


def live(tables: Tables, first: int, warm_up: float, horizon: float, away: Any, outages: IntGrid) -> None:
    """Run the lives numbered from `first` on; write time away and outages of each.

    `away` has the shape (lives, services, denominators), hours that count; `outages` (lives, services). What happens in
    the first `warm_up` hours is left out, so that the start with everything working does not show.
    """
    components = len(tables.component)
    pages = np.empty(_pages(tables, warm_up + horizon) + 1, np.int64)
    changed, waiting = np.empty(components, np.int64), np.empty((len(tables.crew), components), np.int64)
    _live(*tables, pages, changed, waiting, first, warm_up, horizon, away, outages)


@bare
def _live(  # noqa: C901 - what can happen next stands in one piece
    component: Records, cause: Records, ties: Records, window: Records, crew: Records, service: Records,
    source: Records, needing: Records, node: Records, hours: Records, edges: Records, pages: Ints, changed: Ints,
    waiting: IntGrid, first: int, warm_up: float, horizon: float, away: Any, outages: IntGrid,
) -> None:  # fmt: skip
    """Run the lives on the room made for them."""
    components, causes, end = len(component), len(cause), warm_up + horizon
    pace = (len(pages) - 1) / end
    for life in range(len(away)):
        missing = 0
        _begin(component, cause, window, crew, service, source, pages, pace, first + life)
        page, acting = following(source, pages, 0)
        while acting != NOBODY and source[acting].then < end:
            now = source[acting].then
            take(source, pages, pace, acting)
            if missing == 0 and acting < components and component[acting].alone:
                over, page, other = _unnoticed(component[acting], source, pages, pace, page, end, acting)
                if over:
                    acting = other
                    continue
            if acting >= components + causes:
                count = _switch(window[acting - components - causes], source, pages, pace, acting, changed)
            elif acting >= components:
                count = _strike(cause[acting - components], ties, source, pages, pace, acting, now, changed)
                count = _fail(component, ties, source, pages, pace, crew, waiting, now, changed, count)
            elif not source[acting].up:
                source[acting].up, changed[0], count = True, acting, 1
                _repaired(component, source, pages, pace, crew, waiting, now, acting)
            else:
                source[acting].up, changed[0] = False, acting
                count = _fail(component, ties, source, pages, pace, crew, waiting, now, changed, 1)
            news = _note(component, source, service, needing, changed, count)
            missing += news if not source[changed[0]].works else -news
            for place in range(news):
                one = changed[place]
                _judge(
                    component[one], source, service, needing, node, one, now, warm_up, hours, edges,
                    away[life], outages[life],
                )  # fmt: skip
            page, acting = following(source, pages, int(now * pace))
        for one in range(len(service)):
            if service[one].since < np.inf:
                _add(hours, edges, service[one].since - warm_up, horizon, away[life, one])


def _pages(tables: Tables, end: float) -> int:
    """Return a number of pages for the agenda: about two for each event that is likely until the end."""
    component, cause, window = tables.component, tables.cause, tables.window
    each = float((2 / (component["mtbf"] + component["mttr"])).sum() + (1 / cause["between"]).sum())
    return int(min(max(2 * (each + float((2 / window["every"]).sum())) * end, 16), 65_536))


@bare
def _begin(
    component: Records, cause: Records, window: Records, crew: Records, service: Records, source: Records, pages: Ints,
    pace: float, life: int,
) -> None:  # fmt: skip
    """Set the streams of a life, and when each source acts first; everything works."""
    pages[:] = NOBODY
    for number in range(len(source)):
        source[number].up, source[number].works, source[number].off, source[number].drawn = True, True, 0, 0
        source[number].stream = stream_key(source[number].key, life)
    for number in range(len(component)):
        _act(source, pages, pace, number, 0.0, component[number].mtbf)
    for number in range(len(cause)):
        _act(source, pages, pace, len(component) + number, 0.0, cause[number].between)
    for number in range(len(window)):
        put(source, pages, pace, len(component) + len(cause) + number, window[number].first)
    for number in range(len(crew)):
        crew[number].free, crew[number].queued = crew[number].people, 0
    for number in range(len(service)):
        service[number].missing, service[number].since = 0, np.inf


@bare
def _act(source: Records, pages: Ints, pace: float, number: int, now: float, mean: float) -> None:
    """Draw when a source acts next, after an exponential time."""
    put(source, pages, pace, number, now + exponential(source[number].stream, source[number].drawn, mean))
    source[number].drawn += 1


@bare
def _unnoticed(
    one: Any, source: Records, pages: Ints, pace: float, page: int, end: float, failed: int
) -> tuple[bool, int, int]:
    """Let a component fail and be repaired at once if nothing else happens between, or return False.

    Nearly all failures of things that are there twice pass so; what is drawn and comes out is the same without this
    short cut. Returns with it where the agenda stands and who acts next.
    """
    now, stream, drawn = source[failed].then, source[failed].stream, source[failed].drawn
    work = repair_time(stream, drawn, one.mttr, one.repair_scv)
    back = service_end(now, work, one.opens, one.closes, one.days)
    again = back + exponential(stream, drawn + 2, one.mtbf)
    page, other = following(source, pages, page)
    over = back < end and (other == NOBODY or back < source[other].then)
    if over:
        source[failed].drawn = drawn + 3
        put(source, pages, pace, failed, again)
        if again < end and (other == NOBODY or again <= source[other].then):
            page, other = following(source, pages, int(again * pace))
    return over, page, other


@bare
def _strike(
    cause: Any, ties: Records, source: Records, pages: Ints, pace: float, number: int, now: float, changed: Ints
) -> int:
    """Let a common cause take down what it hits, and set its next time; return how many it hit."""
    count = _hit(ties[cause.first_tie : cause.last_tie], source, pages, pace, number, changed, 0)
    _act(source, pages, pace, number, now, cause.between)
    return count


@bare
def _hit(ties: Records, source: Records, pages: Ints, pace: float, number: int, changed: Ints, count: int) -> int:
    """Draw which of those tied to a source fail with it, and list them in `changed`; return how many stand there."""
    for tie in range(len(ties)):
        struck = source[ties[tie].component]
        hits = uniform(source[number].stream, source[number].drawn) < ties[tie].chance
        source[number].drawn += 1
        if hits and struck.up:
            struck.up = False
            take(source, pages, pace, ties[tie].component)
            changed[count] = ties[tie].component
            count += 1
    return count


@bare
def _fail(
    component: Records, ties: Records, source: Records, pages: Ints, pace: float, crew: Records, waiting: IntGrid,
    now: float, changed: Ints, count: int,
) -> int:  # fmt: skip
    """Let the components in `changed` draw others after them and call for repair; return how many failed in all."""
    done = 0
    while done < count:
        failed = changed[done]
        done += 1
        one = component[failed]
        count = _hit(ties[one.first_tie : one.last_tie], source, pages, pace, failed, changed, count)
        if one.crew == NOBODY:
            _begin_repair(one, source, pages, pace, now, failed)
        elif crew[one.crew].free > 0:
            crew[one.crew].free -= 1
            _begin_repair(one, source, pages, pace, now, failed)
        else:
            waiting[one.crew, crew[one.crew].queued] = failed
            crew[one.crew].queued += 1
    return count


@bare
def _begin_repair(one: Any, source: Records, pages: Ints, pace: float, now: float, failed: int) -> None:
    """Set when a component will be repaired."""
    state = source[failed]
    work = repair_time(state.stream, state.drawn, one.mttr, one.repair_scv)
    put(source, pages, pace, failed, service_end(now, work, one.opens, one.closes, one.days))
    state.drawn += 2


@bare
def _repaired(
    component: Records, source: Records, pages: Ints, pace: float, crew: Records, waiting: IntGrid, now: float,
    repaired: int,
) -> None:  # fmt: skip
    """Let a component work until it fails next, and its crew turn to who waits longest."""
    one = component[repaired]
    _act(source, pages, pace, repaired, now, one.mtbf)
    if one.crew == NOBODY:
        return
    if crew[one.crew].queued == 0:
        crew[one.crew].free += 1
        return
    crew[one.crew].queued -= 1
    turn = waiting[one.crew, 0]
    for place in range(crew[one.crew].queued):
        waiting[one.crew, place] = waiting[one.crew, place + 1]
    _begin_repair(component[turn], source, pages, pace, now, turn)


@bare
def _switch(window: Any, source: Records, pages: Ints, pace: float, number: int, changed: Ints) -> int:
    """Begin or end a maintenance window; return 1, the number of components that changed."""
    now = source[number].then
    turn = np.round((now - window.first) / window.every)
    if now == window.first + turn * window.every:
        source[window.component].off += 1
        put(source, pages, pace, number, now + window.lasts)
    else:
        source[window.component].off -= 1
        turn = np.floor((now - window.first) / window.every) + 1
        put(source, pages, pace, number, window.first + turn * window.every)
    changed[0] = window.component
    return 1


@bare
def _note(component: Records, source: Records, service: Records, needing: Records, changed: Ints, count: int) -> int:
    """Keep in `changed` what really works no more or works again, counted with each service; return how many."""
    news = 0
    for place in range(count):
        number = changed[place]
        state = source[number]
        works = state.up and state.off == 0
        if works != state.works:
            state.works = works
            changed[news] = number
            news += 1
            for hanging in needing[component[number].first_service : component[number].last_service]:
                service[hanging.service].missing += -1 if works else 1
    return news


@bare
def _judge(
    one: Any, source: Records, service: Records, needing: Records, node: Records, number: int, now: float,
    warm_up: float, hours: Records, edges: Records, away: Any, outages: Ints,
) -> None:  # fmt: skip
    """Note which services go away or come back with a component: a failure only takes away, a repair only brings back.

    What a component means that is the only one missing is known beforehand; only else is the diagram walked.
    """
    works = source[number].works
    for place in range(one.first_service, one.last_service):
        hanging = needing[place]
        it = service[hanging.service]
        if works == (it.since == np.inf):
            continue
        alone = it.missing == 1 and not works
        if (hanging.alone if alone else met(it.root, node, source)) == works:
            outages[hanging.service] += not works and now >= warm_up
            if works:
                _add(hours, edges, it.since - warm_up, now - warm_up, away[hanging.service])
            it.since = np.inf if works else now


@bare
def _add(hours: Records, edges: Records, begin: float, end: float, away: Floats) -> None:
    """Add a time away, counted from the end of the warm-up, to each denominator as far as it counts there."""
    if end > 0:
        for which in range(len(hours)):
            part: Any = edges[hours[which].first : hours[which].last]
            away[which] += counted(end, part.at, part.counted) - counted(max(begin, 0.0), part.at, part.counted)
