"""What falls when entries of the estate fail together, and which city then loses which service.

Power, rooms and racks take down what they hold, hosts their virtual machines, risk groups the circuits that run
through them. Leaves how long a loss lasts to `simulation`, and until a cluster has started a machine elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from inventory.models.estate import Estate
from inventory.models.facility import Hardware
from topology.designed_losses import DesignedLosses, Loss
from topology.graph import Islands, build_graph, islands, joined, wiring_graph
from topology.model import Network

SECTIONS = (
    "circuits", "devices", "carrier_networks", "sites", "rooms", "racks", "hardware", "power_sources", "power_feeds",
    "risk_groups", "virtual_machines",
)  # fmt: skip
"""Sections whose entries can fail, each named `section.id`."""

WIRED = frozenset({"circuits", "devices", "carrier_networks"})
"""Those of them that frames and packets pass through."""


@dataclasses.dataclass(frozen=True)
class Impact:
    """Entries that fail together, what falls with them, and the losses. All by dotted path, losses by service and city.

    `lost` are services that the lab realises, `designed_lost` those of the design; `beyond` and `designed_beyond` are
    losses that none of the failed entries causes alone.
    """

    failed: tuple[str, ...]
    falls: tuple[str, ...]
    lost: tuple[Loss, ...]
    beyond: tuple[Loss, ...] = ()
    designed_lost: tuple[Loss, ...] = ()
    designed_beyond: tuple[Loss, ...] = ()


class Failures:
    """An estate's network, ready to be asked what falls and who loses what."""

    def __init__(self, estate: Estate, network: Network) -> None:
        """Build the graph once; raises what `build_graph` raises."""
        self.estate = estate
        self.network = network
        self.graph = build_graph(network, estate)
        self.carrier_of = {device: id_ for id_, item in estate.records.hardware.items() for device in item.carries}
        self.design = DesignedLosses(estate, network)
        self.joined_without: dict[frozenset[str], Islands] = {}

    def candidates(self) -> tuple[str, ...]:
        """Return every entry that can fail, by dotted path, in the order of the sections."""
        records = self.estate.records
        found = [f"{section}.{id_}" for section in SECTIONS for id_ in getattr(records, section)]
        return tuple(path for path in found if not self._is_user(path))

    def impact(self, failed: Collection[str]) -> Impact:
        """Return what falls and who loses what when these fail together; raises KeyError for what is no entry."""
        for path in failed:
            section, _, id_ = path.partition(".")
            if section not in SECTIONS or id_ not in getattr(self.estate.records, section):
                raise KeyError(path)
        fallen = self._fallen(set(failed))
        found = self._islands(fallen)
        lost = tuple(sorted(self._lost(fallen, found)))
        designed = tuple(sorted(self.design.lost(fallen, found, lost)))
        return Impact(tuple(failed), tuple(sorted(fallen - set(failed))), lost, designed_lost=designed)

    def singles(self) -> list[Impact]:
        """Return the impact of every single failure."""
        return [self.impact((path,)) for path in self.candidates()]

    def doubles(self) -> Iterator[Impact]:
        """Yield the impact of every double failure that costs more than its parts alone, with what is beyond them."""
        alone = {one.failed[0]: one for one in self.singles()}
        for a, z in combinations(alone, 2):
            if z in alone[a].falls or a in alone[z].falls:
                continue
            both = self.impact((a, z))
            parts = (alone[a], alone[z])
            beyond = _beyond(both.lost, (one.lost for one in parts))
            designed = _beyond(both.designed_lost, (one.designed_lost for one in parts))
            if beyond or designed:
                yield dataclasses.replace(both, beyond=beyond, designed_beyond=designed)

    def _is_user(self, path: str) -> bool:
        """Tell whether an entry is a terminal: users themselves are no part of what serves them."""
        section, _, id_ = path.partition(".")
        return section == "devices" and self.estate.records.devices[id_].role == "terminal"

    def _fallen(self, failed: set[str]) -> set[str]:
        """Return all that is down, the failed entries included."""
        records = self.estate.records
        down = set(failed)
        down |= {f"rooms.{id_}" for id_, room in records.rooms.items() if f"sites.{room.site}" in down}
        down |= {f"power_sources.{id_}" for id_, one in records.power_sources.items() if f"sites.{one.site}" in down}
        down |= {f"racks.{id_}" for id_, rack in records.racks.items() if f"rooms.{rack.room}" in down}
        while (
            more := {
                f"power_sources.{id_}"
                for id_, source in records.power_sources.items()
                if source.fed_by and all(f"power_sources.{name}" in down for name in source.fed_by)
            }
            - down
        ):
            down |= more
        down |= {
            f"power_feeds.{id_}" for id_, feed in records.power_feeds.items() if f"power_sources.{feed.source}" in down
        }
        down |= {f"hardware.{id_}" for id_, item in records.hardware.items() if self._is_down(item, down)}
        down |= {
            f"virtual_machines.{id_}"
            for id_, machine in records.virtual_machines.items()
            if f"hardware.{machine.host}" in down
        }
        down |= {f"devices.{id_}" for id_, carrier in self.carrier_of.items() if f"hardware.{carrier}" in down}
        down |= {f"devices.{id_}" for id_, device in records.devices.items() if f"sites.{device.site}" in down}
        for id_, group in records.risk_groups.items():
            down |= {f"circuits.{name}" for name in group.circuits if f"risk_groups.{id_}" in down}
        return down

    def _is_down(self, item: Hardware, down: set[str]) -> bool:
        """Tell whether hardware lost its rack, or power on every supply that it has."""
        rack = self.estate.records.racks[item.rack]
        feeds = rack.feeds[: item.supplies]
        return f"racks.{item.rack}" in down or all(f"power_feeds.{name}" in down for name in feeds)

    def _islands(self, fallen: set[str]) -> Islands:
        """Return what is still joined; most failures of machines cut no wire, so each cut is reckoned once."""
        failed = frozenset(id_ for section, _, id_ in (path.partition(".") for path in fallen) if section in WIRED)
        if failed not in self.joined_without:
            self.joined_without[failed] = islands(wiring_graph(self.graph, failed))
        return self.joined_without[failed]

    def _lost(self, fallen: set[str], found: Islands) -> Iterator[Loss]:
        """Yield the services that a city's users no longer reach, or whose database is gone from them."""
        for id_, service in self.estate.records.services.items():
            for city, instance in service.instances.items():
                members = [self.network.nodes[port.node] for port in self.network.members(instance.users)]
                users = [one.id for one in members if one.role == "terminal" and f"sites.{one.site}" not in fallen]
                ends = [*users, instance.database]
                if not all(joined(found, end, instance.application) for end in ends):
                    yield id_, city


def _beyond(lost: tuple[Loss, ...], parts: Iterable[tuple[Loss, ...]]) -> tuple[Loss, ...]:
    """Return the losses that no part causes alone."""
    alone = {loss for part in parts for loss in part}
    return tuple(loss for loss in lost if loss not in alone)
