"""What NetBox has no field for, as YAML on one line in the field `comments`, from where it is read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from inventory.models.estate import Estate
from inventory.spelling import flow, spelled

Rows = dict[str, list[dict[str, Any]]]
"""The rows of each of NetBox's models, by the name of the model's file."""


def kept(entry: str, record: BaseModel, **also: BaseModel) -> str:
    """Return an entry with all that it states, but its ports; `also` are entries without a place of their own."""
    more = {path: spelled(one) for path, one in also.items()}
    stated = {key: value for key, value in spelled(record).items() if key != "interfaces"}
    return flow({"entry": entry, **stated, **({"also": more} if more else {})})


class Belongings:
    """What has no table in NetBox, by what it is kept with.

    Flows are kept with what they lead to, jobs, the form runs that they make and backups with their device, emergency
    counters with their site, pairs of appliances and groups of switches with their first member, backups of the design
    and data interfaces with the first service that they name.
    """

    def __init__(self, estate: Estate) -> None:
        """Sort an estate's records by their holders; a data interface without a service is the data centre's."""
        self._found: dict[tuple[str, str], dict[str, BaseModel]] = {}
        for section, holder, id_, record in _held(estate):
            self._found.setdefault((section, holder), {})[f"{section}.{id_}"] = record

    def of(self, holder: str, *sections: str) -> dict[str, BaseModel]:
        """Return the records of some sections that are kept with an id, by path."""
        return {path: one for section in sections for path, one in self._found.get((section, holder), {}).items()}


def _held(estate: Estate) -> Iterator[tuple[str, str, str, BaseModel]]:
    """Yield the section, the holder, the id and the record of everything that is kept with something else."""
    records = estate.records
    services = {*records.services, *records.designed_services}
    yield from (("flows", one.destination, id_, one) for id_, one in records.flows.items())
    yield from (("designed_flows", one.destination, id_, one) for id_, one in records.designed_flows.items())
    yield from (("jobs", one.runs_on, id_, one) for id_, one in records.jobs.items())
    runs = {one.forms: one.runs_on for _, one in sorted(records.jobs.items(), reverse=True) if one.forms}
    yield from (("form_runs", holder, id_, records.form_runs[id_]) for id_, holder in runs.items())
    yield from _groups_of_jobs(estate)
    yield from (("backups", one.of, id_, one) for id_, one in records.backups.items())
    yield from (("emergency_counters", one.site, id_, one) for id_, one in records.emergency_counters.items())
    yield from (("appliance_pairs", one.members[0], id_, one) for id_, one in records.appliance_pairs.items())
    yield from (("switch_groups", one.members[0], id_, one) for id_, one in records.switch_groups.items())
    yield from (("designed_backups", one.of[0], id_, one) for id_, one in records.designed_backups.items())
    for id_, one in records.data_interfaces.items():
        ends = (one.source, *one.destinations)
        holder = next((end for end in ends if end in services), records.estate.data_centre)
        yield from (
            ("outside_systems", holder, end, records.outside_systems[end])
            for end in ends
            if end in records.outside_systems
        )
        yield ("data_interfaces", holder, id_, one)


def _groups_of_jobs(estate: Estate) -> Iterator[tuple[str, str, str, BaseModel]]:
    """Yield the groups of systems that jobs are of and no service, with units and patterns, by their first job."""
    records = estate.records
    designed = records.designed_services.values()
    functions = [name for one in records.services.values() for name in one.functions]
    functions += [name for one in designed for name in one.functions]
    served = {records.functions[name].group for name in functions} | {one.group for one in designed}
    holders: dict[str, str] = {}
    for _, job in sorted(records.jobs.items()):
        holders.setdefault(job.group, job.runs_on)
    for id_, holder in holders.items():
        if id_ not in served:
            group = records.system_groups[id_]
            yield ("introduction_units", holder, group.unit, records.introduction_units[group.unit])
            yield ("patterns", holder, group.pattern, records.patterns[group.pattern])
            yield ("system_groups", holder, id_, group)
