"""Rules on what the cities' work asks of servers and circuits."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Applications are services with a profile and seasons; stations are machines; best-effort lines circuits."""
    demand = scope.records.demand
    if demand is None:
        return
    whole = scope.whole("demand")
    for id_, application in demand.applications.items():
        here = f"demand.applications.{id_}"
        yield from scope.unknown(f"{here}.service", "service", application.service, "services", "designed_services")
        if application.profile not in demand.profiles and whole:
            known = ", ".join(sorted(demand.profiles))
            yield scope.problem(f"{here}.profile", f"no profile `{application.profile}`", f"one of: {known}")
        for index, name in enumerate(application.seasons):
            if name not in demand.seasons and whole:
                known = ", ".join(sorted(demand.seasons))
                yield scope.problem(f"{here}.seasons.{index}", f"no season `{name}`", f"one of: {known or 'none'}")
    for id_, station in demand.stations.items():
        for index, name in enumerate(station.machines):
            path = f"demand.stations.{id_}.machines.{index}"
            yield from scope.unknown(path, "machine", name, "devices", "virtual_machines")
    for id_ in demand.best_effort:
        yield from scope.unknown(f"demand.best_effort.{id_}", "circuit", id_, "circuits")


def demand_scales_from_a_load(scope: Scope) -> Iterator[Problem]:
    """What is asked scales from the rates of `load`."""
    if scope.records.demand and scope.records.load is None and scope.whole("load"):
        yield scope.problem("demand", "the estate states no load", "the section `load`, from which demand scales")


def machines_are_one_station(scope: Scope) -> Iterator[Problem]:
    """A machine is named by one station, and only once."""
    seen: dict[str, str] = {}
    demand = scope.records.demand
    for id_, station in demand.stations.items() if demand else ():
        for index, name in enumerate(station.machines):
            if name in seen:
                path = f"demand.stations.{id_}.machines.{index}"
                yield scope.problem(path, f"`{name}` is a machine of `{seen[name]}` already", "each machine once")
            seen[name] = id_


def every_server_is_a_station(scope: Scope) -> Iterator[Problem]:
    """The machines that serve an application are stations."""
    demand, records = scope.records.demand, scope.records
    if demand is None or not scope.whole("services", "designed_services"):
        return
    stations = {name for station in demand.stations.values() for name in station.machines}
    for id_, application in demand.applications.items():
        used: set[str] = set()
        if realised := records.services.get(application.service):
            used |= {name for one in realised.instances.values() for name in (one.application, one.database)}
        if designed := records.designed_services.get(application.service):
            used |= {name for one in designed.instances.values() for name in one.runs_on}
            stores = (store for one in designed.instances.values() for store in one.stores.values())
            used |= {name for store in stores for name in store.runs_on}
        hosts = {name for name, device in records.devices.items() if device.role in ("application", "database")}
        for name in sorted((used & {*hosts, *records.virtual_machines}) - stations):
            path = f"demand.applications.{id_}.service"
            yield scope.problem(path, f"`{name}` serves it and is no station", "each of its machines in `stations`")


def profiles_have_hours(scope: Scope) -> Iterator[Problem]:
    """A profile has parts of zero or more, and at least two hours in which something is asked."""
    demand = scope.records.demand
    for id_, profile in demand.profiles.items() if demand else ():
        for hour, part in profile.items():
            if part < 0:
                yield scope.problem(f"demand.profiles.{id_}.{hour}", f"{part:g} is negative", "a part of 0 or more")
        if sum(part > 0 for part in profile.values()) < 2:
            yield scope.problem(f"demand.profiles.{id_}", "names fewer than two busy hours", "at least two above 0")


def seasons_end_after_they_begin(scope: Scope) -> Iterator[Problem]:
    """A season of one year has its first day before its last."""
    demand = scope.records.demand
    for id_, season in demand.seasons.items() if demand else ():
        if season.days and season.days.first > season.days.last:
            expected = f"a day from {season.days.first} on"
            yield scope.problem(f"demand.seasons.{id_}.days.last", f"{season.days.last} is before the first", expected)


def best_effort_stays_below_the_contract(scope: Scope) -> Iterator[Problem]:
    """Least, likely and most rate rise, and the most is no more than the contract's."""
    demand = scope.records.demand
    for id_, spread in demand.best_effort.items() if demand else ():
        circuit = scope.records.circuits.get(id_)
        here = f"demand.best_effort.{id_}"
        if not spread.least_bps <= spread.likely_bps <= spread.most_bps:
            yield scope.problem(here, "the rates do not rise", "least, likely and most in this order")
        elif circuit and spread.most_bps > circuit.rate_bps:
            yield scope.problem(f"{here}.most", "is more than the contract's rate", f"at most {circuit.rate_text}")
