"""An interruption of service: how long which services are away, what goes on at the halls, what is entered later."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from inventory.models.continuity import Continuity
from inventory.models.estate import Estate
from simulation.answer import Answer, Better, Predicted, drawn, reckoned
from simulation.assumptions import assumed_values
from simulation.availability.counter_hours import COUNTER, CounterHours, counter_hours
from simulation.availability.kept import chance
from simulation.availability.parts import battery_h, longest_battery
from simulation.continuity.copies import copy_ages
from simulation.continuity.event import Event, Floats, event_of, spans
from simulation.continuity.halls import Hall, hall_of
from simulation.continuity.hangs_on import shares_of
from simulation.continuity.open_clock import OpenClock
from simulation.continuity.restores import Restore, restore_of
from simulation.continuity.shutdown import shutdown_order
from simulation.continuity.timeline import timeline
from simulation.draws import Streams
from simulation.errors import MechanismInvalid
from simulation.intervals import of_independent
from topology.build import build_network
from topology.business_days import business_days
from topology.designed_losses import Loss
from topology.failures import Failures, Impact

SEED = 1
REPLICATIONS = 1000
BACK_D = 21
"""So many days before the event are known: older data than that is an outage of its own."""
MOST_HOURS = 24.0 * 3650
CARRIES_OVER = (
    (
        "Which services are away with what, which go on at the halls and with which copy, what is entered again.",
        "何が失われるとどの業務が止まり、どれが庁内の緊急窓口でどの時点のデータで続き、何を後で入力し直すか。",
    ),
)
DOES_NOT_CARRY_OVER = (
    (
        "Numbers of transactions and the time to enter them hang on assumed rates: a mean business day, spread evenly.",
        "処理件数と後入力の所要は仮定の率による(平均的な開庁日を均等に配分)。",
    ),
    (
        "People: whether they come after a disaster, and what else they have to do then.",
        "災害時の参集と他業務の負担は含まない。",
    ),
)


@dataclasses.dataclass(frozen=True)
class Play:
    """All plays of one event: from when to when each lost service is away (h), by service and city, and the halls."""

    event: Event
    impact: Impact
    begin: Floats
    back: dict[Loss, Floats]
    restores: dict[Loss, Restore]
    halls: dict[str, Hall]
    clock: OpenClock


def predict(
    estate: Estate,
    events: Sequence[str] = (),
    at: dt.datetime | None = None,
    lasts_h: float | None = None,
    seed: int = SEED,
    replications: int = REPLICATIONS,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Return what an event costs: entries or hazards lost at a moment, by default the data centre on the estate's day.

    `lasts_h` fixes how long what is lost stays lost. Raises MechanismInvalid for what is no event, an estate without
    the section `continuity`, lengths without end, fewer than two plays.
    """
    plan = estate.records.continuity
    if plan is None:
        raise MechanismInvalid(
            [f"the estate `{estate.name}` has no section `continuity`: who takes over, how soon, how"]
        )
    if lasts_h is not None and not 0 < lasts_h <= MOST_HOURS:
        raise MechanismInvalid([f"an event of {lasts_h:g} h, expected more than 0, at most {MOST_HOURS:g} h"])
    if replications < 2:
        raise MechanismInvalid([f"{replications} plays, expected at least 2"])
    begins = at or dt.datetime.combine(plan.day, dt.time()) + dt.timedelta(seconds=plan.at_s)
    names = tuple(events) or (f"sites.{estate.records.estate.data_centre}",)
    counters = counter_hours(estate)
    event = event_of(estate, names)
    play = _played(estate, plan, event, begins, lasts_h, counters, Streams(seed, replications))
    if progress:
        progress(1, 1)
    figures = [figure for city in estate.records.cities for figure in _figures(estate, play, city)]
    falls = (*play.impact.failed, *play.impact.falls)
    steps = shutdown_order(estate.records, falls, sorted(play.back)) if event.grids else []
    details: dict[str, Any] = {
        "begins": f"{begins:%Y-%m-%d %H:%M}",
        "event": list(event.names),
        "falls": list(play.impact.falls),
        "open_at_once": bool(play.clock.between(0.0, 1 / 60) > 0),
        "per": counters.per(COUNTER),
        "length": _spread(np.maximum.reduce([*play.back.values(), play.begin]) - play.begin),
        "no_loss": _chance(play),
        "services": [_service(estate, play, loss) for loss in sorted(play.back)],
        "halls": [hall.document(estate) for hall in play.halls.values()],
        "timeline": timeline(estate, event, plan, play.restores, play.halls, 1 - _chance(play)["chance"]),
        "shutdown": steps,
    }
    taken_over = any(hall.usable for hall in play.halls.values())
    shares = shares_of(estate, plan, event, details["length"]["mean"], halls=taken_over, fixed=lasts_h is not None)
    question = {"events": list(event.names), "at": f"{begins:%Y-%m-%d %H:%M}", "lasts_h": lasts_h}
    return Answer(
        "continuity", question, estate.name, estate.digest, estate.overrides, seed, replications,
        (*figures, *_shutdown_figures(estate, plan, event, steps)), details,
        assumed_values(estate, shares), CARRIES_OVER, DOES_NOT_CARRY_OVER,
    )  # fmt: skip


