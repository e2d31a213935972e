"""`twin addresses`: every address that follows from the estate, and their record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.output import say, show_json, show_table
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from topology.model import Network


@click.command(epilog="Example: twin addresses --json")
@click.option("--record", is_flag=True, help="Write addresses.lock.yaml in the estate, so that nothing moves later.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, record: bool, as_json: bool) -> None:
    """Show every address that follows from the estate."""
    from topology.build import build_network
    from topology.check import find_unrecorded, record_addresses

    estate = settings.load()
    if record:
        record_addresses(estate)
        say(f"recorded in {estate.folder}")
    unrecorded = find_unrecorded(estate)
    if unrecorded:
        say(f"{len(unrecorded)} addresses are not recorded and may move: run `twin addresses --record`")
    shown = document(build_network(estate))
    if as_json:
        show_json(shown)
        return
    rows = [[port["node"], port["interface"], port["segment"], port["address"], port["mtu"]] for port in shown["ports"]]
    rows += [[item["node"], "lo", "-", item["address"], "-"] for item in shown["loopbacks"]]
    rows += [[end["node"], end["interface"], tunnel["id"], end["address"], tunnel["mtu"]]
             for tunnel in shown["tunnels"] for end in tunnel["ends"]]  # fmt: skip
    rows += [["(gateway)", "-", item["segment"], item["address"], "-"] for item in shown["gateways"]]
    show_table("Addresses", ["node", "interface", "segment", "address", "mtu"], rows)


def document(network: Network) -> dict[str, Any]:
    """Return all addresses as plain values."""
    return {
        "estate_digest": network.estate_digest,
        "prefixes": [{"segment": segment.id, "prefix": str(segment.prefix)} for segment in network.segments.values()],
        "ports": [
            {
                "node": port.node, "interface": port.name, "segment": port.segment, "address": str(port.address),
                "mtu": port.mtu,
            }
            for port in network.interfaces
        ],
        "loopbacks": [{"node": node.id, "address": str(node.loopback)} for node in network.routers()],
        "gateways": [
            {"segment": item.segment, "address": str(item.address), "routers": list(item.routers)}
            for item in network.gateways.values()
        ],
        "tunnels": [
            {
                "id": tunnel.id, "mtu": tunnel.mtu, "mss": tunnel.mss,
                "ends": [
                    {
                        "node": end.node, "interface": end.interface, "address": str(end.address),
                        "endpoint": str(end.endpoint), "underlay_address": str(end.underlay_address),
                    }
                    for end in (tunnel.a, tunnel.z)
                ],
            }
            for tunnel in network.tunnels.values()
        ],
        "carrier_networks": [
            {"network": network_id, "segment": segment, "address": str(address)}
            for network_id, carrier in network.carrier_networks.items()
            for segment, address in carrier.ports.items()
        ],
    }  # fmt: skip
