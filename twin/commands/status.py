"""`twin status`: what runs, how it feels, and what differs from the estate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.observation import RouterState, expected_of, observe_routers, timer_differences
from twin.output import Cell, show_json, show_table
from twin.place import in_parallel, open_running, target_option
from twin.services import ask_services
from twin.settings import Settings, estate_options, json_option, state_folder

if TYPE_CHECKING:
    from infra.targets.target import Observed, Target
    from inventory.models.estate import Estate
    from topology.model import Network


@click.command(epilog="Example: twin status --json")
@target_option
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, target: str, as_json: bool) -> int:
    """Show what runs and what differs from the estate: nodes, segments, neighbours, gateways, tunnels, services.

    Only looks. Exit 0 where all is as the estate says, 1 where something differs, 3 where nothing runs.
    """
    from topology.build import build_network

    estate = settings.load()
    place = open_running(target, estate)
    shown = document(place, estate, build_network(estate))
    if as_json:
        show_json(shown)
    else:
        _show(shown)
    return 0 if shown["as_declared"] else 1


def document(place: Target, estate: Estate, network: Network) -> dict[str, Any]:
    """Return the status as plain values; `drift` is every difference in words."""
    from twin.drill.faults import leftovers

    up = set(place.running())
    states = observe_routers(place, network)
    services = ask_services(place, estate, network, up)
    routers = [_router(estate, network, node, state) for node, state in states.items()]
    drift = [*_drift(place, estate, network, up), *_managed_files(place, up)]
    drift += [{"id": line.split(" ")[0], "what": line} for line in timer_differences(estate, states)]
    drift += [{"id": what, "what": f"left by a drill: {kind}"} for kind, what in leftovers(state_folder())]
    fine = not drift and up == set(network.nodes) and all(item["answers"] for item in services)
    return {
        "target": place.name,
        "estate": estate.name,
        "estate_digest": estate.digest,
        "as_declared": fine and all(router["as_declared"] for router in routers),
        "nodes": [{"id": node.id, "role": node.role, "up": node.id in up} for node in network.nodes.values()],
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


def _drift(place: Target, estate: Estate, network: Network, up: set[str]) -> list[dict[str, str]]:
    """Look at every segment, carrier network and node as the provider does."""
    from infra.plan import make_plan

    plan = make_plan(estate, network)

    def look(key: tuple[str, str]) -> Observed | None:
        kind, id_ = key
        if kind == "segment":
            return place.read_segment(plan.segments[id_])
        if kind == "carrier":
            return place.read_carrier_network(plan.carrier_networks[id_])
        return place.read_node(plan.nodes[id_])

    keys = [("segment", id_) for id_ in plan.segments] + [("carrier", id_) for id_ in plan.carrier_networks]
    keys += [("node", id_) for id_ in plan.nodes]
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
    from infra.provisioning.managed_files import look

    return [{"id": node, "what": what} for node, files in look(place, sorted(up)).items() for what in files.differences]


def _show(shown: dict[str, Any]) -> None:
    down = [node["id"] for node in shown["nodes"] if not node["up"]]
    click.echo(
        f"{shown['estate']} on {shown['target']}: {len(shown['nodes']) - len(down)} of {len(shown['nodes'])} nodes up"
    )

    def share(part: dict[str, list[str]]) -> str:
        return f"{len(set(part['found']) & set(part['expected']))}/{len(part['expected'])}"

    rows: list[list[Cell]] = [
        [
            router["node"], share(router["neighbours"]), share(router["bfd"]),
            " ".join(router["gateways"]["found"]) or "-", share(router["tunnels"]),
            "" if router["as_declared"] else "differs",
        ]
        for router in shown["routers"]
    ]  # fmt: skip
    show_table("Routers", ["router", "neighbours full", "BFD up", "gateways held", "tunnels", ""], rows)
    for service in shown["services"]:
        answer = "answers" if service["answers"] else f"does not answer: {service['problem']}"
        click.echo(f"{service['service']} of {service['city']}: {answer}")
    for item in shown["drift"]:
        click.echo(f"drift: {item['id']}: {item['what']}")
    for limit in shown["not_realised"]:
        click.echo(f"not realised here: {limit}")
