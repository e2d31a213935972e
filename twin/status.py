"""The status of a running estate as one document: what is up, how it feels, every difference from the estate.

Only looks. Leaves printing to `twin.commands.status`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.plan import make_plan
from infra.provisioning.managed_files import look
from infra.targets.target import NotSupported, Observed, Target
from inventory.models.estate import Estate
from topology.model import Network
from twin.drill.faults import leftovers
from twin.observation import RouterState, expected_of, observe_routers, timer_differences
from twin.place import in_parallel, nodes_here
from twin.services import ask_services


def status_document(place: Target, estate: Estate, network: Network, state: Path) -> dict[str, Any]:
    """Return the status as plain values; `drift` is every difference in words. Nodes elsewhere are left out."""
    here, up = nodes_here(place, network), set(place.running())
    states = observe_routers(place, [node.id for node in network.routers() if node.id in here], network)
    services = ask_services(place, estate, network, here, up)
    routers = [_router(estate, network, node, state) for node, state in states.items()]
    drift = [*_drift(place, estate, network, here, up), *_managed_files(place, up)]
    drift += [{"id": line.split(" ")[0], "what": line} for line in timer_differences(estate, states)]
    drift += [{"id": what, "what": f"left by a drill: {kind}"} for kind, what in leftovers(state)]
    fine = not drift and up == here and all(item["answers"] for item in services)
    return {
        "target": place.name,
        "estate": estate.name,
        "estate_digest": estate.digest,
        "as_declared": fine and all(router["as_declared"] for router in routers),
        "nodes": [
            {"id": node.id, "role": node.role, "up": node.id in up}
            for node in network.nodes.values()
            if node.id in here
        ],
        "routers": routers,
        "services": services,
        "drift": drift,
        "not_realised": place.limits(),
    }


def _router(estate: Estate, network: Network, node: str, state: RouterState | None) -> dict[str, Any]:
    expected = expected_of(estate, network, node)
    pairs = {
        "neighbours": (expected.neighbours, state.full if state else frozenset()),
        "bfd": (expected.bfd, state.bfd_up if state else frozenset()),
        "gateways": (expected.gateways, state.gateways if state else frozenset()),
        "tunnels": (expected.tunnels, state.tunnels if state else frozenset()),
    }
    return {
        "node": node,
        "as_declared": state is not None and all(wanted == found for wanted, found in pairs.values()),
        **{name: {"expected": sorted(wanted), "found": sorted(found)} for name, (wanted, found) in pairs.items()},
    }


def _drift(place: Target, estate: Estate, network: Network, here: set[str], up: set[str]) -> list[dict[str, str]]:
    """Look at every segment, carrier network and node as the provider does."""
    plan = make_plan(estate, network)

    def look(key: tuple[str, str]) -> Observed | None:
        kind, id_ = key
        try:
            if kind == "segment":
                return place.read_segment(plan.segments[id_])
            if kind == "carrier":
                return place.read_carrier_network(plan.carrier_networks[id_])
            return place.read_node(plan.nodes[id_])
        except NotSupported:
            return Observed(id_, {})

    keys = [("segment", id_) for id_ in plan.segments] + [("carrier", id_) for id_ in plan.carrier_networks]
    keys += [("node", id_) for id_ in plan.nodes if id_ in here]
    found: list[dict[str, str]] = []
    for (_, id_), seen in in_parallel(look, keys).items():
        if seen is None:
            found.append({"id": id_, "what": "is gone"})
        elif id_ in plan.nodes and id_ not in up and not seen.drift:
            found.append({"id": id_, "what": "is down"})
        else:
            found += [{"id": id_, "what": what} for what in seen.drift]
    return found


def _managed_files(place: Target, up: set[str]) -> list[dict[str, str]]:
    return [{"id": node, "what": what} for node, files in look(place, sorted(up)).items() for what in files.differences]
