"""Rows of a connection list (接続一覧): what each port is connected to, and connections that cannot be."""

from __future__ import annotations

import dataclasses
import re

from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.ports import checked_port, device_known, is_unit
from topology.imports.sheets import Row
from topology.imports.text import same

Port = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Connection:
    """One row: a port, the ports at its far end, and what it is over (an entry's id, where the list says so)."""

    row: Row
    port: Port
    far: tuple[Port, ...]
    over: tuple[str, str] | None
    rate_bps: float | None
    mtu: int | None


def read_connections(rows: list[Row], segments: frozenset[str], draft: Draft) -> list[Connection]:
    """Return the connections of the rows; what cannot be is found, and the row left out.

    `segments` are names of the address plan (as `same` spells them) that may be no entries yet.
    """
    result: list[Connection] = []
    owners: dict[Port, Spot] = {}
    for row in rows:
        own = _own(row, draft)
        if own is None:
            continue
        if own in owners:
            found = f"`{own[0]}/{own[1]}` is connected already ({owners[own]})"
            draft.findings.add(row.at("port"), "port", found, "one connection for a port")
            continue
        owners[own] = row.at("port")
        over = _over(row, segments, draft)
        far = _far(row, draft, over is not None)
        if far is None or (over is None and row.has("over")):
            draft.loose.add(own)
        if far is None:
            continue
        if own in far:
            draft.findings.add(row.at("port"), "port", f"`{own[0]}/{own[1]}` is connected to itself", "another port")
            continue
        rate_bps, mtu = draft.values.rate_bps(row, "rate"), draft.values.whole(row, "mtu", 576, 9216)
        result.append(Connection(row, own, far, over, rate_bps, mtu))
    _two_ways(result, owners, draft)
    return result


def _own(row: Row, draft: Draft) -> Port | None:
    label, port = draft.values.required(row, "device"), draft.values.required(row, "port")
    if label is None:
        return None
    device = device_known(label, row.at("device"), "device", draft)
    name = checked_port(port, row.at("port"), "port", draft)
    if device is None and is_unit(label, draft):
        draft.findings.note(row.at("device"), f"port of `{label}`, which is no node of the estate: not taken over")
    return (device, name) if device and name else None


def _far(row: Row, draft: Draft, over_known: bool) -> tuple[Port, ...] | None:
    """Return the ports at the far end; hardware without ports (a switch) and what the port is over are none."""
    found: list[Port] = []
    for label, port, spot, port_spot in _named_ports(row, draft):
        unreal = ("circuits", "carrier_networks", "segments") if over_known else ("circuits", "segments")
        if any(draft.names.find(section, label) for section in unreal):
            continue
        device = device_known(label, spot, "far", draft)
        if device is None and is_unit(label, draft):
            draft.findings.note(spot, f"`{label}` is no node of the estate: the cable to it is not taken over")
            continue
        name = checked_port(port, port_spot, "far", draft) if device else None
        if device and not port:
            draft.findings.add(port_spot, "far", f"no port of `{label}`", "the port at the far end")
        if device is None or name is None:
            return None
        found.append((device, name))
    return tuple(found)


def _named_ports(row: Row, draft: Draft) -> list[tuple[str, str, Spot, Spot]]:
    """Return the device and the port of every far end as the row names them, each with its cell."""
    parted = [text.partition("/") for text in draft.values.names(row, "far")]
    found = [(device, port, row.at("far"), row.at("far")) for device, slash, port in parted if slash]
    if row.has("far_device"):
        label, port = draft.values.text(row, "far_device") or "", draft.values.text(row, "far_port") or ""
        found.append((label, port, row.at("far_device"), row.at("far_port")))
    return found


def _over(row: Row, segments: frozenset[str], draft: Draft) -> tuple[str, str] | None:
    """Return `(section, id)` of what the port is over: the list's own column, or a far end that is a circuit."""
    for field in ("over", "far_device", "far"):
        for text in draft.values.names(row, field):
            found = re.fullmatch(r"(circuits|segments)\.(\S+)", text)
            label = found[2] if found else text
            for section in ("circuits", "segments"):
                id_ = draft.names.find(section, label) if not found or found[1] == section else None
                if id_ is not None:
                    return section, id_
            if field == "over" and same(label) not in segments:
                problem = f"`{text}` is no circuit and no segment of the lists"
                draft.findings.add(row.at("over"), "over", problem, "one of the circuit list or the address plan")
    return None


def _two_ways(connections: list[Connection], owners: dict[Port, Spot], draft: Draft) -> None:
    """Find ports that two cables claim: a far end whose own row says otherwise, or that two rows name."""
    by_port = {connection.port: connection for connection in connections}
    claims: dict[Port, Connection] = {}
    for connection in connections:
        field = "far_port" if connection.row.has("far_port") else "far"
        for port in connection.far:
            back = by_port.get(port)
            name = f"{port[0]}/{port[1]}"
            if back is not None:
                if connection.over and back.over and connection.over != back.over:
                    said = f"`{name}` is over `{back.over[1]}` ({owners[port]}), this port over `{connection.over[1]}`"
                    draft.findings.add(connection.row.at(field), "far", said, "both ends over the same")
                elif not connection.over and not back.over and back.far and connection.port not in back.far:
                    other = ", ".join("/".join(one) for one in back.far)
                    said = f"`{name}` is connected to {other} ({owners[port]})"
                    draft.findings.add(connection.row.at(field), "far", said, "a port with one cable")
            elif len(connection.far) == 1:
                first = claims.setdefault(port, connection)
                if first is not connection and (first.over is None or first.over != connection.over):
                    said = f"`{name}` is connected to {'/'.join(first.port)} ({first.row.at(field)})"
                    draft.findings.add(connection.row.at(field), "far", said, "a port with one cable")
