"""The components of an estate with their figures: entries by their kinds, arrays of disks, heat, blackouts, hazards.

What takes several steps to fail (disks beyond the spare ones, cooling until the room is too hot, an outage of the
grid that outlasts battery and generator) becomes one component with the rate and the length that follow. Leaves what
ties components to `ties`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from inventory.failing import DISK, SECTIONS, crew_of, figure_of
from inventory.models.estate import EstateRecords
from inventory.models.failures import NO_RESERVE, FailureFigure, RepairCrew
from simulation.availability.components import Component, System
from simulation.availability.crews import RepairedGroup
from simulation.availability.dependencies import ALWAYS, either, every, supply_of
from simulation.availability.exact import HOURS_PER_YEAR, exact_figures
from simulation.availability.power import Supply, blackout
from simulation.availability.presence import calendar_mean_h
from simulation.availability.service_hours import ServiceHours
from simulation.availability.structure import Need, works

HOUR_S = 3600.0
WITHIN_OTHERS = frozenset({"grid", "generator"})
"""Kinds of power sources that fail only what feeds on them for too long."""


@dataclasses.dataclass(frozen=True)
class Part:
    """A component, its kind, the words for that kind in both languages, and the entries whose figures made it."""

    component: Component
    kind: str
    titles: tuple[str, str]
    stands_on: tuple[str, ...]


def parts_of(records: EstateRecords) -> dict[str, Part]:
    """Return every part of an estate that fails, by the name of its component."""
    found = [*_entries(records), *_disks(records), *_heat(records), *_blackouts(records), *_hazards(records)]
    return {part.component.name: part for part in found}


def places_of_users(records: EstateRecords) -> frozenset[str]:
    """Return the sites where users sit: who is gone with a site misses no service, so these never fail here.

    A data centre's own operators do not make it one.
    """
    terminals = {device.site for device in records.devices.values() if device.role == "terminal"}
    segments = records.every_segment
    instances = (one for service in records.designed_services.values() for one in service.instances.values())
    found = terminals | {segments[name].site for one in instances for name in one.users}
    return frozenset(name for name in found if records.sites[name].kind != "data-centre")


def timed(figure: FailureFigure, crew: RepairCrew | None) -> tuple[float, float]:
    """Return mean (h) and squared coefficient of variation of the time from a failure to its repair, in hours of work.

    The response is constant, the repair after it varies; both together are taken as log-normal of the same moments.
    """
    response = crew.response_s if crew else 0.0
    total = response + figure.mttr_s
    return total / HOUR_S, figure.repair_scv * (figure.mttr_s / total) ** 2


def service_of(crew: RepairCrew | None) -> ServiceHours | None:
    """Return the hours of service of a crew; None around the clock."""
    if crew is None or (crew.opens_s is None and crew.days == "every-day"):
        return None
    opens, closes = crew.opens_s or 0.0, 24 * HOUR_S if crew.closes_s is None else crew.closes_s
    return ServiceHours(opens / HOUR_S, closes / HOUR_S, 5 if crew.days == "weekdays" else 7)


def repaired(records: EstateRecords, path: str, name: str | None = None, *, shared: bool = True) -> Component | None:
    """Return an entry as a component by its figure and crew; None where it has no figure."""
    found, who = figure_of(records, path), crew_of(records, path)
    if found is None:
        return None
    mttr_h, scv = timed(found[1], who[1] if who else None)
    crew = who[0] if who and shared else None
    return Component(name or path, found[1].mtbf_s / HOUR_S, mttr_h, scv, crew, service_of(who[1] if who else None))


def _entries(records: EstateRecords) -> Iterator[Part]:
    """Yield what fails by itself."""
    users = places_of_users(records)
    for section in SECTIONS:
        if section == "cooling_units":
            continue
        for id_ in getattr(records, section):
            path = f"{section}.{id_}"
            found = figure_of(records, path)
            component = repaired(records, path)
            if found is None or component is None or (section == "sites" and id_ in users):
                continue
            if section == "power_sources" and records.power_sources[id_].kind in WITHIN_OTHERS:
                continue
            figure = records.failure_figures[found[0]]
            yield Part(component, found[0], (figure.name, figure.name_ja), (f"failure_figures.{found[0]}", path))


def _disks(records: EstateRecords) -> Iterator[Part]:
    """Yield arrays that lost more disks than may: birth and death while disks are exchanged, then back from backups."""
    figure = records.failure_figures.get(DISK)
    if figure is None:
        return
    for id_, array in records.disk_arrays.items():
        who = crew_of(records, f"hardware.{id_}")
        exchange = Component("", figure.mtbf_s / HOUR_S, timed(figure, who[1] if who else None)[0])
        exchange = dataclasses.replace(exchange, service=service_of(who[1] if who else None))
        group = RepairedGroup(
            array.disks, array.disks - array.spare_disks, exchange.mtbf_h, max(calendar_mean_h(exchange), 1e-6)
        )
        restore_h = (figure.mttr_s if figure.restore_s is None else figure.restore_s) / HOUR_S
        component = Component(f"hardware.{id_}/disks", 1 / group.outages_per_h, restore_h)
        yield Part(component, DISK, (figure.name, figure.name_ja), (f"failure_figures.{DISK}", f"disk_arrays.{id_}"))


def _heat(records: EstateRecords) -> Iterator[Part]:
    """Yield rooms that get too hot: cooling below what the hardware draws, for longer than the room stands it."""
    restart_h = _restart_h(records)
    for id_, reserve in records.heat_reserves.items():
        units = [name for name, unit in records.cooling_units.items() if unit.room == id_]
        racks = {name for name, rack in records.racks.items() if rack.room == id_}
        heat_w = sum(item.power_w for item in records.hardware.values() if item.rack in racks)
        made = [repaired(records, f"cooling_units.{name}", name, shared=False) for name in units]
        components = [one for one in made if one is not None]
        if not components or heat_w == 0:
            continue
        figure = figure_of(records, f"cooling_units.{units[0]}")
        whole = [dataclasses.replace(one, mttr_h=calendar_mean_h(one), service=None) for one in components]
        failing = {one.name for one in whole}
        steady_w = sum(records.cooling_units[name].capacity_w for name in units if name not in failing)
        found = exact_figures(System(tuple(whole), {"cool": _enough(records, sorted(failing), heat_w - steady_w)}))[0]
        lasts = math.exp(-reserve.too_hot_after_s / HOUR_S / found.mean_outage_h) if found.outages_per_year else 0.0
        if lasts == 0 or figure is None:
            continue
        between_h = HOURS_PER_YEAR / found.outages_per_year / lasts
        component = Component(f"rooms.{id_}/heat", between_h, found.mean_outage_h + restart_h)
        titles = (figure[1].name, figure[1].name_ja)
        stands_on = (
            f"failure_figures.{figure[0]}",
            f"heat_reserves.{id_}",
            *(f"cooling_units.{name}" for name in units),
        )
        yield Part(component, figure[0], titles, stands_on)


def _enough(records: EstateRecords, units: list[str], heat_w: float) -> Need:
    """Return the need of any least set of cooling units that takes a room's heat away."""
    if heat_w <= 0:
        return ALWAYS
    least: list[frozenset[str]] = []
    for size in range(1, len(units) + 1):
        for chosen in map(frozenset, combinations(units, size)):
            capacity_w = sum(records.cooling_units[name].capacity_w for name in chosen)
            if capacity_w >= heat_w and not any(smaller <= chosen for smaller in least):
                least.append(chosen)
    return either(every(map(works, sorted(chosen))) for chosen in least)


