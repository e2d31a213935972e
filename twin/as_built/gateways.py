"""Shared gateway addresses of a router: what keepalived is told of each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.quantities import show_duration
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

_INSTANCE = re.compile(r"^vrrp_instance\s+(\S+)\s*\{(.*?)^\}", re.MULTILINE | re.DOTALL)
_ADDRESSES = re.compile(r"virtual_ipaddress\s*\{([^}]*)\}")


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield each gateway that the router shares."""
    for gateway in design.variables.get("router__vrrp", []):
        on = gateway["interface"]
        delay_s = float(gateway["preempt_delay_s"])
        segment = next(port.segment for port in design.spec.ports if port.name == on)
        yield design.parameter(on, "virtual_ipaddress", gateway["address"], f"segments.{segment}")
        yield design.parameter(on, "virtual_router_id", str(gateway["id"]), f"segments.{segment}")
        yield design.parameter(on, "priority", str(gateway["priority"]), f"{design.owner}.vrrp_priority")
        advertisement = show_duration(gateway["advert_ms"] / 1000)
        yield design.parameter(on, "advert_int", advertisement, "timers.vrrp.advertisement")
        delay = show_duration(delay_s) if delay_s >= 0 else "never"
        yield design.parameter(on, "preempt_delay", delay, "timers.vrrp.preempt_delay")


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what keepalived's configuration says of each instance."""
    for found in _INSTANCE.finditer(answer.said.get("keepalived") or ""):
        name, body = found.groups()
        on = _word(body, "interface") or name
        addresses = _ADDRESSES.search(body)
        values = {
            "virtual_ipaddress": ", ".join(sorted(addresses[1].split())) if addresses else None,
            "virtual_router_id": _word(body, "virtual_router_id"),
            "priority": _word(body, "priority"),
            "advert_int": _seconds(_word(body, "advert_int")),
            "preempt_delay": "never"
            if _word(body, "nopreempt") is not None
            else _seconds(_word(body, "preempt_delay")),
        }
        for parameter, value in values.items():
            if value is not None:
                yield design.parameter(on, parameter, value)


def _word(body: str, name: str) -> str | None:
    found = re.search(rf"^\s*{name}\b[ \t]*(\S*)", body, re.MULTILINE)
    return found[1] if found else None


def _seconds(text: str | None) -> str | None:
    return show_duration(float(text)) if text else None
