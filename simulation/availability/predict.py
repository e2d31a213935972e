"""The availability of an estate's services over years: exactly where parts are independent, by many lives where not.

A figure is the exact unavailability of independent parts, and what ties add to it: the difference of lives with and
without ties on the same draws, which varies far less than the lives do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal

from inventory.models.estate import Estate
from simulation.answer import Answer, Predicted, drawn
from simulation.assumptions import assumed_values
from simulation.availability.budget import by_component, by_kind, longest
from simulation.availability.counter_hours import COUNTER
from simulation.availability.hours import ALL_HOURS
from simulation.availability.kept import chance, holds, spread
from simulation.availability.model import Model, model_of
from simulation.availability.sensitivity import sensitivity, shares_of
from simulation.availability.served import Served
from simulation.availability.ties import STAGES
from simulation.availability.weekly import Shares, Weekly
from simulation.availability.years import Years, live_through
from simulation.errors import MechanismInvalid
from simulation.intervals import Interval

SEED = 1
REPLICATIONS = 100
YEARS = 10.0
MOST_YEARS = 1000.0
NAMES = {"all": ALL_HOURS.name, "counter": COUNTER}
CARRIES_OVER = (
    (
        "What depends on what: single and double failures cost the same services as `twin impact` says.",
        "何が何に依存するか。単一・二重障害の影響は `twin impact` と一致する。",
    ),
    (
        "Which causes weigh most and which promise is the weakest, as long as the figures' order of magnitude holds.",
        "どの原因が大きいか、どの約束が最も弱いか(故障率の桁が合っている限り)。",
    ),
)
DOES_NOT_CARRY_OVER = (
    (
        "The minutes themselves where a figure is assumed: replace it by contracts and operators' records.",
        "仮定値に基づく分数そのもの。契約値と運用実績に置き換えること。",
    ),
    (
        "Ageing, faults in releases, mistakes of people beyond failed switch-overs, attacks: none of them is modelled.",
        "経年劣化、リリース不良、切替失敗以外の人為ミス、攻撃は対象外。",
    ),
    (
        "Users' own buildings and terminals: who is gone with a hall misses no service here.",
        "利用者側の庁舎・端末の障害。庁舎ごと失われた場合の業務停止は数えない。",
    ),
)


def predict(
    estate: Estate,
    services: Collection[str] = (),
    hours: Literal["all", "counter"] = "all",
    years: float = YEARS,
    seed: int = SEED,
    replications: int = REPLICATIONS,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Return the availability of services by city, of all hours or counter hours, over lives of so many years.

    Raises MechanismInvalid for unknown services, for an estate without what it takes, and for lives without length.
    """
    if not 0 < years <= MOST_YEARS:
        raise MechanismInvalid([f"lives of {years:g} years, expected more than 0, at most {MOST_YEARS:g}"])
    if replications < 2:
        raise MechanismInvalid([f"{replications} replications, expected at least 2"])
    model = model_of(estate, services)
    weekly = Weekly(model.ties.components, model.week)
    shares = {one.key: weekly.shares(model.ties.needs[one.key]) for one in model.served}
    lived = live_through(model, years, replications, seed, progress)
    name = NAMES[hours]
    rows = [_service(model, one, shares[one.key], lived, name) for one in model.served]
    promises = (
        [_promise(model, lived, id_) for id_ in estate.records.availability.promises]
        if estate.records.availability
        else []
    )
    moves = sensitivity(model, _weakest(model, rows), shares, name)
    assumed = assumed_values(estate, shares_of(moves))
    details = {
        "hours": name,
        "per": model.counters.per(name),
        "minutes_per_year": model.counters.minutes(name),
        "years": years,
        "denominators": [
            {"name": one, "per": model.counters.per(one), "minutes_per_year": model.counters.minutes(one)}
            for one in NAMES.values()
        ],
        "services": rows,
        "promises": promises,
        "weakest": _summary(promises),
        "sensitivity": moves,
    }
    question = {"services": sorted(services), "hours": hours, "years": years}
    figures = (*(_figure(model, one, shares[one.key], lived, name) for one in model.whole), *_kept(model, promises))
    return Answer(
        "availability", question, estate.name, estate.digest, estate.overrides, seed, replications, figures, details,
        assumed, CARRIES_OVER, DOES_NOT_CARRY_OVER,
    )  # fmt: skip


def availability(shares: Shares, lived: Years, key: str, hours: str) -> Interval:
    """Return a service's availability: exact for independent parts, less what ties cost, with the latter's interval."""
    ties = lived.ties(key, hours)
    return Interval(1 - shares.of(hours) - ties.mean, ties.half_width, ties.confidence, ties.samples)


