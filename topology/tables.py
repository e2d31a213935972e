"""The table of addresses as the trade hands it over: segment, VLAN, prefix, address, device, interface, use, state."""

from __future__ import annotations

import dataclasses
from typing import Literal

from inventory.models.estate import Estate
from topology.model import Network
from topology.record import AddressRecord, read_record

State = Literal["derived", "recorded", "pinned", "retired"]
COLUMNS = {
    "ja": ("セグメント", "VLAN", "プレフィックス", "IPアドレス", "機器", "IF", "用途", "状態"),
    "en": ("segment", "VLAN", "prefix", "address", "device", "interface", "use", "state"),
}
STATES_JA = {"derived": "未記録", "recorded": "記録済", "pinned": "固定", "retired": "廃止(予約)"}


@dataclasses.dataclass(frozen=True)
class AddressRow:
    """One address. `use` is its purpose in words of the field, `state` how it came about."""

    segment: str
    vlan: int | None
    prefix: str
    address: str
    device: str
    interface: str
    use: str
    state: State

    def cells(self, language: str) -> tuple[str, ...]:
        """Return the row as text in the order of `COLUMNS`."""
        state = STATES_JA[self.state] if language == "ja" else self.state
        vlan = "" if self.vlan is None else str(self.vlan)
        return (self.segment, vlan, self.prefix, self.address, self.device, self.interface, self.use, state)


def address_rows(network: Network, estate: Estate) -> tuple[AddressRow, ...]:
    """Return every address in use, then those kept for entries that left the estate."""
    rows = _Rows(network, estate)
    in_use = rows.in_use()
    return (*in_use, *rows.retired(in_use))


class _Rows:
    """Collects the rows of one network."""

    def __init__(self, network: Network, estate: Estate) -> None:
        self.network = network
        self.estate = estate
        self.record: AddressRecord = read_record(estate.folder)
        self.pins = estate.records.addressing.pins

    def in_use(self) -> list[AddressRow]:
        """Return the rows of ports, gateways, tunnels and loopbacks, in the order of addresses within a segment."""
        rows = []
        for segment in self.network.segments.values():
            gateway = self.network.gateways.get(segment.id)
            if gateway is not None:
                shared = ", ".join(gateway.routers)
                rows.append(self._row(segment.id, str(gateway.address.ip), (shared, f"vrid {gateway.vrid}"), "gateway"))
            ports = ((address, device, name) for device, name, address in self.network.attached(segment.id))
            for address, device, name in sorted(ports):
                rows.append(self._row(segment.id, str(address.ip), (device, name), segment.kind))
        return [*rows, *self._tunnel_rows(), *self._loopback_rows()]

    def retired(self, in_use: list[AddressRow]) -> list[AddressRow]:
        """Return the rows of what the record holds and the estate no longer has."""
        used = {row.address for row in in_use} | {row.prefix for row in in_use}
        rows = [
            AddressRow(entry, None, prefix, "", "", "", "retired", "retired")
            for entry, prefix in sorted(self.record.prefixes.items())
            if prefix not in used and entry not in self.network.segments
        ]
        for port, address in sorted(self.record.addresses.items()):
            if address not in used:
                device, _, name = port.partition("/")
                rows.append(AddressRow("", None, "", address, device, name, "retired", "retired"))
        return rows

    def _tunnel_rows(self) -> list[AddressRow]:
        rows = []
        for tunnel in self.network.tunnels.values():
            pool = self.estate.records.routing.tunnel_endpoint_pool
            for side, end in (("a", tunnel.a), ("z", tunnel.z)):
                state = self._prefix_state(tunnel.id, str(end.address.network))
                address = str(end.address.ip)
                rows.append(
                    AddressRow(
                        tunnel.id, None, str(end.address.network), address, end.node, end.interface, "tunnel", state
                    )
                )
                prefix = f"{end.endpoint}/32"
                state = self._prefix_state(f"{pool}:{tunnel.id}--{side}", prefix)
                rows.append(
                    AddressRow(tunnel.id, None, prefix, str(end.endpoint), end.node, "lo", "tunnel endpoint", state)
                )
        return rows

    def _loopback_rows(self) -> list[AddressRow]:
        pool = self.estate.records.routing.loopback_pool
        rows = []
        for node in self.network.routers():
            prefix = f"{node.loopback}/32"
            state = self._prefix_state(f"{pool}:{node.id}", prefix)
            rows.append(AddressRow(pool, None, prefix, str(node.loopback), node.id, "lo", "router id", state))
        return rows

    def _row(self, segment: str, address: str, holder: tuple[str, str], use: str) -> AddressRow:
        """Return the row of a gateway (as recorded as its segment) or of a port (recorded by itself)."""
        record = self.estate.records.segments.get(segment)
        prefix = str(self.network.segments[segment].prefix)
        state: State = self._prefix_state(segment, prefix)
        port = "/".join(holder)
        if port in self.pins:
            state = "pinned"
        elif use != "gateway" and self.record.addresses.get(port) != address:
            state = "derived"
        return AddressRow(segment, record.vlan if record else None, prefix, address, *holder, use, state)

    def _prefix_state(self, entry: str, prefix: str) -> State:
        return "recorded" if self.record.prefixes.get(entry) == prefix else "derived"
