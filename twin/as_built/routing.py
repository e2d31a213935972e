"""OSPF and BFD of a router: costs, network types, timers, neighbours, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inventory.quantities import show_duration
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign
from twin.observation import full_neighbours, neighbours_of

_TYPES = {
    "POINTOPOINT": "point-to-point",
    "POINTOMULTIPOINT": "point-to-multipoint",
    "BROADCAST": "broadcast",
    "NBMA": "non-broadcast",
}
PROCESS, SESSIONS = "router ospf", "bfd profile circuit"
# Field of FRR's answer (ms), parameter, timer of the estate.
_THROTTLES = (
    ("spfScheduleDelayMsecs", "timers throttle spf, delay", "spf_delay"),
    ("holdtimeMinMsecs", "timers throttle spf, hold", "spf_hold"),
    ("holdtimeMaxMsecs", "timers throttle spf, max hold", "spf_max_hold"),
    ("lsaMinIntervalMsecs", "timers throttle lsa all", "lsa_hold"),
    ("lsaMinArrivalMsecs", "timers lsa min-arrival", "lsa_min_arrival"),
)
# Field of FRR's answer, its unit in seconds, parameter, timer of the estate.
_HELLOS = (
    ("timerMsecs", 0.001, "hello-interval", "hello"),
    ("timerDeadSecs", 1.0, "dead-interval", "dead"),
    ("timerRetransmitSecs", 1.0, "retransmit-interval", "retransmit"),
)


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield what the estate says of a router's OSPF and BFD."""
    if not design.is_router:
        return
    timers = design.whole.estate.records.timers
    for port in [*design.variables["router__interfaces"], *design.variables["router__tunnels"]]:
        if ospf := port.get("ospf"):
            entry = f"{design.owner}.interfaces.{port['name']}"
            yield design.parameter(port["name"], "ospf cost", str(ospf["cost"]), "routing.reference_bandwidth")
            network = "passive" if ospf["passive"] else ospf["network"]
            yield design.parameter(port["name"], "ospf network", network, entry)
    for _, parameter, timer in _THROTTLES:
        value = show_duration(getattr(timers.ospf, f"{timer}_s"))
        yield design.parameter(PROCESS, parameter, value, f"timers.ospf.{timer}")
    for _, _, parameter, timer in _HELLOS:
        value = show_duration(float(round(getattr(timers.ospf, f"{timer}_s"))))
        yield design.parameter(PROCESS, parameter, value, f"timers.ospf.{timer}")
    neighbours = sorted(neighbours_of(design.whole.network, design.node.id))
    for address in neighbours:
        yield design.parameter(address, "OSPF neighbour", "Full")
    if timers.bfd.enabled:
        interval = show_duration(round(timers.bfd.interval_s, 3))
        yield design.parameter(SESSIONS, "interval", interval, "timers.bfd.interval")
        yield design.parameter(SESSIONS, "multiplier", str(timers.bfd.multiplier), "timers.bfd.multiplier")
        for address in neighbours:
            yield design.parameter(address, "BFD session", "up", "timers.bfd.enabled")


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what FRR says; a timer that differs among ports has all its values."""
    ports = (answer.json("ospf_interfaces") or {}).get("interfaces", {})
    active = []
    for name, port in ports.items():
        if name == "lo":
            continue
        passive = bool(port.get("timerPassiveIface"))
        kind = str(port.get("networkType"))
        yield design.parameter(name, "ospf cost", str(port["cost"]))
        yield design.parameter(name, "ospf network", "passive" if passive else _TYPES.get(kind, kind))
        active += [] if passive else [port]
    process = answer.json("ospf") or {}
    for field, parameter, _ in _THROTTLES:
        if field in process:
            yield design.parameter(PROCESS, parameter, show_duration(process[field] / 1000))
    for field, unit_s, parameter, _ in _HELLOS:
        yield from _several(design, PROCESS, parameter, (show_duration(port[field] * unit_s) for port in active))
    for address in sorted(set(full_neighbours(answer.json("ospf_neighbours") or {}))):
        yield design.parameter(address, "OSPF neighbour", "Full")
    yield from _sessions(design, answer.json("bfd_peers") or [])


def _sessions(design: NodeDesign, peers: list[dict[str, Any]]) -> Iterator[Fact]:
    intervals = (
        show_duration(peer[field] / 1000) for peer in peers for field in ("receive-interval", "transmit-interval")
    )
    yield from _several(design, SESSIONS, "interval", intervals)
    yield from _several(design, SESSIONS, "multiplier", (str(peer["detect-multiplier"]) for peer in peers))
    for peer in sorted(peers, key=lambda peer: str(peer["peer"])):
        if peer.get("status") == "up":
            yield design.parameter(peer["peer"], "BFD session", "up")


def _several(design: NodeDesign, on: str, name: str, values: Iterable[str]) -> Iterator[Fact]:
    found = sorted(set(values))
    if found:
        yield design.parameter(on, name, ", ".join(found))
