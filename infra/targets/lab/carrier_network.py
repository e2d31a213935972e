"""Carrier networks: a namespace that forwards between access segments and does nothing else.

It counts what it sees by kind, on arrival, so that also what is meant for itself counts (a routing protocol's greeting
that should never leave a router).
"""

from __future__ import annotations

import json
import shutil
from typing import Any, Literal

from infra.specs import CarrierNetworkSpec, to_json
from infra.targets.lab.names import digest, far_end, mac_address
from infra.targets.lab.namespaces import Namespace, View, connect
from infra.targets.lab.place import Place
from infra.targets.target import LabNotRunning, NotSupported, Observed, Progress, TargetError

_SETTINGS = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
}
_TABLE = "carrier"
# `esp` alone is a word of the rule language. Port 4500 carries both: IKE after four zero bytes, ESP otherwise
# (RFC 3948, section 2.2).
_RULES = f"""
table ip {_TABLE} {{
    counter seen_ike {{ }}
    counter seen_esp {{ }}
    counter seen_other {{ }}
    chain arrivals {{
        type filter hook prerouting priority -300; policy accept;
        udp dport 500 counter name seen_ike return
        udp sport 500 counter name seen_ike return
        meta l4proto udp @th,0,16 4500 @th,64,32 0 counter name seen_ike return
        meta l4proto udp @th,16,16 4500 @th,64,32 0 counter name seen_ike return
        udp dport 4500 counter name seen_esp return
        udp sport 4500 counter name seen_esp return
        ip protocol esp counter name seen_esp return
        counter name seen_other
    }}
}}
"""


def ensure(place: Place, spec: CarrierNetworkSpec, progress: Progress) -> Observed:
    """Make or mend a carrier network; its segments must stand."""
    space = Namespace(place.names.carrier_namespace(spec.id))
    space.ensure(_SETTINGS)
    view = _seen(space, spec.id)
    if not view.prepared:
        space.prepare(_SETTINGS)
    space.set({key: value for key, value in _SETTINGS.items() if view.settings.get(key) != value})
    for segment, (end, _) in spec.ports.items():
        if segment not in _links(view):
            progress(f"carrier network {spec.id}: plugging into {segment} {end}")
            _plug(place, spec.id, segment, end, space)
    view = _seen(space, spec.id)
    commands = []
    for segment, (_, address) in spec.ports.items():
        link = _links(view)[segment]
        commands += [f"address delete {found} dev {link.name}" for found in link.addresses if found != address]
        if address not in link.addresses:
            commands.append(f"address add {address} broadcast + dev {link.name}")
        if not link.up:
            commands.append(f"link set dev {link.name} up")
    commands += [f"link delete dev {link.name}" for segment, link in _links(view).items() if segment not in spec.ports]
    space.ip(commands)
    if shutil.which("nft") and not _counts(space):
        space.run(["nft", "-f", "-"], stdin=_RULES)
    observed = read(place, spec)
    if observed is None or observed.drift:
        problems = "; ".join(observed.drift) if observed else "gone"
        raise TargetError(f"carrier network {spec.id} could not be mended: {problems}")
    return observed


def read(place: Place, spec: CarrierNetworkSpec) -> Observed | None:
    """Look at a carrier network."""
    space = Namespace(place.names.carrier_namespace(spec.id))
    view = space.look(_SETTINGS)
    if view is None:
        return None
    found = _links(view)
    drift = [] if view.prepared else ["its making was interrupted"]
    for segment, (_, address) in spec.ports.items():
        link = found.get(segment)
        if link is None:
            drift.append(f"its port in {segment} is gone")
            continue
        if not (link.up and link.carrier):
            drift.append(f"its port in {segment} is down")
        if address not in link.addresses:
            drift.append(f"address {address} is gone from its port in {segment}")
        drift += [f"address {extra} in {segment} was not asked for" for extra in link.addresses if extra != address]
    drift += [f"its port in {segment} was not asked for" for segment in found if segment not in spec.ports]
    drift += [
        f"{key} is {view.settings.get(key)}, asked {v}" for key, v in _SETTINGS.items() if view.settings.get(key) != v
    ]
    if shutil.which("nft") and not _counts(space):
        drift.append("it does not count what it sees")
    values = to_json(spec)
    values["ports"] = {
        segment: [end, address if address in found[segment].addresses else ", ".join(found[segment].addresses)]
        for segment, (end, address) in spec.ports.items()
        if segment in found
    }
    return Observed(spec.id, values, tuple(f"carrier network {spec.id}: {problem}" for problem in drift))


def remove(place: Place, network_id: str) -> None:
    """Remove a carrier network."""
    Namespace(place.names.carrier_namespace(network_id)).remove()


def counters(place: Place, network_id: str) -> dict[str, int]:
    """Return the packets seen since it was made: `ike`, `esp` (also in UDP) and `other`."""
    space = Namespace(place.names.carrier_namespace(network_id))
    if not space.exists():
        raise LabNotRunning(f"carrier network {network_id} does not stand; `make up` brings it back")
    if not shutil.which("nft"):
        raise NotSupported("nft is not installed on this host, so nothing counts what carrier networks see")
    shown = json.loads(space.run(["nft", "-j", "list", "counters", "table", "ip", _TABLE]).stdout)
    found = (entry["counter"] for entry in shown["nftables"] if "counter" in entry)
    return {counter["name"].removeprefix("seen_"): counter["packets"] for counter in found}


def _counts(space: Namespace) -> bool:
    return space.run(["nft", "list", "counter", "ip", _TABLE, "seen_other"], check=False).returncode == 0


def _seen(space: Namespace, network_id: str) -> View:
    view = space.look(_SETTINGS)
    if view is None:
        raise LabNotRunning(f"carrier network {network_id}: its namespace went away while it was made")
    return view


def _links(view: View) -> dict[str, Any]:
    """Return the network's ports by segment, which their alias names."""
    return {link.alias: link for link in view.links.values() if link.alias}


def _plug(place: Place, network_id: str, segment_id: str, end: Literal["a", "z"], space: Namespace) -> None:
    segment = Namespace(place.names.segment_namespace(segment_id))
    if not segment.exists():
        raise LabNotRunning(f"carrier network {network_id}: segment {segment_id} does not stand; make it first")
    key = f"{network_id}/{segment_id}"
    near, far = f"k{digest(key, 10)}", far_end(key)
    mtu = segment.mtu(end)
    connect(space, near, segment, far, f"mtu {mtu} address {mac_address(key)}")
    segment.ip(
        [
            f'link set dev {far} alias "{key} {end}"',
            f"link set dev {far} mtu {mtu}",
            f"link set dev {far} master {end} up",
        ]
    )
    space.ip([f'link set dev {near} alias "{segment_id}"', f"link set dev {near} up"])
