"""Rules on failure figures, repair crews, hazards, maintenance windows, and the promises for a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.failing import SECTIONS, kinds
from inventory.names import expected_name
from inventory.problems import Problem
from inventory.rules.scope import Scope

WEEK_S = 7 * 86400.0


def figures_name_kinds(scope: Scope) -> Iterator[Problem]:
    """A failure figure is that of a kind of things, or names the entries that it is for, each entry once."""
    known = kinds()
    taken: dict[str, str] = {}
    for id_, figure in scope.records.failure_figures.items():
        path = f"failure_figures.{id_}"
        if not figure.of and id_ not in known:
            yield scope.problem(path, f"no kind `{id_}`", expected_name(id_, known))
        if figure.of and id_ in known:
            yield scope.problem(f"{path}.of", f"`{id_}` is a kind", "another id for the figure of single entries")
        yield from _entries(scope, f"{path}.of", figure.of)
        for entry in figure.of:
            if taken.setdefault(entry, id_) != id_:
                yield scope.problem(f"{path}.of", f"`{entry}` has the figure `{taken[entry]}` too", "one figure each")


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Crews, contracts, sites, entries and services that failures name are there."""
    records = scope.records
    for id_, figure in records.failure_figures.items():
        yield from scope.unknown(f"failure_figures.{id_}.crew", "repair crew", figure.crew, "repair_crews")
    for id_, hazard in records.hazards.items():
        for name in hazard.hits:
            yield from scope.unknown(f"hazards.{id_}.hits.{name}", "site", name, "sites")
    for id_, window in records.maintenance_windows.items():
        yield from _entries(scope, f"maintenance_windows.{id_}.entries", window.entries)
    for id_, crew in records.repair_crews.items():
        yield from _all_known(scope, f"repair_crews.{id_}.contracts", "contract", crew.contracts, "contracts")
    for id_, vehicle in records.power_vehicles.items():
        yield from _all_known(scope, f"power_vehicles.{id_}.serves", "site", vehicle.serves, "sites")
    for id_, promise in (records.availability.promises if records.availability else {}).items():
        path = f"availability.promises.{id_}.services"
        yield from _all_known(scope, path, "service", promise.services, "services", "designed_services")


def repair_is_quicker_than_failure(scope: Scope) -> Iterator[Problem]:
    """Failures are rare: the mean time between them is longer than the mean repair, and neither is zero."""
    for id_, figure in scope.records.failure_figures.items():
        if not 0 < figure.mttr_s < figure.mtbf_s:
            found = f"repair takes {figure.mttr_s / 3600:g} h, failures come every {figure.mtbf_s / 3600:g} h"
            yield scope.problem(f"failure_figures.{id_}", found, "0 < mttr < mtbf")


def failing_switch_overs_end(scope: Scope) -> Iterator[Problem]:
    """Where a switch-over may fail, somebody does it by hand, in a time above zero."""
    for id_, figure in scope.records.failure_figures.items():
        if figure.switch_over_fails and not figure.by_hand_s:
            found = f"fails with a chance of {figure.switch_over_fails:g}, and nobody switches over by hand"
            yield scope.problem(f"failure_figures.{id_}.switch_over_fails", found, "`by_hand`: how long that takes")


def crews_have_hours(scope: Scope) -> Iterator[Problem]:
    """A crew works around the clock, or opens before it closes; a contract has one crew."""
    taken: dict[str, str] = {}
    for id_, crew in scope.records.repair_crews.items():
        path = f"repair_crews.{id_}"
        if (crew.opens_s is None) != (crew.closes_s is None):
            yield scope.problem(path, "states one end of its hours", "both `opens` and `closes`, or neither")
        elif crew.opens_s is not None and crew.closes_s is not None and crew.opens_s >= crew.closes_s:
            yield scope.problem(f"{path}.closes", "closes before it opens", "a later time of the same day")
        for name in crew.contracts:
            if taken.setdefault(name, id_) != id_:
                found = f"`{name}` is repaired by `{taken[name]}` too"
                yield scope.problem(f"{path}.contracts", found, "one crew for a contract")


