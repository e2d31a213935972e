"""Rules on devices: where they stand, and the gateways that routers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def sites_and_cities_exist(scope: Scope) -> Iterator[Problem]:
    """A device stands at a site and serves a city or all."""
    for id_, device in scope.records.devices.items():
        yield from scope.unknown(f"devices.{id_}.site", "site", device.site, "sites")
        yield from scope.unknown(f"devices.{id_}.city", "city", device.city, "cities")


def devices_are_attached(scope: Scope) -> Iterator[Problem]:
    """A device has an interface."""
    for id_, device in scope.records.devices.items():
        if not device.interfaces:
            yield scope.problem(f"devices.{id_}.interfaces", "no interface", "one interface or more")


def hosts_stand_on_lans(scope: Scope) -> Iterator[Problem]:
    """Only routers are attached to circuits and to segments between routers."""
    for id_, device in scope.records.devices.items():
        for name, port in device.interfaces.items():
            segment = scope.records.segments.get(port.segment or "")
            path = f"devices.{id_}.interfaces.{name}"
            if device.role != "router" and port.circuit is not None:
                found = f"a device of role {device.role} on the circuit `{port.circuit}`"
                yield scope.problem(path, found, "a router, or a segment")
            elif device.role != "router" and segment is not None and segment.kind == "transit":
                found = f"a device of role {device.role} between routers on `{port.segment}`"
                yield scope.problem(path, found, "a router, or a segment `kind: lan`")


def hosts_have_a_gateway(scope: Scope) -> Iterator[Problem]:
    """A segment with hosts has a router."""
    if not scope.whole("devices"):
        return
    for segment in sorted(scope.names("segments")):
        roles = scope.on_segment.get(segment, {})
        hosts = sorted(id_ for id_, role in roles.items() if role != "router")
        if hosts and "router" not in roles.values():
            found = f"`{hosts[0]}` has no router on `{segment}`"
            yield scope.problem(f"devices.{hosts[0]}.interfaces", found, f"a router with an interface on `{segment}`")


def hosts_stand_with_their_city(scope: Scope) -> Iterator[Problem]:
    """A city's device stands on no other city's segment."""
    for id_, device in scope.records.devices.items():
        for name, port in device.interfaces.items():
            segment = scope.records.segments.get(port.segment or "")
            known = {device.city, segment.city if segment else None} <= scope.names("cities")
            if segment and known and segment.city != device.city:
                found = f"a device of `{device.city}` on a segment of `{segment.city}`"
                path = f"devices.{id_}.interfaces.{name}.segment"
                yield scope.problem(path, found, f"a segment of `{device.city}` or of no city")


def gateways_are_ranked(scope: Scope) -> Iterator[Problem]:
    """Routers that share a LAN's gateway address have priorities, each its own (RFC 5798)."""
    holders: dict[str, dict[int, str]] = defaultdict(dict)
    for id_, device in sorted(scope.records.devices.items()):
        if device.role != "router":
            continue
        for segment in sorted({port.segment for port in device.interfaces.values() if port.segment}):
            record = scope.records.segments.get(segment)
            roles = scope.on_segment.get(segment, {})
            routers = [name for name, role in roles.items() if role == "router"]
            if record is None or record.kind != "lan" or len(routers) < 2:
                continue
            if device.vrrp_priority is None:
                found = f"no `vrrp_priority` on `{segment}`, whose gateway {len(routers)} routers share"
                yield scope.problem(f"devices.{id_}", found, "a priority from 1 to 254")
                break
            other = holders[segment].setdefault(device.vrrp_priority, id_)
            if other != id_:
                found = f"{device.vrrp_priority} is that of `{other}` on `{segment}` as well"
                yield scope.problem(f"devices.{id_}.vrrp_priority", found, "a priority of its own")
                break


def only_routers_are_ranked(scope: Scope) -> Iterator[Problem]:
    """A priority for a gateway means nothing on a host."""
    for id_, device in scope.records.devices.items():
        if device.role != "router" and device.vrrp_priority is not None:
            found = f"a priority on a device of role {device.role}"
            yield scope.problem(f"devices.{id_}.vrrp_priority", found, "none: only routers hold gateways")
