"""Neighbours, BFD sessions, gateways and equal-cost paths are those of the model."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from testinfra.host import Host

from inventory.models.circuits import CircuitGroup
from inventory.models.estate import Estate
from topology.model import Gateway, Network, Node

Ask = Callable[[str, str], Any]
Settled = Callable[[Callable[[], Any], Any], Any]

# After a repair a neighbour is found by its next hello, and a gateway goes back after its delay: 10 s and 30 s here.
_SETTLED_S = 60.0


@pytest.fixture(scope="session")
def settled() -> Settled:
    """Read until the answer is as expected, for as long as a repaired network may take; return the last answer.

    The time is that of all checks together: where one has waited for nothing the others need not wait again.
    """
    end = time.monotonic() + _SETTLED_S

    def read_until(read: Callable[[], Any], expected: Any) -> Any:
        while (found := read()) != expected and time.monotonic() < end:
            time.sleep(1)
        return found

    return read_until


def _neighbours(network: Network, router: str) -> dict[str, str]:
    """Return `neighbour address → own interface` for the adjacencies of a router."""
    tunnels = {(end.node, end.interface): end.address for t in network.tunnels.values() for end in (t.a, t.z)}
    found = {}
    for adjacency in network.adjacencies:
        ends = ((adjacency.a, adjacency.a_interface), (adjacency.z, adjacency.z_interface))
        for own, other in (ends, ends[::-1]):
            if own[0] == router:
                address = tunnels.get(other) or network.interface(*other).address
                found[str(address.ip)] = own[1]
    return found


def test_every_neighbour_is_full(each_router: Node, network: Network, vtysh: Ask, settled: Settled) -> None:
    """A router has exactly the OSPF neighbours of the model, each in state Full, over the right interface."""

    def full() -> dict[str, str]:
        shown = vtysh(each_router.id, "show ip ospf neighbor json")["neighbors"]
        return {
            entry["ifaceAddress"]: entry["ifaceName"].split(":")[0]
            for entries in shown.values()
            for entry in entries
            if entry["nbrState"].startswith("Full")
        }

    expected = _neighbours(network, each_router.id)
    assert settled(full, expected) == expected


def test_bfd_sessions_are_up_with_the_declared_timers(
    each_router: Node, network: Network, estate: Estate, vtysh: Ask, settled: Settled
) -> None:
    """Every adjacency has a BFD session that is up, with the interval and multiplier of the inventory."""
    timers = estate.records.timers.bfd
    if not timers.enabled:
        assert vtysh(each_router.id, "show bfd peers json") == []
        return
    interval_ms = round(timers.interval_s * 1000)
    fields = ("status", "receive-interval", "transmit-interval", "detect-multiplier")

    def sessions() -> dict[str, tuple[Any, ...]]:
        shown = vtysh(each_router.id, "show bfd peers json")
        return {peer["peer"]: tuple(peer[field] for field in fields) for peer in shown}

    session = ("up", interval_ms, interval_ms, timers.multiplier)
    expected = dict.fromkeys(_neighbours(network, each_router.id), session)
    assert settled(sessions, expected) == expected


def test_preferred_router_holds_the_gateway(
    each_gateway: Gateway, network: Network, hosts: Callable[[str], Host], settled: Settled
) -> None:
    """The preferred router, and it alone, carries the shared address of its segment."""

    def holders() -> list[str]:
        found = []
        for router in each_gateway.routers:
            port = next(port for port in network.members(each_gateway.segment) if port.node == router)
            shown = hosts(router).check_output("ip -4 -o address show dev %s", port.name)
            if f" {each_gateway.address.ip}/" in shown:
                found.append(router)
        return found

    preferred = [each_gateway.routers[0]]
    assert settled(holders, preferred) == preferred


def test_router_spreads_flows_by_addresses_and_ports(each_router: Node, hosts: Callable[[str], Host]) -> None:
    """Equal paths are chosen by layers 3 and 4, packets are forwarded, and reverse-path filters are off."""
    host = hosts(each_router.id)
    assert host.sysctl("net.ipv4.fib_multipath_hash_policy") == 1
    assert host.sysctl("net.ipv4.ip_forward") == 1
    assert host.sysctl("net.ipv4.conf.all.rp_filter") == 0


def test_logical_line_uses_every_member(each_logical_line: CircuitGroup, network: Network, vtysh: Ask) -> None:
    """The routers at one end of a logical line reach the segments at the other by all member circuits at once."""
    circuits = {member.circuit for member in each_logical_line.members}
    near = {port.node for circuit in circuits for port in network.members(circuit) if port.end == "z"}
    far_sites = {network.segments[circuit].sites[0] for circuit in circuits}
    own = {port.name: {port.segment} for port in network.interfaces if port.node in near}
    own |= {end.interface: set(tunnel.segments) for tunnel in network.tunnels.values() for end in (tunnel.a, tunnel.z)}
    for segment in network.segments.values():
        if segment.kind != "lan" or segment.sites[0] not in far_sites:
            continue
        for router in sorted(near):
            routes = vtysh(router, f"show ip route {segment.prefix} json")[str(segment.prefix)]
            hops = next(route for route in routes if route.get("selected"))["nexthops"]
            used = set().union(*(own[hop["interfaceName"]] for hop in hops if hop.get("fib")))
            assert used == circuits, f"{router} to {segment.id}"
