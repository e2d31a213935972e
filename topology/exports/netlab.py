"""The network as a netlab topology (`netlab create FILE`): nodes, links with their addresses and rates, OSPF and BFD.

Left out, and said so in the file: tunnels and their encryption, permitted flows, delay, the lab's scale.
"""

from __future__ import annotations

from typing import Any

import yaml

from inventory.models.estate import Estate
from topology.exports.names import short_names
from topology.model import Network, Segment

LONGEST_NAME = 16
LEFT_OUT = ("tunnels and their encryption", "permitted flows (netlab permits all)", "delay and the lab's scale")


def netlab(estate: Estate, network: Network) -> str:
    """Return the topology as YAML with the estate's ids of shortened names in comments."""
    names = short_names([*network.nodes, *network.carrier_networks], LONGEST_NAME)
    topology: dict[str, Any] = {
        "name": short_names([estate.name], LONGEST_NAME)[estate.name],
        "provider": "clab",
        "defaults": {"device": "frr"},
        "nodes": {names[id_]: _node(estate, network, id_) for id_ in network.nodes}
        | {names[id_]: {"device": "frr", "module": []} for id_ in network.carrier_networks},
        "links": [_link(estate, network, names, segment) for segment in network.segments.values()],
    }
    routing = estate.records.timers
    topology["ospf"] = {"area": 0, "timers": {"hello": round(routing.ospf.hello_s), "dead": round(routing.ospf.dead_s)}}
    if routing.bfd.enabled:
        topology["ospf"]["bfd"] = True
        interval = round(routing.bfd.interval_s * 1000)
        topology["bfd"] = {"min_tx": interval, "min_rx": interval, "multiplier": routing.bfd.multiplier}
    head = [
        f"# The network of {estate.name}, estate {estate.digest[:16]}. Left out: {'; '.join(LEFT_OUT)}.",
        *(f"# {name}: {id_}" for id_, name in names.items() if name != id_.replace("-", "_")),
    ]
    return "\n".join(head) + "\n" + yaml.safe_dump(topology, allow_unicode=True, sort_keys=False, width=120)


def _node(estate: Estate, network: Network, id_: str) -> dict[str, Any]:
    node = network.nodes[id_]
    if node.role != "router":
        return {"device": "linux"}
    modules = ["ospf", "bfd"] if estate.records.timers.bfd.enabled else ["ospf"]
    return {"module": modules, "loopback": {"ipv4": f"{node.loopback}/32"}}


def _link(estate: Estate, network: Network, names: dict[str, str], segment: Segment) -> dict[str, Any]:
    link: dict[str, Any] = {
        "name": segment.id,
        "type": "lan",
        "prefix": {"ipv4": str(segment.prefix)},
        "bandwidth": round(segment.rate_bps / 1000),
        "interfaces": [
            {"node": names[holder], "ipv4": str(address)} for holder, _, address in network.attached(segment.id)
        ],
    }
    if segment.circuit:
        link["mtu"] = estate.records.circuits[segment.circuit].mtu
    costs = {adjacency.cost for adjacency in network.adjacencies if adjacency.segments == (segment.id,)}
    if segment.kind in {"circuit", "transit"} and len(costs) == 1:
        link["ospf"] = {"cost": costs.pop()}
    elif segment.kind == "access":
        link["ospf"] = False
    else:
        link["ospf"] = {"passive": True}
    return link
