"""The record of addresses that a plan has given out, and whether the estate derives the same ones."""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.build import build_network
from topology.imports.addresses import Given, Plan
from topology.imports.draft import Draft
from topology.imports.wiring import PORT_USES
from topology.model import Network
from topology.record import AddressRecord


def record_of(plan: Plan, entries: dict[str, str], draft: Draft) -> AddressRecord:
    """Return what the plan gave out, in use or kept, by the names of the estate's entries."""
    routing = draft.sections["routing"]
    prefixes = {entries[name]: str(prefix) for name, prefix in plan.prefixes.items() if name in entries}
    addresses = {f"{one.device}/{one.port}": str(one.address) for one in plan.given if one.use in PORT_USES}
    sides: dict[str, int] = {}
    for given in plan.given:
        if given.use == "loopback":
            prefixes[f"{routing['loopback_pool']}:{given.device}"] = f"{given.address}/32"
        elif given.use == "tunnel":
            prefixes[given.segment] = str(given.prefix)
        elif given.use == "tunnel-endpoint":
            side = "az"[min(sides.setdefault(given.segment, 0), 1)]
            sides[given.segment] += 1
            prefixes[f"{routing['tunnel_endpoint_pool']}:{given.segment}--{side}"] = f"{given.address}/32"
    return AddressRecord(plan.retired_prefixes | prefixes, plan.retired_addresses | addresses)


def find_differences(plan: Plan, entries: dict[str, str], estate: Estate, draft: Draft) -> None:
    """Find addresses of the plan that the estate made of it would not give out as they stand there."""
    network = build_network(estate)
    derived = {port.key: str(port.address.ip) for port in network.interfaces}
    for carrier in network.carrier_networks.values():
        derived |= {f"{carrier.id}/{name}": str(address.ip) for name, address in carrier.ports.items()}
    for given in plan.given:
        wanted = _derived(given, entries, derived, network)
        if wanted is not None and wanted != str(given.address):
            found = f"{given.address} cannot be kept: the estate would give {wanted}"
            gateways = {str(gateway.address.ip) for gateway in network.gateways.values()}
            if str(given.address) in gateways:
                found = (
                    f"{given.address} cannot be kept: in an estate routers share a gateway's address, no port has it"
                )
            draft.findings.add(given.spot, "address", found, f"another address, such as {wanted}")


def _derived(given: Given, entries: dict[str, str], derived: dict[str, str], network: Network) -> str | None:
    """Return the address that the estate derives for what a row is about, or None where it derives none."""
    if given.use == "gateway":
        gateway = network.gateways.get(entries.get(given.segment, ""))
        return str(gateway.address.ip) if gateway else None
    if given.use == "loopback":
        node = network.nodes.get(given.device or "")
        return str(node.loopback) if node and node.loopback else None
    if given.use in {"tunnel", "tunnel-endpoint"}:
        tunnel = network.tunnels.get(given.segment)
        ends = [end for end in (tunnel.a, tunnel.z) if end.node == given.device] if tunnel else []
        return str(ends[0].address.ip if given.use == "tunnel" else ends[0].endpoint) if ends else None
    return derived.get(f"{given.device}/{given.port}")
