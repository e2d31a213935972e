"""Rules on circuits and the carrier networks between them."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.circuits import Circuit
from inventory.problems import Problem
from inventory.quantities import show_rate
from inventory.rules.scope import Scope

PPPOE_MTU = 1492


def providers_exist(scope: Scope) -> Iterator[Problem]:
    """Circuits and carrier networks come from known providers."""
    for section in ("carrier_networks", "circuits"):
        for id_, record in scope.entries(section).items():
            yield from scope.unknown(f"{section}.{id_}.provider", "provider", record.provider, "providers")


def ends_exist(scope: Scope) -> Iterator[Problem]:
    """A circuit ends at sites and carrier networks."""
    for id_, circuit in scope.records.circuits.items():
        for side, end in zip("az", circuit.ends.both, strict=True):
            path = f"circuits.{id_}.ends.{side}"
            yield from scope.unknown(path, "site or carrier network", end, "sites", "carrier_networks")


def ends_differ(scope: Scope) -> Iterator[Problem]:
    """A circuit joins two places."""
    for id_, circuit in scope.records.circuits.items():
        if circuit.ends.a == circuit.ends.z:
            yield scope.problem(f"circuits.{id_}.ends", f"both ends are at `{circuit.ends.a}`", "two places")


def ends_suit_the_service(scope: Scope) -> Iterator[Problem]:
    """An access line ends in one carrier network, a campus link between sites of one city, any other between sites."""
    carriers = scope.names("carrier_networks")
    for id_, circuit in scope.records.circuits.items():
        inside = [end for end in circuit.ends.both if end in carriers]
        path = f"circuits.{id_}.ends"
        if circuit.service == "access-line" and len(inside) != 1:
            yield scope.problem(
                path,
                f"an access line into {'two carrier networks' if inside else 'no carrier network'}",
                "one carrier network",
            )
        elif circuit.service != "access-line" and inside:
            found = f"`{circuit.service}` ends in the carrier network `{inside[0]}`"
            yield scope.problem(path, found, "a site, or `service: access-line`")
        elif circuit.service == "campus-link":
            sites = scope.records.sites
            cities = {str(sites[end].city) for end in circuit.ends.both if end in sites and sites[end].city}
            if len(cities) > 1:
                names = " and ".join(sorted(f"`{city}`" for city in cities))
                yield scope.problem(path, f"a campus link between sites of {names}", "sites of one city")


def every_end_is_attached(scope: Scope) -> Iterator[Problem]:
    """At each site where a circuit ends a device has an interface on it, or on a segment over it."""
    if not scope.whole("devices", "segments"):
        return
    attached = {
        (device.site, port.circuit or _link_of(scope, port.segment))
        for device in scope.records.devices.values()
        for port in device.interfaces.values()
    }
    for id_, circuit in scope.records.circuits.items():
        for side, end in zip("az", circuit.ends.both, strict=True):
            if end in scope.records.sites and (end, id_) not in attached:
                found = f"has one end: no device at `{end}` is attached to it"
                yield scope.problem(f"circuits.{id_}.ends.{side}", found, _attachment(id_, circuit, end))


def planning_stays_below_contract(scope: Scope) -> Iterator[Problem]:
    """What a line is planned with is not more than what its contract says."""
    for id_, circuit in scope.records.circuits.items():
        planned = circuit.planning_rate_bps
        if planned is not None and planned > circuit.rate_bps:
            found = f"{show_rate(planned)} is more than the contract's {circuit.rate_text}"
            yield scope.problem(f"circuits.{id_}.planning_rate", found, f"at most {circuit.rate_text}")


def frames_fit_the_encapsulation(scope: Scope) -> Iterator[Problem]:
    """PPPoE leaves 1492 bytes of an Ethernet frame (RFC 2516, section 7)."""
    for id_, circuit in scope.records.circuits.items():
        if circuit.encapsulation == "pppoe" and circuit.mtu > PPPOE_MTU:
            yield scope.problem(f"circuits.{id_}.mtu", f"{circuit.mtu} over PPPoE", f"at most {PPPOE_MTU}")


def carrier_networks_lead_somewhere(scope: Scope) -> Iterator[Problem]:
    """A carrier network joins at least two sites."""
    if not scope.whole("circuits"):
        return
    for id_ in scope.records.carrier_networks:
        sites = {
            end for circuit in scope.records.circuits.values() if id_ in circuit.ends.both for end in circuit.ends.both
        }
        reached = len(sites - {id_})
        if reached < 2:
            found = "joins one site" if reached else "joins no sites"
            yield scope.problem(f"carrier_networks.{id_}", found, "access lines from two sites or more")


def _link_of(scope: Scope, segment_id: str | None) -> str | None:
    """Return the campus link that carries a segment, or None."""
    segment = scope.records.segments.get(segment_id or "")
    return segment.over if segment else None


def _attachment(id_: str, circuit: Circuit, end: str) -> str:
    if circuit.service == "campus-link":
        return f"a device at `{end}` with an interface on a segment `over: {id_}`"
    return f"a router at `{end}` with an interface `{{circuit: {id_}}}`"
