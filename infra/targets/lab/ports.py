"""The network of a node: its namespace, ports, addresses, default route and kernel settings.

A port is a veth pair whose other end is plugged into the bridge of its segment's end. What the node's own software adds
(tunnels, routes, the shared gateway address) is left alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from infra.specs import NodeSpec, PortSpec
from infra.targets.lab.kernel_settings import kernel_settings
from infra.targets.lab.names import far_end, mac_address
from infra.targets.lab.namespaces import Link, Namespace, View, connect
from infra.targets.lab.place import Place
from infra.targets.target import LabNotRunning, Progress, TargetError

_LOOPBACK = "127.0.0.1/8"


def look(place: Place, spec: NodeSpec) -> View | None:
    """Look at a node's network; None where its namespace does not exist."""
    return Namespace(place.names.node_namespace(spec.id)).look(kernel_settings(spec.role))


def ensure(place: Place, spec: NodeSpec, progress: Progress) -> None:
    """Make or mend a node's network."""
    space = Namespace(place.names.node_namespace(spec.id))
    new = space.ensure(kernel_settings(spec.role))
    view = _seen(place, spec)
    if not view.prepared:
        space.prepare(kernel_settings(spec.role))
    space.set({key: value for key, value in kernel_settings(spec.role).items() if view.settings.get(key) != value})
    for port in spec.ports:
        link = view.links.get(port.name)
        if link is None or link.alias != _alias(spec, port):
            if not new:
                progress(f"{spec.id}: plugging {port.name} into {port.segment} {port.end}")
            _plug(place, spec, port, space, there=link is not None)
    for name in _unasked_ports(spec, view):
        progress(f"{spec.id}: unplugging {name}")
        space.ip([f"link delete dev {name}"])
    view = _seen(place, spec)
    commands = list(_commands(spec, view))
    for command in [] if new else commands:
        progress(f"{spec.id}: {command}")
    space.ip(commands)
    if new:
        progress(f"{spec.id}: plugged {len(spec.ports)} ports")
    # Links that have just come up bring their connected routes; only then a default route can be seen or set.
    space.ip(_route_commands(spec, _seen(place, spec)))


def differences(spec: NodeSpec, view: View) -> list[str]:
    """Return what differs between a node's network and what was asked for, in plain words."""
    found = [] if view.prepared else ["lo is down"]
    for port in spec.ports:
        link = view.links.get(port.name)
        if link is None:
            found.append(f"port {port.name} is gone")
            continue
        if link.alias != _alias(spec, port):
            found.append(f"port {port.name} is plugged into {link.alias or 'nothing known'}, asked {_where(port)}")
        if not link.up:
            found.append(f"port {port.name} is down")
        elif not link.carrier:
            found.append(f"port {port.name} has no carrier: the far end of its link is down")
        if link.mtu != port.mtu:
            found.append(f"port {port.name} has an MTU of {link.mtu}, asked {port.mtu}")
        found += [f"address {address} is gone from {port.name}" for address in _missing(link, [port.address])]
        found += [f"address {address} on {port.name} was not asked for" for address in _extra(link, port)]
    found += [f"port {name} was not asked for" for name in _unasked_ports(spec, view)]
    loopback = view.links["lo"]
    found += [f"address {address} is gone from lo" for address in _missing(loopback, spec.loopbacks)]
    found += [f"address {address} on lo was not asked for" for address in _extra_loopbacks(spec, loopback)]
    if spec.gateway and _gateways(view) != [spec.gateway]:
        found.append(f"the default route is by {', '.join(_gateways(view)) or 'nothing'}, asked {spec.gateway}")
    found += [
        f"kernel setting {key} is {view.settings.get(key)}, asked {value}"
        for key, value in kernel_settings(spec.role).items()
        if view.settings.get(key) != value
    ]
    return found


def reset(place: Place, spec: NodeSpec) -> None:
    """Leave of a node's network what a machine without power has: cables, and nothing that a kernel remembers.

    Ports stay plugged, down and without addresses; tunnels, routes, packet filters and neighbours are gone.
    """
    space = Namespace(place.names.node_namespace(spec.id))
    view = _seen(place, spec)
    own = {"lo", *(port.name for port in spec.ports)}
    space.ip(
        [
            *(f"link delete dev {name}" for name, link in view.links.items() if name not in own and link.kind),
            *(f"address flush dev {name}" for name in own if name in view.links and name != "lo"),
            *(f"address delete {address} dev lo" for address in view.links["lo"].addresses if address != _LOOPBACK),
            "rule flush",
            "rule add from all lookup main priority 32766",
            "rule add from all lookup default priority 32767",
            "neighbour flush all",
        ]
    )
    script = "ip -4 route flush table all scope global; ip xfrm state flush; ip xfrm policy flush; nft flush ruleset"
    space.run(["sh", "-c", f"({script}) 2>&1 || true"])


