"""Services of a node: units with state and user, what listens, whom it asks for the time, who may log in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign, Surroundings

LISTENING, ACCOUNTS = "listening", "accounts"
# What the kernel gives to whoever asks from a port of no name (net.ipv4.ip_local_port_range): answers, no service.
_FIRST_OWN_PORT = 32768
_PEOPLE = range(1000, 60000)
_POSTGRESQL_PORT, _TIME_PORT, _SSH_PORT = 5432, 123, 22
# RFC 5881: control; RFC 5883: over several hops; RFC 7881: seamless. bfdd opens all three whatever is configured.
_BFD_PORTS = (3784, 4784, 7784)
# IKE, IKE with ESP in UDP; and DHCP's client port, which a plugin of charon opens that comes with its packages.
_IKE_PORTS = (500, 4500, 68)
# As the role's template of the tunnels has it.
_VXLAN_PORT = 4789
_UNITS = "/etc/systemd/system"
ANY = "any address"
_EVERYWHERE = {"*", "0.0.0.0", "::"}  # noqa: S104 -- as `ss` prints it, nothing is bound


def declared(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield the units that the roles start, the sources of time, and the ports that follow from what the node does."""
    written = design.contents(Surroundings.of(answer))
    for unit in design.units:
        yield design.parameter(unit, "state", "active")
        yield design.parameter(unit, "at boot", "enabled")
        additions = sorted(path for path in written if path.startswith(f"{_UNITS}/{unit}.d/"))
        if additions:
            yield design.parameter(unit, "drop-ins", ", ".join(additions))
        user = _user(written.get(f"{_UNITS}/{unit}", ""))
        if user:
            yield design.parameter(unit, "user", user)
    servers = design.variables["base__time_servers"]
    if servers:
        yield design.parameter("chrony", "sources", ", ".join(sorted(servers)), "time_service.servers")
    for (protocol, port), (address, entry) in _listeners(design, answer).items():
        yield design.parameter(LISTENING, f"{protocol} {port}", address, entry)


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what runs and listens; of accounts those of people, and any other that may do all."""
    named = set(design.units)
    own = design.contents(Surroundings.of(answer))
    for unit, shown in answer.said["units"].items():
        yield design.parameter(unit, "state", shown.get("ActiveState", "unknown"))
        at_boot = shown.get("UnitFileState", "")
        yield design.parameter(unit, "at boot", "enabled" if at_boot.startswith("enabled") else at_boot or "unknown")
        if shown.get("DropInPaths"):
            yield design.parameter(unit, "drop-ins", ", ".join(sorted(shown["DropInPaths"].split())))
        # Whom a package has its service run as is the package's own affair.
        if shown.get("User") and _user(own.get(f"{_UNITS}/{unit}", "")):
            yield design.parameter(unit, "user", shown["User"])
    for line in answer.lines("failed"):
        unit = line.split()[0]
        if unit not in named:
            yield design.parameter(unit, "state", "failed")
    sources = sorted({line.split(",")[2] for line in answer.lines("time_sources") if line.count(",") > 2})
    if sources:
        yield design.parameter("chrony", "sources", ", ".join(sources))
    for (protocol, port), addresses in sorted(_sockets(answer).items()):
        yield design.parameter(LISTENING, f"{protocol} {port}", ", ".join(sorted(addresses)))
    for line in answer.said["accounts"].splitlines():
        name, _, uid, _, _, _, shell = line.split(":")
        people = int(uid) in _PEOPLE or (int(uid) == 0 and name != "root")
        if people and name != answer.said["logged_in"].get("SUDO_USER"):
            yield design.parameter(ACCOUNTS, name, f"uid {uid}, {shell}")


def _user(unit: str) -> str | None:
    """Return whom a unit's file has it run as."""
    found = re.search(r"^User=(\S+)$", unit, re.MULTILINE)
    return found[1] if found else None


def _listeners(design: NodeDesign, answer: Answer) -> dict[tuple[str, int], tuple[str, str]]:
    """Return address and entry of every port that is to be open to others."""
    records, variables = design.whole.estate.records, design.variables
    found: dict[tuple[str, int], tuple[str, str]] = {}
    parts = variables.get("resident_registry__parts", [])
    if "service" in parts:
        service = next(
            id_ for id_, one in records.services.items() for at in one.instances.values()
            if at.application == design.node.id
        )  # fmt: skip
        port = int(variables["resident_registry__listen_port"])
        found["tcp", port] = (variables["resident_registry__listen_address"], f"services.{service}.port")
    if "database" in parts:
        found["tcp", _POSTGRESQL_PORT] = (variables["postgresql__listen_address"], design.owner)
    if variables["base__time_serve"]:
        found["udp", _TIME_PORT] = (ANY, "time_service.servers")
    if design.is_router:
        found |= {("udp", port): (ANY, "timers.bfd") for port in _BFD_PORTS}
        if variables["router__tunnels"]:
            found |= {("udp", port): (ANY, "encryption") for port in (*_IKE_PORTS, _VXLAN_PORT)}
    if answer.said["logged_in"].get("SSH_CLIENT"):
        found["tcp", _SSH_PORT] = (ANY, design.owner)
    return found


def _sockets(answer: Answer) -> dict[tuple[str, int], set[str]]:
    """Return the addresses at which others reach each port."""
    found: dict[tuple[str, int], set[str]] = {}
    for line in answer.lines("sockets"):
        protocol, _, _, _, local, *_ = line.split()
        address, _, port = local.rpartition(":")
        address = address.partition("%")[0].strip("[]")
        own = address.startswith("127.") or address in {"::1", "::ffff:127.0.0.1"}
        if not port.isdigit() or own or (protocol == "udp" and int(port) >= _FIRST_OWN_PORT):
            continue
        found.setdefault((protocol, int(port)), set()).add(ANY if address in _EVERYWHERE else address)
    return found
