"""Compares a machine with what the inventory says of it, in plain words. Looks only; one connection fetches all."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from typing import Any

from infra.specs import NodeSpec, PortSpec
from infra.targets.hosts.machines import Machine

RELEASES = {"13": "trixie", "12": "bookworm"}
# What the firmware and the kernel keep for themselves of a machine's memory.
_MEMORY_SHARE = 0.9

_QUESTIONS = (
    "cat /etc/os-release",
    "grep ^MemTotal /proc/meminfo",
    "nproc",
    "ip -j address show",
    "ip -j -4 route show default",
    "command -v python3 || true",
    "cat /proc/1/comm",
    "cat /etc/machine-id",
)
COMMAND = ("sh", "-c", "; echo; echo ===; ".join(_QUESTIONS))


@dataclasses.dataclass(frozen=True)
class Facts:
    """What a machine says of itself."""

    distribution: str
    release: str
    memory_bytes: int
    processors: int
    links: dict[str, dict[str, Any]]
    gateways: tuple[str, ...]
    has_python: bool
    first_process: str
    machine_id: str


def parse(shown: str) -> Facts:
    """Return the facts from what `COMMAND` printed."""
    release, memory, processors, links, routes, python, first, machine_id = (
        part.strip() for part in shown.split("===")
    )
    fields = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    return Facts(
        distribution=fields.get("ID", "?").strip('"'),
        release=fields.get("VERSION_ID", "?").strip('"'),
        memory_bytes=int(memory.split()[1]) * 1024,
        processors=int(processors),
        links={link["ifname"]: link for link in json.loads(links or "[]") if "ifname" in link},
        gateways=tuple(route.get("gateway", "?") for route in json.loads(routes or "[]")),
        has_python=bool(python),
        first_process=first,
        machine_id=machine_id,
    )


def differences(spec: NodeSpec, machine: Machine, facts: Facts) -> list[str]:
    """Return what of a machine does not fit the inventory."""
    found = []
    if facts.distribution != "debian" or facts.release not in RELEASES:
        expected = " or ".join(f"Debian {number}" for number in RELEASES)
        found.append(f"runs {facts.distribution} {facts.release}, expected {expected}")
    if facts.first_process != "systemd":
        found.append(f"is run by {facts.first_process}, expected systemd")
    if not facts.has_python:
        found.append("has no python3, which Ansible needs: apt-get install python3")
    if facts.memory_bytes < spec.memory_bytes * _MEMORY_SHARE:
        found.append(f"has {facts.memory_bytes / 2**20:.0f} MiB of memory, asked {spec.memory_bytes / 2**20:.0f} MiB")
    if facts.processors < spec.cpus:
        found.append(f"has {facts.processors} processors, asked {spec.cpus}")
    for port in spec.ports:
        found += _port_differences(port, machine, facts)
    found += [
        f"loopback address {address} is missing"
        for address in spec.loopbacks
        if address not in _addresses(facts.links.get("lo", {}))
    ]
    expected_gateway = None if machine.addresses else spec.gateway
    if expected_gateway and expected_gateway not in facts.gateways:
        found.append(f"sends by default to {', '.join(facts.gateways) or 'nobody'}, asked {expected_gateway}")
    return found


def _port_differences(port: PortSpec, machine: Machine, facts: Facts) -> list[str]:
    name = machine.interfaces.get(port.name, port.name)
    address = machine.addresses.get(port.name, port.address)
    link = facts.links.get(name)
    if link is None:
        return [f"has no interface {name} (port {port.name}), only {', '.join(sorted(facts.links))}"]
    found = []
    if "UP" not in link["flags"]:
        found.append(f"interface {name} is down")
    if address not in _addresses(link):
        found.append(f"interface {name} has {', '.join(_addresses(link)) or 'no address'}, asked {address}")
    if port.name not in machine.addresses and link["mtu"] != port.mtu:
        found.append(f"interface {name} has an MTU of {link['mtu']}, asked {port.mtu}")
    return found


def values(spec: NodeSpec, machine: Machine, facts: Facts, plain: dict[str, Any]) -> dict[str, Any]:
    """Return the spec's values (`plain`) with what was found in their place."""
    ports = []
    for port, value in zip(spec.ports, plain["ports"], strict=True):
        link = facts.links.get(machine.interfaces.get(port.name, port.name))
        if link:
            own = machine.addresses.get(port.name, port.address)
            address = port.address if own in _addresses(link) else ", ".join(_addresses(link))
            mtu = port.mtu if port.name in machine.addresses else link["mtu"]
            ports.append({**value, "address": address, "mtu": mtu})
    memory_fits = facts.memory_bytes >= spec.memory_bytes * _MEMORY_SHARE
    return {
        **plain,
        "cpus": min(spec.cpus, facts.processors),
        "memory_bytes": spec.memory_bytes if memory_fits else facts.memory_bytes,
        "ports": ports,
        "instance": facts.machine_id,
    }


def _addresses(link: dict[str, Any]) -> list[str]:
    found = (f"{info['local']}/{info['prefixlen']}" for info in link.get("addr_info", ()) if info["family"] == "inet")
    return [str(ipaddress.IPv4Interface(address)) for address in found]
