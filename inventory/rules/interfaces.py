"""Rules on interfaces: what they are attached to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.models.devices import DeviceInterface
from inventory.problems import Problem
from inventory.rules.scope import Scope

_DERIVED_NAMES = re.compile(r"lo|tun\d+")


def attachments_exist(scope: Scope) -> Iterator[Problem]:
    """An interface is attached to a segment or circuit that is defined."""
    for path, _, port in _interfaces(scope):
        yield from scope.unknown(f"{path}.segment", "segment", port.segment, "segments")
        yield from scope.unknown(f"{path}.circuit", "circuit", port.circuit, "circuits")


def names_are_free(scope: Scope) -> Iterator[Problem]:
    """`lo` and `tunN` are names that routers give themselves."""
    for path, _, _ in _interfaces(scope):
        name = path.rpartition(".")[2]
        if _DERIVED_NAMES.fullmatch(name):
            yield scope.problem(path, f"`{name}` is a derived interface's name", "another name than lo or tunN")


def attached_where_the_device_stands(scope: Scope) -> Iterator[Problem]:
    """An interface is attached to what reaches its device's site."""
    for path, site, port in _interfaces(scope):
        if site not in scope.names("sites"):
            continue
        circuit = scope.records.circuits.get(port.circuit or "")
        segment = scope.records.segments.get(port.segment or "")
        if circuit is not None:
            if circuit.service == "campus-link":
                found = f"`{port.circuit}` is a campus link, which is part of a LAN"
                yield scope.problem(f"{path}.circuit", found, f"a segment `over: {port.circuit}`")
            elif scope.ends_known(port.circuit) and site not in circuit.ends.both:
                found = f"`{port.circuit}` ends at `{circuit.ends.a}` and `{circuit.ends.z}`, the device is at `{site}`"
                yield scope.problem(f"{path}.circuit", found, f"a circuit that ends at `{site}`")
        elif segment is not None:
            if segment.site not in scope.names("sites") or (segment.over and not scope.ends_known(segment.over)):
                continue
            link = scope.records.circuits.get(segment.over or "")
            sites = {segment.site, *(link.ends.both if link else ())}
            if site not in sites:
                reached = " and ".join(f"`{name}`" for name in sorted(sites))
                found = f"`{port.segment}` is at {reached}, the device is at `{site}`"
                yield scope.problem(f"{path}.segment", found, f"a segment at `{site}`")


def one_interface_on_a_segment(scope: Scope) -> Iterator[Problem]:
    """A device has at most one interface on a segment or circuit."""
    for id_, device in scope.records.devices.items():
        first: dict[str, str] = {}
        for name, port in device.interfaces.items():
            target = port.segment or port.circuit or ""
            if target in first:
                found = f"`{first[target]}` is on `{target}` already"
                yield scope.problem(f"devices.{id_}.interfaces.{name}", found, "one interface on each")
            first.setdefault(target, name)


def _interfaces(scope: Scope) -> Iterator[tuple[str, str, DeviceInterface]]:
    """Yield `(path, site of the device, interface)` for every interface."""
    for id_, device in scope.records.devices.items():
        for name, port in device.interfaces.items():
            yield f"devices.{id_}.interfaces.{name}", device.site, port