def links_down(place: Place, spec: NodeSpec) -> None:
    """Set all ports of a node down, as one batch."""
    space = Namespace(place.names.node_namespace(spec.id))
    space.ip([f"link set dev {port.name} down" for port in spec.ports])


def port_down(place: Place, node_id: str, interface: str) -> None:
    """Set one port of a node down."""
    spec = place.asked(node_id)
    _port(spec, interface)
    Namespace(place.names.node_namespace(node_id)).ip([f"link set dev {interface} down"])


def port_up(place: Place, node_id: str, interface: str) -> None:
    """Set one port of a node up, and bring back the default route if the kernel dropped it with the port."""
    spec = place.asked(node_id)
    _port(spec, interface)
    space = Namespace(place.names.node_namespace(node_id))
    space.ip([f"link set dev {interface} up"])
    space.ip(_route_commands(spec, _seen(place, spec)))


def _seen(place: Place, spec: NodeSpec) -> View:
    view = look(place, spec)
    if view is None:
        raise LabNotRunning(f"the network namespace of node {spec.id} is gone; `make up` brings it back")
    return view


def _port(spec: NodeSpec, interface: str) -> PortSpec:
    for port in spec.ports:
        if port.name == interface:
            return port
    raise TargetError(f"node {spec.id} has no port {interface}, only {', '.join(port.name for port in spec.ports)}")


def _where(port: PortSpec) -> str:
    return f"{port.segment} {port.end}"


def _alias(spec: NodeSpec, port: PortSpec) -> str:
    """Return what is noted on a port's far end and on itself: where it is plugged."""
    return f"{spec.id}/{port.name} in {_where(port)}"


def _plug(place: Place, spec: NodeSpec, port: PortSpec, space: Namespace, *, there: bool) -> None:
    segment = Namespace(place.names.segment_namespace(port.segment))
    if not segment.exists():
        raise LabNotRunning(f"{spec.id}/{port.name}: segment {port.segment} does not stand; make it first")
    if there:
        space.ip([f"link delete dev {port.name}"])
    key = f"{spec.id}/{port.name}"
    far = far_end(key)
    connect(space, port.name, segment, far, f"mtu {port.mtu} address {mac_address(key)}")
    # The segment reads `node/port end` from the far end's alias, to plug it in again where someone has pulled it.
    segment.ip(
        [
            f'link set dev {far} alias "{key} {port.end}"',
            f"link set dev {far} mtu {port.mtu}",
            f"link set dev {far} master {port.end} up",
        ]
    )
    space.ip([f'link set dev {port.name} alias "{_alias(spec, port)}"'])


def _unasked_ports(spec: NodeSpec, view: View) -> list[str]:
    """Return the ports that the lab once plugged in and that are no longer asked for."""
    asked = {port.name for port in spec.ports}
    return [
        name
        for name, link in view.links.items()
        if name not in asked and link.alias and link.alias.startswith(f"{spec.id}/{name} in ")
    ]


def _commands(spec: NodeSpec, view: View) -> Iterator[str]:
    """Yield what mends ports and addresses."""
    for port in spec.ports:
        link = view.links[port.name]
        if link.mac != mac_address(f"{spec.id}/{port.name}"):
            yield f"link set dev {port.name} address {mac_address(f'{spec.id}/{port.name}')}"
        if link.mtu != port.mtu:
            yield f"link set dev {port.name} mtu {port.mtu}"
        for address in _extra(link, port):
            yield f"address delete {address} dev {port.name}"
        for address in _missing(link, [port.address]):
            yield f"address add {address} broadcast + dev {port.name}"
        if not link.up:
            yield f"link set dev {port.name} up"
    loopback = view.links["lo"]
    for address in _extra_loopbacks(spec, loopback):
        yield f"address delete {address} dev lo"
    for address in _missing(loopback, spec.loopbacks):
        yield f"address add {address} dev lo"


def _route_commands(spec: NodeSpec, view: View) -> list[str]:
    if not spec.gateway or _gateways(view) == [spec.gateway]:
        return []
    others = [gateway for gateway in _gateways(view) if gateway != spec.gateway]
    return [*(f"route delete default via {gateway}" for gateway in others), f"route replace default via {spec.gateway}"]


def _gateways(view: View) -> list[str]:
    return [route.get("gateway", "?") for route in view.routes if route["dst"] == "default"]


def _missing(link: Link, asked: list[str] | tuple[str, ...]) -> list[str]:
    return [address for address in asked if address not in link.addresses]


def _extra(link: Link, port: PortSpec) -> list[str]:
    """Return addresses that are neither the port's own nor the gateway address that routers share."""
    allowed = ipaddress.ip_interface(port.shared_address).ip if port.shared_address else None
    return [
        address
        for address in link.addresses
        if address != port.address and ipaddress.ip_interface(address).ip != allowed
    ]


def _extra_loopbacks(spec: NodeSpec, loopback: Link) -> list[str]:
    return [address for address in loopback.addresses if address not in (*spec.loopbacks, _LOOPBACK)]