def _figure(model: Model, one: Served, shares: Shares, lived: Years, hours: str) -> Predicted:
    service, service_ja = _titles(model, one)
    city = model.estate.records.cities[one.city]
    titles = (f"{city.name}: {service}", f"{city.name_ja} {service_ja}")
    found = availability(shares, lived, one.key, hours)
    return drawn(f"{one.city}.{one.service}.availability", titles, found, "1", "higher", model.counters.per(hours))


def _kept(model: Model, promises: list[dict[str, Any]]) -> list[Predicted]:
    """Return for each promise about what was asked the chance that its weakest service keeps it over one year."""
    stated = model.estate.records.availability
    assert stated is not None
    found = []
    for promise in promises:
        if not promise["services"]:
            continue
        record, weakest = stated.promises[promise["id"]], promise["services"][0]
        titles = (f"Kept over a year by the weakest: {record.name}", f"最も弱い業務が1年守る確率: {record.name_ja}")
        interval = Interval(weakest["chance"], weakest["half_width"], weakest["confidence"], promise["lives"])
        found.append(drawn(f"promises.{promise['id']}.kept", titles, interval, "1", "higher", "one year"))
    return found


def _service(model: Model, one: Served, shares: Shares, lived: Years, hours: str) -> dict[str, Any]:
    """Return all that there is to say of one service."""
    minutes = model.counters.minutes(hours)
    found = availability(shares, lived, one.key, hours)
    ties = {stage: lived.cost(one.key, hours, stage) for stage in STAGES}
    components = by_component(model.parts, shares, hours, minutes)
    outages = lived.full.outages_per_year(one.key)
    away_h = lived.full.unavailability(one.key).mean * 8760
    title, title_ja = _titles(model, one)
    return {
        "service": one.service, "city": one.city, "place": one.place, "title": title, "title_ja": title_ja,
        "availability": found.mean, "low": found.low, "high": min(found.high, 1.0), "confidence": found.confidence,
        "minutes": (1 - found.mean) * minutes, "half_width_minutes": found.half_width * minutes,
        "independent_minutes": shares.of(hours) * minutes,
        "outages_per_year": outages.mean, "outages_half_width": outages.half_width,
        "mean_outage_h": away_h / outages.mean if outages.mean > 0 else 0.0,
        "by_kind": by_kind(model.parts, components, ties, minutes),
        "by_component": longest(components),
        "one_year": spread(lived.single.shares(one.key, hours)),
        "all_years": spread(lived.full.shares(one.key, hours)),
    }  # fmt: skip


def _promise(model: Model, lived: Years, id_: str) -> dict[str, Any]:
    """Return by service the chance to keep a promise over one year, the weakest first."""
    stated = model.estate.records.availability
    assert stated is not None
    promise = stated.promises[id_]
    hours = NAMES[promise.hours]
    rows = []
    for one in model.whole:
        if promise.services and one.service not in promise.services:
            continue
        away = lived.single.shares(one.key, hours)
        found = chance(holds(away, promise.target))
        longer = chance(holds(lived.full.shares(one.key, hours), promise.target))
        rows.append({
            "service": one.service, "city": one.city, "chance": found.mean, "half_width": found.half_width,
            "confidence": found.confidence, "mean": float(1 - away.mean()),
            "chance_all_years": longer.mean, "half_width_all_years": longer.half_width,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["chance"], row["mean"], row["service"], row["city"]))
    return {
        "id": id_, "title": promise.name, "title_ja": promise.name_ja, "hours": hours, "per": model.counters.per(hours),
        "target": promise.target, "allowed_minutes": (1 - promise.target) * model.counters.minutes(hours),
        "lives": len(lived.single.away), "services": rows,
    }  # fmt: skip


def _summary(promises: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the promise that is kept with the least chance, and by which service; None where nothing is promised."""
    pairs = [(promise, row) for promise in promises for row in promise["services"][:1]]
    if not pairs:
        return None
    promise, row = min(pairs, key=lambda pair: (pair[1]["chance"], pair[0]["id"]))
    return {"promise": promise["id"], "service": row["service"], "city": row["city"], "chance": row["chance"]}


def _weakest(model: Model, rows: list[dict[str, Any]]) -> list[Served]:
    """Return the service of each city that is away longest."""
    found = []
    for city in dict.fromkeys(one.city for one in model.whole):
        own = [one for one in model.whole if one.city == city]
        away = {one.key: row["minutes"] for one, row in zip(model.served, rows, strict=True)}
        found.append(max(own, key=lambda one: (away[one.key], one.key)))
    return found


def _titles(model: Model, one: Served) -> tuple[str, str]:
    records = model.estate.records
    record = records.services.get(one.service) or records.designed_services[one.service]
    return record.name, record.name_ja