def _blackouts(records: EstateRecords) -> Iterator[Part]:
    """Yield losses of power behind supplies, one for all supplies that feed on the same; the longest battery counts."""
    seen: set[str] = set()
    for source in records.power_sources.values():
        name = supply_of(source)
        if source.kind != "ups" or not source.fed_by or name in seen:
            continue
        seen.add(name)
        alike = [key for key, one in records.power_sources.items() if one.kind == "ups" and supply_of(one) == name]
        supply = supply_behind(records, longest_battery(records, alike))
        lost = blackout(supply) if supply else None
        if supply is None or lost is None or lost.chance == 0:
            continue
        grid = next(one for one in source.fed_by if records.power_sources[one].kind == "grid")
        found = figure_of(records, f"power_sources.{grid}")
        assert found is not None
        restart_h = _restart_h(records)
        mean_h = lost.mean_h + restart_h
        component = Component(
            f"power_sources.{name}/supply", 1 / (supply.outages_per_h * lost.chance), mean_h,
            lost.scv * (lost.mean_h / mean_h) ** 2,
        )  # fmt: skip
        fed = tuple(f"power_sources.{one}" for one in source.fed_by)
        generators = tuple(f"failure_figures.{one[0]}" for path in fed if (one := figure_of(records, path)))
        vehicles = tuple(
            f"power_vehicles.{one}" for one, van in records.power_vehicles.items() if source.site in van.serves
        )
        reserves = tuple(f"power_reserves.{one}" for one in (*alike, *source.fed_by) if one in records.power_reserves)
        stands_on = dict.fromkeys((*generators, *fed, *reserves, *vehicles))
        yield Part(component, found[0], (found[1].name, found[1].name_ja), tuple(stands_on))


