"""What every entry of an estate needs to work, as needs over components: the tree behind `topology.failures`.

A site houses rooms, a room racks, racks and feeds hardware, hardware devices and virtual machines, ducts circuits.
Components are named by the dotted path of their entry; what an entry can suffer beside its own failures stands behind
a slash (`rooms.x/heat`). Leaves figures to `parts`, services to `served`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from inventory.models.estate import Estate
from inventory.models.facility import PowerSource
from simulation.availability.structure import AtLeast, Need, Works

ALWAYS = AtLeast(0, ())
"""What is always there."""


class Dependencies:
    """An estate, ready to be asked what an entry needs.

    `fails` says which components fail at all; others are left out. With `in_time` supplies bridge outages of the grid
    by battery and generator and clusters start machines elsewhere, so that only what lasts is a failure; without it
    the needs are those of the instant, as `topology.failures` has them.
    """

    def __init__(self, estate: Estate, fails: Callable[[str], bool], *, in_time: bool) -> None:
        """Collect once what is named from the other side."""
        self.records = records = estate.records
        self.fails = fails
        self.in_time = in_time
        self.carrier_of = {name: id_ for id_, item in records.hardware.items() for name in item.carries}
        self.cluster_of = {host: id_ for id_, cluster in records.clusters.items() for host in cluster.hosts}
        self.switches: dict[str, list[str]] = {}
        for group in records.switch_groups.values():
            for name in group.attaches:
                self.switches.setdefault(name, []).extend(group.members)
        self.up = functools.cache(self._up)

    def works(self, component: str) -> Need:
        """Return the need of a component itself; nothing where it does not fail."""
        return Works(component) if self.fails(component) else ALWAYS

    def _up(self, path: str) -> Need:
        """Return what an entry needs to work, by its dotted path."""
        section, _, id_ = path.partition(".")
        record = getattr(self.records, section)[id_]
        needs = [self.works(path)]
        if section == "sites":
            needs += [self.works(f"{path}/{hazard}") for hazard in self.records.hazards]
        elif section == "rooms":
            needs += [self.up(f"sites.{record.site}"), self.works(f"{path}/heat")]
        elif section == "racks":
            needs.append(self.up(f"rooms.{record.room}"))
        elif section == "power_sources":
            needs += [self.up(f"sites.{record.site}"), self._supply(record)]
        elif section == "power_feeds":
            needs.append(self.up(f"power_sources.{record.source}"))
        elif section == "hardware":
            rack = self.records.racks[record.rack]
            feeds = [self.up(f"power_feeds.{name}") for name in rack.feeds[: record.supplies]]
            needs += [self.up(f"racks.{record.rack}"), either(feeds), self.works(f"{path}/disks")]
        elif section == "devices":
            carrier = self.carrier_of.get(id_)
            needs += [self.up(f"sites.{record.site}"), self.up(f"hardware.{carrier}") if carrier else ALWAYS]
        elif section == "circuits":
            groups = self.records.risk_groups.items()
            needs += [self.up(f"risk_groups.{name}") for name, group in groups if id_ in group.circuits]
        elif section == "virtual_machines":
            needs.append(self._hosted(record.host))
        return every(needs)

    def _supply(self, source: PowerSource) -> Need:
        """Return what feeds a source of power; in time an outage that outlasts battery and generator."""
        if not source.fed_by:
            return ALWAYS
        if self.in_time:
            return self.works(f"power_sources.{supply_of(source)}/supply")
        return either(self.up(f"power_sources.{name}") for name in source.fed_by)

    def _hosted(self, host: str) -> Need:
        """Return what a machine needs of its host, or in time of as many hosts as its cluster needs."""
        cluster = self.records.clusters.get(self.cluster_of.get(host, ""))
        own = self._attached(host)
        if cluster is None:
            return own
        storage = either(self.up(f"hardware.{name}") for name in cluster.storage) if cluster.storage else ALWAYS
        if not self.in_time:
            return every([own, storage])
        hosts = [self._attached(name) for name in cluster.hosts]
        enough = at_least(len(hosts) - cluster.tolerates, hosts)
        return every([either([own, enough]), storage, self.works(f"clusters.{self.cluster_of[host]}")])

    def _attached(self, host: str) -> Need:
        """Return what a host needs: itself and one of its switches."""
        switches = self.switches.get(host, [])
        attached = either(self.up(f"hardware.{name}") for name in switches) if switches else ALWAYS
        return every([self.up(f"hardware.{host}"), attached])


def supply_of(source: PowerSource) -> str:
    """Return the name of what a supply feeds on: supplies that feed on the same lose it together."""
    return "+".join(source.fed_by)


def every(needs: Iterable[Need]) -> Need:
    """Return the need of all, each once; what is always there is left out."""
    flat: dict[Need, None] = {}
    for need in needs:
        flat.update(dict.fromkeys(_series(need)))
    return next(iter(flat)) if len(flat) == 1 else AtLeast(len(flat), tuple(flat))


def either(needs: Iterable[Need]) -> Need:
    """Return the need of any one; always met where one of them is."""
    return at_least(1, dict.fromkeys(needs))


def at_least(least: int, needs: Iterable[Need]) -> Need:
    """Return the need of so many; those always met count. What all of them need stands before them, once."""
    found = list(needs)
    rest = [need for need in found if need != ALWAYS]
    missing = least - (len(found) - len(rest))
    if missing <= 0:
        return ALWAYS
    if len(rest) == 1:
        return rest[0]
    series = [_series(need) for need in rest]
    common = [part for part in series[0] if all(part in other for other in series[1:])] if rest else []
    if not common:
        return AtLeast(missing, tuple(rest))
    shared = set(common)
    return every([*common, at_least(missing, [every(part for part in one if part not in shared) for one in series])])


def _series(need: Need) -> tuple[Need, ...]:
    """Return the parts that a need needs all of."""
    return need.of if isinstance(need, AtLeast) and need.least == len(need.of) else (need,)
