"""Segments: a namespace with one bridge per end; two ends are joined by a veth pair that is shaped in both directions.

The joining pair is the carrier's inside: whoever attaches to an end shares its rate, and setting the pair down cuts the
circuit while all ports stay up. Ports are attached by `ports.py`, carrier networks by `carrier_network.py`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from infra.specs import SegmentSpec, to_json
from infra.targets.lab import limits, shaping
from infra.targets.lab.namespaces import Link, Namespace, View
from infra.targets.lab.place import Place
from infra.targets.target import LabNotRunning, NotSupported, Observed, Progress, Traffic

# The joining pair: each is named after the direction of the frames that leave it.
JOINTS = {"az": "a", "za": "z"}
# No spanning tree (a port forwards at once) and no snooping (OSPF and VRRP are multicast).
_BRIDGE = "type bridge stp_state 0 mcast_snooping 0"
# Frames on a bridge are the carrier's business alone: the host's packet filter must not see them.
_SETTINGS = {
    "net.bridge.bridge-nf-call-iptables": "0",
    "net.bridge.bridge-nf-call-ip6tables": "0",
    "net.bridge.bridge-nf-call-arptables": "0",
}


def ensure(place: Place, spec: SegmentSpec, progress: Progress) -> Observed:
    """Make or mend a segment; ports attached to it stay."""
    space = Namespace(place.names.segment_namespace(spec.id))
    new = space.ensure(_bridge_settings())
    view = space.look()
    if view is None:
        raise LabNotRunning(f"segment {spec.id}: its namespace went away while it was made")
    if not view.prepared:
        space.prepare(_bridge_settings())
    commands, shaping_commands = _ip_commands(spec, view), _tc_commands(spec, view) if _joined(spec) else []
    for line in [] if new else [*commands, *shaping_commands]:
        progress(f"segment {spec.id}: {line}")
    space.ip(commands)
    space.tc(shaping_commands)
    if new:
        progress(f"segment {spec.id}: made")
    observed = read(place, spec)
    if observed is None or observed.drift:
        raise LabNotRunning(f"segment {spec.id} could not be mended: {'; '.join(observed.drift if observed else ())}")
    return observed


def read(place: Place, spec: SegmentSpec) -> Observed | None:
    """Look at a segment."""
    view = Namespace(place.names.segment_namespace(spec.id)).look()
    if view is None:
        return None
    drift = [f"segment {spec.id}: {problem}" for problem in _differences(spec, view)]
    values: dict[str, Any] = to_json(spec)
    if _joined(spec):
        values["mtu"] = min((view.links[joint].mtu for joint in JOINTS if joint in view.links), default=spec.mtu)
        rates = [shaping.found_rate_bps(_queues(view, joint)) or 0.0 for joint in JOINTS]
        values["rate_bps"] = next((rate for rate in rates if abs(rate - spec.rate_bps) > 8), spec.rate_bps)
    return Observed(spec.id, values, tuple(drift))


def remove(place: Place, segment_id: str) -> None:
    """Remove a segment with the links attached to it."""
    Namespace(place.names.segment_namespace(segment_id)).remove()


def cut(place: Place, segment_id: str) -> None:
    """Cut the circuit inside the carrier."""
    _set_joint(place, segment_id, "down")


def mend(place: Place, segment_id: str) -> None:
    """Undo `cut`."""
    _set_joint(place, segment_id, "up")


def traffic(place: Place, segment_id: str) -> dict[str, Traffic]:
    """Return what has passed each direction (`a-to-z`, `z-to-a`), counted by the shapers as Ethernet frames."""
    space = Namespace(place.names.segment_namespace(segment_id))
    if not space.exists():
        raise LabNotRunning(f"segment {segment_id} does not stand; `make up` brings it back")
    counted = {}
    for queue in space.queue_statistics():
        if queue.get("root") and queue["dev"] in JOINTS:
            name = "a-to-z" if queue["dev"] == "az" else "z-to-a"
            counted[name] = Traffic(queue["packets"], queue["bytes"], queue["drops"])
    return counted


def plugged(place: Place, segment_id: str) -> dict[str, str]:
    """Return which ports are plugged in, each with the end whose bridge its far end is really attached to."""
    view = Namespace(place.names.segment_namespace(segment_id)).look()
    return {port: link.master for port, _, link in _far_ends(view) if link.master} if view else {}


def _set_joint(place: Place, segment_id: str, state: str) -> None:
    space = Namespace(place.names.segment_namespace(segment_id))
    view = space.look()
    if view is None:
        raise LabNotRunning(f"segment {segment_id} does not stand; `make up` brings it back")
    if "az" not in view.links:
        raise NotSupported(f"segment {segment_id} lies within one place: there is no carrier in which to cut it")
    space.ip([f"link set dev {joint} {state}" for joint in JOINTS])


def _joined(spec: SegmentSpec) -> bool:
    return len(spec.ends) == 2


def _bridge_settings() -> dict[str, str]:
    return _SETTINGS if limits.filters_bridges() else {}


def _shape(spec: SegmentSpec) -> shaping.Shape:
    return shaping.Shape(round(spec.rate_bps), spec.delay_s if limits.has_netem() else 0.0, spec.mtu)


def _queues(view: View, link: str) -> list[dict[str, Any]]:
    return view.queues.get(link, [])


def _ip_commands(spec: SegmentSpec, view: View) -> list[str]:
    """Return what is missing or different, as commands; nothing where all is as asked."""
    ends = ("a", "z") if _joined(spec) else ("a",)
    missing = Link("", None, up=False, carrier=False, mtu=0, mac="", master=None, alias=None, addresses=())
    commands = [f"link add dev {end} {_BRIDGE}" for end in ends if end not in view.links]
    if _joined(spec) and "az" not in view.links:
        commands.append("link add dev az type veth peer name za")
    wanted = dict.fromkeys(ends) | (JOINTS if _joined(spec) else {})
    for name, master in wanted.items():
        link = dataclasses.replace(view.links.get(name, missing), name=name)
        # A bridge follows the smallest MTU of its ports by itself.
        if name in JOINTS and link.mtu != spec.mtu:
            commands.append(f"link set dev {name} mtu {spec.mtu}")
        if link.master != master:
            commands.append(f"link set dev {name} master {master}")
        if not link.up:
            commands.append(f"link set dev {name} up")
    commands += [
        f"link set dev {link.name} master {end} up"
        for _, end, link in _far_ends(view)
        if link.master != end or not link.up
    ]
    return commands


def _far_ends(view: View) -> list[tuple[str, str, Link]]:
    """Return the far ends of the ports attached here: port, end, link; their alias says `node/port end`."""
    return [
        (*link.alias.split(" "), link)  # type: ignore[misc]
        for link in view.links.values()
        if link.name.startswith("p") and link.alias and " " in link.alias
    ]


def _tc_commands(spec: SegmentSpec, view: View) -> list[str]:
    shape = _shape(spec)
    return [
        command
        for joint in JOINTS
        if shaping.differences(shape, _queues(view, joint))
        for command in shape.commands(joint)
    ]


def _differences(spec: SegmentSpec, view: View) -> list[str]:
    ends = ("a", "z") if _joined(spec) else ("a",)
    found = [] if view.prepared else ["its making was interrupted"]
    found += [f"the bridge of end {end} is gone" for end in ends if end not in view.links]
    found += [f"the bridge of end {end} is down" for end in ends if end in view.links and not view.links[end].up]
    found += [
        f"port {port} is unplugged inside the segment" for port, end, link in _far_ends(view) if link.master != end
    ]
    if _joined(spec):
        found += _joint_differences(spec, view)
    return found


def _joint_differences(spec: SegmentSpec, view: View) -> list[str]:
    joints = {name: view.links.get(name) for name in JOINTS}
    if None in joints.values():
        return ["the link between its two ends is gone"]
    found = []
    if not all(link.up for link in joints.values() if link):
        found.append("it is left cut inside the carrier")
    found += [
        f"{name} is not plugged into end {JOINTS[name]}"
        for name, link in joints.items()
        if link and link.master != JOINTS[name]
    ]
    found += [
        f"{name} has an MTU of {link.mtu}, asked {spec.mtu}"
        for name, link in joints.items()
        if link and link.mtu != spec.mtu
    ]
    for name in JOINTS:
        direction = " to ".join(spec.ends if name == "az" else reversed(spec.ends))
        found += [f"{direction} {problem}" for problem in shaping.differences(_shape(spec), _queues(view, name))]
    return found
