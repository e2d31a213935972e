"""The network as a containerlab topology (`containerlab deploy -t FILE`): nodes, links, addresses by `exec`.

A segment with two ports is a link, one with more is a bridge of its own (a node of kind `bridge`). Left out, and said
so in the file: routing daemons' configuration, tunnels, permitted flows, rates.
"""

from __future__ import annotations

from typing import Any

import yaml

from inventory.models.estate import Estate
from topology.exports.names import short_names
from topology.model import Network

ROUTER_IMAGE = "quay.io/frrouting/frr:10.3.1"
HOST_IMAGE = "docker.io/library/debian:13"
LONGEST_BRIDGE = 15
LEFT_OUT = (
    "configuration of the routing daemons",
    "tunnels and their encryption",
    "permitted flows",
    "rates and delay",
)


def containerlab(estate: Estate, network: Network) -> str:
    """Return the topology as YAML."""
    nodes: dict[str, Any] = {}
    counts: dict[str, int] = {}
    commands: dict[str, list[str]] = {}
    links: list[dict[str, Any]] = []
    bridges = short_names(network.segments, LONGEST_BRIDGE)
    for segment in network.segments.values():
        ends = []
        for holder, _, address in network.attached(segment.id):
            counts[holder] = counts.get(holder, 0) + 1
            port_name = f"eth{counts[holder]}"
            commands.setdefault(holder, []).append(f"ip address add {address} dev {port_name}")
            ends.append(f"{holder}:{port_name}")
        if len(ends) == 2:
            links.append({"endpoints": ends})
        else:
            bridge = bridges[segment.id]
            nodes[bridge] = {"kind": "bridge"}
            links += [{"endpoints": [end, f"{bridge}:p{index}"]} for index, end in enumerate(ends, 1)]
    for id_, node in network.nodes.items():
        router = node.role == "router"
        own = [f"ip address add {node.loopback}/32 dev lo", "sysctl -qw net.ipv4.ip_forward=1"] if router else []
        way = [f"ip route replace default via {node.gateway}"] if node.gateway else []
        nodes[id_] = {
            "kind": "linux",
            "image": ROUTER_IMAGE if router else HOST_IMAGE,
            "exec": [*own, *commands.get(id_, []), *way],
            "labels": {"estate": estate.name, "entry": f"devices.{id_}", "stated-in": estate.cite(f"devices.{id_}")},
        }
    for id_ in network.carrier_networks:
        nodes[id_] = {
            "kind": "linux", "image": ROUTER_IMAGE,
            "exec": ["sysctl -qw net.ipv4.ip_forward=1", *commands.get(id_, [])],
            "labels": {"estate": estate.name, "entry": f"carrier_networks.{id_}"},
        }  # fmt: skip
    topology = {"name": estate.name, "topology": {"nodes": dict(sorted(nodes.items())), "links": links}}
    head = f"# The network of {estate.name}, estate {estate.digest[:16]}. Left out: {'; '.join(LEFT_OUT)}.\n"
    return head + yaml.safe_dump(topology, allow_unicode=True, sort_keys=False, width=120)
