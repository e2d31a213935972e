"""How long nodes and networks of an estate take to make, against the same steps in a bare shell script.

    python -m infra.targets.lab.bench [--estate NAME] [--runs N] [--script]

The script makes the same namespaces, links, shapers and containers by plain `ip`, `tc` and `podman` commands, nodes at
once in the background, and waits until all systems have booted. Both sides run in turn, on labs of their own.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from infra.plan import Plan, make_plan
from infra.specs import CarrierNetworkSpec, NodeSpec, SegmentSpec
from infra.targets.lab import containers, host, segments, shaping
from infra.targets.lab.kernel_settings import kernel_settings
from infra.targets.lab.names import DEFAULT_PREFIX, Names, digest, far_end, mac_address
from infra.targets.lab.place import Place
from infra.targets.lab.podman import Podman
from infra.targets.lab.sweep import CLONE_ROOT, sweep
from infra.targets.lab.target import LabTarget
from inventory.load import load_estate
from topology.build import build_network

LIMIT = 2.0
_AT_ONCE = 8


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Seconds of every run of both sides."""

    target_s: tuple[float, ...]
    script_s: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as long the target takes, by the medians."""
        return statistics.median(self.target_s) / statistics.median(self.script_s)


def compare(plan: Plan, runs: int = 3) -> Comparison:
    """Make the plan's nodes and networks by both sides in turn; leaves nothing on the host."""
    target_s: list[float] = []
    script_s: list[float] = []
    for run in range(runs):
        for by_target in (True, False) if run % 2 == 0 else (False, True):
            prefix = f"{DEFAULT_PREFIX}bench{os.getpid()}"
            try:
                (target_s if by_target else script_s).append((_by_target if by_target else _by_script)(plan, prefix))
            finally:
                sweep(keep_data=False, progress=_silent, names=Names(prefix), whoever=True)
    return Comparison(tuple(target_s), tuple(script_s))


def _silent(_: str) -> None:
    pass


def _by_target(plan: Plan, prefix: str) -> float:
    """Make everything as the provider does; return the seconds."""
    target = LabTarget(CLONE_ROOT, prefix=prefix)
    began_s = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda spec: target.ensure_segment(spec, _silent), plan.segments.values()))
        list(pool.map(lambda spec: target.ensure_carrier_network(spec, _silent), plan.carrier_networks.values()))
        list(pool.map(lambda spec: target.ensure_node(spec, _silent), plan.nodes.values()))
    return time.monotonic() - began_s


def _by_script(plan: Plan, prefix: str) -> float:
    """Make everything by the script; return the seconds."""
    place = LabTarget(CLONE_ROOT, prefix=prefix).place
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
        file.write(script(plan, place))
        file.flush()
        began_s = time.monotonic()
        host.run(["sh", "-e", file.name], timeout_s=600.0)
        return time.monotonic() - began_s


def script(plan: Plan, place: Place) -> str:
    """Return the bare shell script."""
    lines = ["#!/bin/sh", "set -e"]
    for segment in plan.segments.values():
        lines += _segment(segment, place.names)
    for network in plan.carrier_networks.values():
        lines += _carrier_network(network, place.names)
    for node in plan.nodes.values():
        lines += ["("] + [f"  {line}" for line in _node(node, place)] + [") &"]
    return "\n".join([*lines, "wait", ""])


def _space(name: str, settings: dict[str, str]) -> Iterator[str]:
    yield f"ip netns add {name}"
    values = {"net.ipv6.conf.all.disable_ipv6": "1", **settings}
    yield f"nsenter --net=/run/netns/{name} sysctl -qw {' '.join(f'{key}={value}' for key, value in values.items())}"
    yield f"ip -n {name} link set dev lo up"


def _segment(spec: SegmentSpec, names: Names) -> Iterator[str]:
    space = names.segment_namespace(spec.id)
    yield from _space(space, {})
    for end in "az"[: len(spec.ends)]:
        yield f"ip -n {space} link add dev {end} type bridge stp_state 0 mcast_snooping 0"
        yield f"ip -n {space} link set dev {end} up"
    if len(spec.ends) == 2:
        yield f"ip -n {space} link add dev az type veth peer name za"
        for joint, end in segments.JOINTS.items():
            yield f"ip -n {space} link set dev {joint} mtu {spec.mtu} master {end} up"
            for command in shaping.Shape(round(spec.rate_bps), 0.0, spec.mtu).commands(joint):
                yield f"tc -n {space} {command}"


def _link(near: tuple[str, str], key: str, mtu: int, far: tuple[str, str]) -> Iterator[str]:
    """Join a namespace's new link with the bridge of a segment's namespace."""
    (space, name), (segment, end) = near, far
    pair = f"{name} mtu {mtu} address {mac_address(key)} type veth peer name {far_end(key)} netns {segment}"
    yield f"ip -n {space} link add dev {pair}"
    yield f"ip -n {segment} link set dev {far_end(key)} mtu {mtu} master {end} up"


def _carrier_network(spec: CarrierNetworkSpec, names: Names) -> Iterator[str]:
    space = names.carrier_namespace(spec.id)
    yield from _space(space, {"net.ipv4.ip_forward": "1"})
    for segment, (end, address) in spec.ports.items():
        name = f"k{digest(segment, 10)}"
        yield from _link((space, name), f"{spec.id}/{segment}", 1454, (names.segment_namespace(segment), end))
        yield f"ip -n {space} address add {address} dev {name}"
        yield f"ip -n {space} link set dev {name} up"


def _node(spec: NodeSpec, place: Place) -> Iterator[str]:
    space = place.names.node_namespace(spec.id)
    yield from _space(space, kernel_settings(spec.role))
    for port in spec.ports:
        segment = place.names.segment_namespace(port.segment)
        yield from _link((space, port.name), f"{spec.id}/{port.name}", port.mtu, (segment, port.end))
        yield f"ip -n {space} address add {port.address} dev {port.name}"
        yield f"ip -n {space} link set dev {port.name} up"
    for address in spec.loopbacks:
        yield f"ip -n {space} address add {address} dev lo"
    if spec.gateway:
        yield f"ip -n {space} route add default via {spec.gateway}"
    container = place.names.container(spec.id)
    for volume in spec.volumes:
        labels = " ".join(f"--label {key}={value}" for key, value in place.labels.items())
        yield f"podman volume create {labels} {place.names.volume(volume)} >/dev/null"
    yield " ".join([*Podman().command(*containers.creation(place, spec)), ">/dev/null"])
    yield f"until podman exec {container} systemctl is-system-running --wait 2>/dev/null | grep -qE 'running|degraded'"
    yield "do sleep 0.1; done"


def main(arguments: list[str] | None = None) -> int:
    """Compare as the arguments say, those of the command line by default; end with 1 above twice as long."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.targets.lab.bench", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--estate", default="fuji-fujinomiya")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--script", action="store_true", help="print the script and run nothing")
    options = parser.parse_args(arguments)
    estate = load_estate(options.estate)
    plan = make_plan(estate, build_network(estate))
    if options.script:
        print(script(plan, LabTarget(CLONE_ROOT).place))
        return 0
    found = compare(plan, options.runs)
    print(json.dumps({**dataclasses.asdict(found), "ratio": found.ratio, "limit": LIMIT}))
    return 0 if found.ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