def battery_h(records: EstateRecords, ups: str) -> float:
    """Return how long the battery of an uninterruptible supply lasts (h)."""
    return (records.power_reserves.get(ups, NO_RESERVE).autonomy_s or 0.0) / HOUR_S


def longest_battery(records: EstateRecords, supplies: Sequence[str]) -> str:
    """Return which of some supplies has the longest battery."""
    return max(supplies, key=lambda ups: battery_h(records, ups))


def supply_behind(records: EstateRecords, ups: str) -> Supply | None:
    """Return what is behind an uninterruptible supply; None where no grid with a figure feeds it.

    Generators stand in for each other: all must fail to start, and they run one after the other.
    """
    source = records.power_sources[ups]
    figures = {name: figure_of(records, f"power_sources.{name}") for name in source.fed_by}
    grid = next((figures[name] for name in source.fed_by if records.power_sources[name].kind == "grid"), None)
    if grid is None:
        return None
    generators = [name for name in source.fed_by if records.power_sources[name].kind == "generator"]
    sets = [records.power_reserves.get(name, NO_RESERVE) for name in generators]
    runs_h = [found[1].mtbf_s / HOUR_S if (found := figures[name]) else math.inf for name in generators]
    vehicle = next((van for van in records.power_vehicles.values() if source.site in van.serves), None)
    return Supply(
        outages_per_h=HOUR_S / (grid[1].mtbf_s + grid[1].mttr_s),
        outage_h=grid[1].mttr_s / HOUR_S,
        outage_scv=grid[1].repair_scv,
        battery_h=battery_h(records, ups),
        start_fails=math.prod(one.start_fails for one in sets),
        starts_within_h=min((one.starts_within_s or 0.0 for one in sets), default=0.0) / HOUR_S,
        run_mtbf_h=sum(runs_h) if sets else math.inf,
        fuel_h=sum(math.inf if one.fuel_for_s is None else one.fuel_for_s / HOUR_S for one in sets) or math.inf,
        vehicle_comes=vehicle.comes if vehicle else 0.0,
        vehicle_h=vehicle.arrives_s / HOUR_S if vehicle else 0.0,
    )


def _hazards(records: EstateRecords) -> Iterator[Part]:
    """Yield the loss of whole sites. Sites that one event may hit fail apart: both at once is rarer than it counts."""
    users = places_of_users(records)
    for id_, hazard in records.hazards.items():
        for site, chance in hazard.hits.items():
            if chance == 0 or site in users:
                continue
            component = Component(f"sites.{site}/{id_}", hazard.every_s / HOUR_S / chance, hazard.out_for_s / HOUR_S)
            yield Part(component, hazard.kind, (hazard.name, hazard.name_ja), (f"hazards.{id_}",))


def _restart_h(records: EstateRecords) -> float:
    return records.availability.restart_after_power_s / HOUR_S if records.availability else 0.0