def _played(
    estate: Estate, plan: Continuity, event: Event, begins: dt.datetime, lasts_h: float | None,
    counters: CounterHours, streams: Streams,
) -> Play:  # fmt: skip
    """Play the event: who loses what, until when, what the halls do."""
    records = estate.records
    impact = Failures(estate, build_network(estate)).impact(event.entries)
    begin, end = spans(estate, event, begins, lasts_h, streams)
    lost = sorted({*impact.lost, *impact.designed_lost})
    restores = {(service, city): restore_of(records, event, service, city, begins) for service, city in lost}
    back = {loss: np.where(end > begin, np.minimum(end, restores[loss].after_h), begin) for loss in lost}
    back = {loss: np.maximum.reduce([back[one] for one in _with_needs(estate, loss, lost)]) for loss in lost}
    longest_d = int(max((float(one.max()) for one in back.values()), default=0.0) / 24) + 400
    clock = OpenClock(counters, business_days(records), begins, BACK_D, longest_d)
    fallen = frozenset((*impact.failed, *impact.falls))
    halls = {}
    for city in records.cities:
        own = {service: back[service, city] for service, of in lost if of == city}
        ages = _ages(estate, plan, city, begins, streams)
        older = {service: restores[service, city] for service in own}
        found = hall_of(estate, plan, city, fallen, clock, counters, begin, end, own, older, ages, streams)
        if found:
            halls[city] = found
    return Play(event, impact, begin, back, restores, halls, clock)


def _ages(estate: Estate, plan: Continuity, city: str, begins: dt.datetime, streams: Streams) -> Floats | None:
    """Return how old the last copy of a city's emergency counter is at the event (h); None without one."""
    for id_, counter in estate.records.emergency_counters.items():
        if counter.city == city:
            job = next(job for job in estate.records.jobs.values() if job.fills == id_)
            return copy_ages(job, plan.copy_fails, begins, streams)
    return None


def _with_needs(estate: Estate, loss: Loss, lost: Sequence[Loss]) -> list[Loss]:
    """Return a lost service with all that it needs and that is lost for the same city."""
    found, waiting = [], [loss[0]]
    while waiting:
        one = (waiting.pop(), loss[1])
        if one in found or one not in lost:
            continue
        found.append(one)
        designed = estate.records.designed_services.get(one[0])
        waiting += designed.needs if designed else ()
    return found


def _figures(estate: Estate, play: Play, city: str) -> list[Predicted]:
    """Return a city's figures: its hall's, and the hours without each service that it loses."""
    name, name_ja = estate.records.cities[city].name, estate.records.cities[city].name_ja
    made = []
    hall = play.halls.get(city)
    for key, title, title_ja, values, unit, better in hall.figures() if hall else ():
        made.append(_drawn(f"{city}.{key}", (f"{name}: {title}", f"{name_ja} {title_ja}"), values, unit, better))
    for loss in sorted(one for one in play.back if one[1] == city):
        title, title_ja = _titles(estate, loss[0])
        hours = play.clock.between(play.begin, play.back[loss])
        titles = (f"{name}: counter hours without {title}", f"{name_ja} {title_ja} 停止(開庁時間)")
        made.append(_drawn(f"{city}.{loss[0]}.hours-without", titles, hours, "h", "lower", COUNTER))
    return made


def _drawn(id_: str, titles: tuple[str, str], values: Floats, unit: str, better: Better, per: str = "") -> Predicted:
    return drawn(id_, titles, of_independent(values), unit, better, per)


def _service(estate: Estate, play: Play, loss: Loss) -> dict[str, Any]:
    """Return a lost service: how long it is away, and how it comes back."""
    title, title_ja = _titles(estate, loss[0])
    restore = play.restores[loss]
    restored = play.back[loss] >= restore.after_h
    return {
        "service": loss[0], "city": loss[1], "title": title, "title_ja": title_ja,
        "realised": loss in play.impact.lost,
        "hours": _spread(play.back[loss] - play.begin),
        "counter_hours": _spread(play.clock.between(play.begin, play.back[loss])),
        "restored_from": restore.backup, "restored_share": float(np.mean(restored)),
        "emergency": loss[1] in play.halls and loss[0] in play.halls[loss[1]].replaces,
    }  # fmt: skip


def _shutdown_figures(
    estate: Estate, plan: Continuity, event: Event, steps: Sequence[dict[str, Any]]
) -> list[Predicted]:
    """Return how much of the battery an orderly shutdown leaves (min); nothing where the grid stays."""
    records = estate.records
    found = []
    for path in event.grids:
        grid = path.partition(".")[2]
        fed = [key for key, one in records.power_sources.items() if one.kind == "ups" and grid in one.fed_by]
        battery_s = battery_h(records, longest_battery(records, fed)) * 3600
        spare = (battery_s - len(steps) * plan.shutdown_step_s) / 60
        titles = (f"Battery left after an orderly shutdown: {path}", f"順次停止後のUPS残り時間: {path}")
        found.append(reckoned(f"{grid}.shutdown-spare", titles, spare, "min", "higher"))
    return found


def _chance(play: Play) -> dict[str, float]:
    """Return the chance that the event costs nothing: battery, generator or vehicle bridge it."""
    longest = np.maximum.reduce([*play.back.values(), play.begin])
    found = chance(longest <= play.begin)
    return {"chance": found.mean, "half_width": found.half_width}


def _spread(values: Floats) -> dict[str, float]:
    """Return mean and percentiles of values over all plays."""
    percentiles = {f"p{percent}": float(np.percentile(values, percent)) for percent in (1, 50, 99)}
    return {"mean": float(values.mean()), **percentiles}


def _titles(estate: Estate, service: str) -> tuple[str, str]:
    records = estate.records
    record = records.services.get(service) or records.designed_services[service]
    return record.name, record.name_ja
