"""Nodes and segments of the network as lists (ノード一覧, セグメント一覧): what runs, beside what is owned."""

from __future__ import annotations

from inventory.models.estate import Estate
from inventory.quantities import SIZE_UNITS
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.words import Language
from topology.model import Network


def node_list(estate: Estate, network: Network, language: Language) -> Table:
    """Return every node: its role, place and size, the hardware that carries it, its loopback or its gateway."""
    records = estate.records
    carriers: dict[str, list[str]] = {}
    for id_, item in records.hardware.items():
        for name in item.carries:
            carriers.setdefault(name, []).append(id_)
    rows: list[tuple[Cell, ...]] = []
    for id_, device in records.devices.items():
        node = network.nodes[id_]
        rows.append((
            f"devices.{id_}", device.label(language), word(device.role, language),
            records.sites[device.site].label(language), records.cities[device.city].label(language) if device.city
            else None, device.cpus, device.memory_bytes / SIZE_UNITS["MiB"], device.vrrp_priority,
            ", ".join(carriers.get(id_, [])), str(node.loopback) if node.loopback else None,
            str(node.gateway) if node.gateway else None, ", ".join(device.requirements),
        ))  # fmt: skip
    columns = (
        Column("ノード", "node", "entry"),
        Column("名称", "name"),
        Column("役割", "role"),
        Column("設置場所", "site"),
        Column("市町村", "city"),
        Column("CPU数", "CPUs", "number"),
        Column("メモリ MiB", "memory MiB", "number"),
        Column("VRRP優先度", "VRRP priority", "number"),
        Column("搭載機器", "runs on"),
        Column("ループバック", "loopback"),
        Column("ゲートウェイ", "gateway"),
        Column("要件", "requirements", "requirements"),
    )
    return Table("node-list", "ノード一覧", "Node list", columns, tuple(rows))


def segment_list(estate: Estate, network: Network, language: Language) -> Table:
    """Return every segment that is no circuit: VLAN, prefix, gateway, zone and place."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for id_, segment in records.segments.items():
        gateway = network.gateways.get(id_)
        rows.append((
            f"segments.{id_}", segment.label(language), segment.vlan, str(network.segments[id_].prefix),
            str(gateway.address.ip) if gateway else None, word(segment.kind, language),
            records.sites[segment.site].label(language), segment.over, records.zones[segment.zone].label(language),
            records.cities[segment.city].label(language) if segment.city else None, segment.pool,
            segment.rate_bps / 1e6, ", ".join(segment.requirements),
        ))  # fmt: skip
    columns = (
        Column("セグメント", "segment", "entry"),
        Column("名称", "name"),
        Column("VLAN", "VLAN", "number"),
        Column("プレフィックス", "prefix"),
        Column("ゲートウェイ", "gateway"),
        Column("種別", "kind"),
        Column("設置場所", "site"),
        Column("経由構内線", "over campus link"),
        Column("ゾーン", "zone"),
        Column("市町村", "city"),
        Column("アドレスプール", "address pool"),
        Column("速度 Mbps", "rate Mbps", "megabit"),
        Column("要件", "requirements", "requirements"),
    )
    return Table("segment-list", "セグメント一覧", "Segment list", columns, tuple(rows))