def hazards_are_rare(scope: Scope) -> Iterator[Problem]:
    """A hazard comes more seldom than its damage lasts, and does last."""
    for id_, hazard in scope.records.hazards.items():
        if not 0 < hazard.out_for_s < hazard.every_s:
            found = f"sites are lost for {hazard.out_for_s / 86400:g} d, every {hazard.every_s / 86400:g} d"
            yield scope.problem(f"hazards.{id_}", found, "0 < out_for < every")


def windows_fit_their_weeks(scope: Scope) -> Iterator[Problem]:
    """The windows of all entries, one after the other, have a length and end before they come again."""
    for id_, window in scope.records.maintenance_windows.items():
        whole_s = window.lasts_s * len(window.entries)
        if not 0 < whole_s < window.every_weeks * WEEK_S:
            found = f"{len(window.entries)} windows of {window.lasts_s / 3600:g} h every {window.every_weeks} weeks"
            yield scope.problem(f"maintenance_windows.{id_}.lasts", found, "more than 0 h, less than the time between")


def reserves_have_their_entry(scope: Scope) -> Iterator[Problem]:
    """Reserves of power, of cooling and of disks are those of a source, a room and a piece of hardware."""
    sections = (("power_reserves", "power source", "power_sources"), ("heat_reserves", "room", "rooms"),
                ("disk_arrays", "hardware", "hardware"))  # fmt: skip
    for section, kind, of in sections:
        for id_ in scope.entries(section):
            yield from scope.unknown(f"{section}.{id_}", kind, id_, of)


def power_has_its_kind(scope: Scope) -> Iterator[Problem]:
    """Only an uninterruptible supply has a battery, only a generator starts and burns fuel."""
    for id_, reserve in scope.records.power_reserves.items():
        source = scope.records.power_sources.get(id_)
        if source is None:
            continue
        path = f"power_reserves.{id_}"
        if reserve.autonomy_s is not None and source.kind != "ups":
            yield scope.problem(f"{path}.autonomy", f"is that of a {source.kind}", "an uninterruptible supply's alone")
        starts = reserve.starts_within_s is not None or reserve.fuel_for_s is not None or reserve.start_fails
        if starts and source.kind != "generator":
            found = f"a {source.kind} that starts or burns fuel"
            yield scope.problem(path, found, "`starts_within`, `start_fails` and `fuel_for` of a generator alone")


def disks_leave_some_over(scope: Scope) -> Iterator[Problem]:
    """Hardware with disks can lose fewer than it has."""
    for id_, array in scope.records.disk_arrays.items():
        if array.spare_disks >= array.disks:
            found = f"may lose {array.spare_disks} of {array.disks} disks"
            yield scope.problem(f"disk_arrays.{id_}.spare_disks", found, "fewer than `disks`")


def counters_open_for_the_year(scope: Scope) -> Iterator[Problem]:
    """The counter hours of a year of failures are the load's, or stated here where the estate has no load."""
    stated = scope.records.availability
    if stated is None or not scope.whole("load"):
        return
    if scope.records.load is None and (stated.opens_s is None or stated.closes_s is None):
        yield scope.problem("availability", "nobody says when counters open", "`opens` and `closes`, or a `load`")
    elif stated.opens_s is not None and (stated.closes_s is None or stated.opens_s >= stated.closes_s):
        yield scope.problem("availability.closes", "closes before it opens", "a later time of the same day")


def _all_known(scope: Scope, path: str, kind: str, names: Iterable[str], *sections: str) -> Iterator[Problem]:
    """Yield the names of a list that are the id of nothing in the sections."""
    for index, name in enumerate(names):
        yield from scope.unknown(f"{path}.{index}", kind, name, *sections)


def _entries(scope: Scope, path: str, entries: Iterable[str]) -> Iterator[Problem]:
    """Yield the dotted paths that name nothing which can fail."""
    for index, entry in enumerate(entries):
        section, _, id_ = entry.partition(".")
        where = f"{path}.{index}"
        if section not in SECTIONS:
            found = f"no section `{section}` of what can fail"
            yield scope.problem(where, found, expected_name(section, SECTIONS))
        else:
            yield from scope.unknown(where, "entry", id_, section)
