"""Routes in a node's main table and its policy rules: connected, static, learnt by OSPF, and whatever is beyond."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

TABLE = "routing table"
# As the kernel numbers them, and as iproute2 names them where it knows FRR's.
_ORIGINS = {"188": "OSPF", "ospf": "OSPF", "196": "static", "zstatic": "static", "static": "static", "11": "zebra"}
_RULES = {"0": "local", "32766": "main", "32767": "default"}
# strongSwan looks up the routes of its tunnels before all others, where it does ESP itself.
_TUNNEL_RULE = ("220", "220")


def declared(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield the routes that follow from the model, and the rules of a plain Linux."""
    routes = {_prefix(port.address): f"connected {port.name}" for port in design.spec.ports}
    tunnels = design.variables.get("router__tunnels", [])
    routes |= {_prefix(tunnel["address"]): f"connected {tunnel['name']}" for tunnel in tunnels}
    if design.spec.gateway:
        routes["default"] = f"via {design.spec.gateway}"
    for route in design.variables.get("router__routes", []):
        routes[_plain(route["prefix"])] = f"static via {route['via']}"
    for tunnel in tunnels:
        routes[tunnel["remote_loopback"]] = "static blackhole"
    if design.is_router:
        own = set(routes) | {_plain(address) for address in design.spec.loopbacks}
        own |= {str(ipaddress.ip_interface(port.address).ip) for port in design.spec.ports}
        lans = {_plain(str(segment.prefix)): segment.id for segment in design.whole.network.segments.values()}
        for prefix in sorted(_announced(design) - own):
            ports = design.whole.next_ports.get((design.node.id, lans.get(prefix, "")), ())
            routes[prefix] = _learnt(ports)
    for prefix, way in routes.items():
        yield design.parameter(TABLE, prefix, way)
    rules = dict(_RULES)
    if tunnels and answer.said.get("backend") == "userspace":
        rules[_TUNNEL_RULE[0]] = _TUNNEL_RULE[1]
    for priority, table in rules.items():
        yield design.parameter("policy rules", priority, f"from all lookup {table}")


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield the routes and rules that the kernel has; a second route to a destination has its metric in its name."""
    taken: set[str] = set()
    lans = {_plain(str(segment.prefix)) for segment in design.whole.network.segments.values() if segment.kind == "lan"}
    for found in answer.json("routes") or []:
        route = {**found, "dev": design.port_names.get(str(found.get("dev")), found.get("dev"))}
        if route["dst"] == "default" and not design.spec.gateway and not design.is_router:
            continue  # a machine with addresses of its own has its own way out
        name = route["dst"] if route["dst"] not in taken else f"{route['dst']} metric {route.get('metric', 0)}"
        taken.add(route["dst"])
        yield design.parameter(TABLE, name, _way(route, route["dst"] in lans))
    for number, rule in enumerate(answer.json("rules") or []):
        source = rule.get("src", "all") + (f"/{rule['srclen']}" if "srclen" in rule else "")
        known = {"priority", "src", "srclen", "table"}
        more = "".join(f" {key} {value}" for key, value in sorted(rule.items()) if key not in known)
        name = str(rule.get("priority", number))
        yield design.parameter("policy rules", name, f"from {source}{more} lookup {rule.get('table')}")


def _announced(design: NodeDesign) -> set[str]:
    """Return what all routers announce by OSPF: prefixes of their ports, loopbacks, hosts on point-to-multipoint."""
    whole = design.whole
    found: set[str] = set()
    for router in whole.network.routers():
        variables = whole.variables[router.id]
        found.add(variables["router__loopback"])
        for port in [*variables["router__interfaces"], *variables["router__tunnels"]]:
            ospf = port.get("ospf")
            if ospf and ospf["network"] == "point-to-multipoint" and not ospf["passive"]:
                # RFC 2328, 12.4.1.4: each router announces its own address there, and nobody the prefix.
                found.add(str(ipaddress.ip_interface(port["address"]).ip))
            elif ospf:
                found.add(_prefix(port["address"]))
    return found


def _learnt(ports: Iterable[str]) -> str:
    """Return what is said of a route of OSPF: of one to a LAN by which ports it leaves."""
    return f"OSPF by {', '.join(sorted(set(ports)))}" if ports else "OSPF"


def _way(route: dict[str, Any], to_lan: bool) -> str:
    protocol = str(route.get("protocol", "kernel"))
    if route.get("type", "unicast") != "unicast":
        return f"{_ORIGINS.get(protocol, protocol)} {route['type']}"
    origin = _ORIGINS.get(protocol)
    if origin == "OSPF":
        hops = route.get("nexthops") or [route]
        return _learnt([hop["dev"] for hop in hops if hop.get("dev")]) if to_lan else origin
    if protocol == "kernel" and "gateway" not in route:
        return f"connected {route.get('dev')}"
    way = f"via {route['gateway']}" if "gateway" in route else f"dev {route.get('dev')}"
    # A default route that the place set has the protocol of whoever typed it, which says nothing.
    return way if route["dst"] == "default" else f"{origin or protocol} {way}"


def _prefix(address: str) -> str:
    return _plain(str(ipaddress.ip_interface(address).network))


def _plain(prefix: str) -> str:
    """Return a prefix as iproute2 prints it: a single address without its length."""
    return prefix.removesuffix("/32")
