"""Equipment, addresses, connections, circuits and flows as the trade hands them over (機器一覧 and so on)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from inventory.models.facility import Hardware
from inventory.models.record import Held, said
from topology.documents.design_tables import STATE, state
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.ends import Ends, reason_of
from topology.draw.words import Language
from topology.model import Network
from topology.tables import STATES_JA, address_rows


def equipment_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every piece of hardware: where it stands, what runs on it, whose it is, until when it is supported."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for id_, item in records.hardware.items():
        rack = records.racks[item.rack]
        site = records.sites[records.rooms[rack.room].site]
        rows.append((
            f"hardware.{id_}", item.label(language), word(item.kind, language), item.model, item.serial,
            site.label(language), rack.label(language), item.position, item.height, item.power_w, item.weight_kg,
            "/".join(records.power_feeds[name].side.upper() for name in rack.feeds[: item.supplies]), item.supplies,
            ", ".join(item.carries), *_holders(estate, item, language),
            item.installed, item.support_ends, ", ".join(item.requirements), state(bool(item.carries), language),
        ))  # fmt: skip
    columns = (
        Column("資産番号", "asset", "entry"),
        Column("機器名", "name"),
        Column("種別", "kind"),
        Column("型番", "model"),
        Column("S/N", "serial"),
        Column("設置場所", "site"),
        Column("ラック", "rack"),
        Column("U位置", "unit", "number"),
        Column("U数", "height", "number"),
        Column("消費電力 W", "power W", "number"),
        Column("質量 kg", "weight kg", "number"),
        Column("電源系統", "feeds"),
        Column("電源数", "supplies", "number"),
        Column("搭載ノード", "carries"),
        Column("所有", "owner"),
        Column("運用", "operator"),
        Column("契約", "contract"),
        Column("設置日", "installed", "date"),
        Column("保守期限", "supported until", "date"),
        Column("要件", "requirements", "requirements"),
        Column("実機・設計のみ", "in the lab or design only"),
    )
    note_ja = "空欄は現物で確認して記入する。「実機」は検証環境にその搭載ノードがある機器。"
    note_en = "What is blank is to be read off the machine. In the lab are the nodes that such a machine carries."
    return Table("equipment-list", "機器一覧", "Equipment list", columns, tuple(rows), note_ja, note_en)


def address_plan(estate: Estate, network: Network, language: Language) -> Table:
    """Return every address in use and every one kept for what left, as `twin addresses` shows them."""
    rows = tuple(
        (row.segment, row.vlan, row.prefix, row.address, f"devices.{row.device}" if row.device in network.nodes
         else row.device, row.interface, word(row.use.replace(" ", "-"), language),
         STATES_JA[row.state] if language == "ja" else row.state)
        for row in address_rows(network, estate)
    )  # fmt: skip
    columns = (
        Column("セグメント", "segment"),
        Column("VLAN", "VLAN", "number"),
        Column("プレフィックス", "prefix"),
        Column("IPアドレス", "address"),
        Column("機器", "device", "entry"),
        Column("IF", "interface"),
        Column("用途", "use"),
        Column("状態", "state"),
    )
    return Table("address-plan", "IPアドレス管理表", "Address plan", columns, rows)


def connection_list(_estate: Estate, network: Network, language: Language) -> Table:
    """Return what each port is connected to: the other ports of its segment, or the circuit that its end is of."""
    rows: list[tuple[Cell, ...]] = []
    for port in network.interfaces:
        segment = network.segments[port.segment]
        others = [other.key for other in network.members(port.segment) if other.key != port.key]
        kind = "回線" if segment.kind in {"circuit", "access"} else "LAN"
        rows.append((
            f"devices.{port.node}", port.name, ", ".join(others) or segment.id,
            kind if language == "ja" else {"回線": "circuit", "LAN": "LAN"}[kind],
            f"circuits.{segment.circuit}" if segment.circuit else f"segments.{segment.id}",
            f"{port.node}-{port.name}", round(segment.rate_bps / 1e6, 3), port.mtu,
        ))  # fmt: skip
    columns = (
        Column("自機器", "device", "entry"),
        Column("自ポート", "port"),
        Column("対向機器/ポート", "far ends"),
        Column("種別", "kind"),
        Column("回線・セグメント", "over", "entry"),
        Column("ラベル", "label"),
        Column("速度 Mbps", "rate Mbps", "megabit"),
        Column("MTU", "MTU", "number"),
    )
    return Table("connection-list", "接続一覧", "Connection list", columns, tuple(rows))


def circuit_list(estate: Estate, network: Network, language: Language) -> Table:
    """Return the circuits: provider, service, rate, ends, how they are protected, and what they show."""
    del network
    records = estate.records
    places = {**records.sites, **records.carrier_networks}
    groups = {member.circuit: (name, member.priority) for name, group in records.circuit_groups.items()
              for member in group.members}  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for id_, circuit in records.circuits.items():
        ends = "—".join(places[end].label(language) for end in circuit.ends.both)
        group, priority = groups.get(id_, (None, None))
        provider = records.providers[circuit.provider]
        service = (circuit.service_ja if language == "ja" else None) or word(circuit.service, language)
        rows.append((
            f"circuits.{id_}", circuit.label(language), provider.label(language), service,
            word(circuit.service, language), word(circuit.encapsulation, language), circuit.rate_bps / 1e6,
            circuit.effective_rate_bps / 1e6, round(circuit.delay_s * 1e3, 6), ends,
            records.circuit_groups[group].label(language) if group else None,
            word(priority, language) if priority else None, circuit.tunnel_profile, circuit.mtu,
            *_holders(estate, circuit, language), provider.contact, ", ".join(circuit.requirements),
        ))  # fmt: skip
    columns = (
        Column("回線ID", "circuit", "entry"),
        Column("名称", "name"),
        Column("事業者", "provider"),
        Column("品目", "service"),
        Column("回線種別", "kind"),
        Column("接続方式", "encapsulation"),
        Column("帯域 Mbps", "rate Mbps", "megabit"),
        Column("計画帯域 Mbps", "planned Mbps", "megabit"),
        Column("遅延 ms", "delay ms", "number"),
        Column("区間", "between"),
        Column("論理回線", "group"),
        Column("主副", "priority"),
        Column("暗号化", "tunnel profile"),
        Column("MTU", "MTU", "number"),
        Column("所有", "owner"),
        Column("運用", "operator"),
        Column("契約", "contract"),
        Column("故障受付", "fault desk"),
        Column("要件", "requirements", "requirements"),
    )
    return Table("circuit-list", "回線一覧", "Circuit list", columns, tuple(rows))


def _holders(estate: Estate, held: Held | Hardware, language: Language) -> tuple[Cell, Cell, Cell]:
    """Return the names of owner, operator and contract, blank where the estate does not say."""
    parties, contracts = estate.records.parties, estate.records.contracts
    return (
        parties[held.owner].label(language) if held.owner else None,
        parties[held.operator].label(language) if held.operator else None,
        contracts[held.contract].label(language) if held.contract else None,
    )


def flow_matrix(estate: Estate, network: Network, language: Language) -> Table:
    """Return the permitted flows with their addresses; whatever is not in it is denied."""
    rows: list[tuple[Cell, ...]] = []
    ends = Ends(network)
    for number, flow in enumerate(network.flows, 1):
        record = estate.records.flows.get(flow.id)
        ports = ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in flow.ports)
        rows.append((
            number, f"flows.{flow.id}" if record else flow.id, record.source if record else ends.holder(flow.source),
            str(flow.source), record.destination if record else ends.holder(flow.destination), str(flow.destination),
            flow.protocol.upper(), ports, "○", reason_of(estate, flow, language), flow.cite, state(True, language),
            None,
        ))  # fmt: skip
    rows += _designed_flows(estate, network, language, len(rows))
    columns = (
        Column("No", "no", "number"),
        Column("通信", "flow", "entry"),
        Column("送信元", "from"),
        Column("送信元アドレス", "from addresses"),
        Column("宛先", "to"),
        Column("宛先アドレス", "to addresses"),
        Column("プロトコル", "protocol"),
        Column("ポート", "ports"),
        Column("可否", "permitted"),
        Column("根拠", "reason"),
        Column("記載箇所", "stated in"),
        STATE,
        Column("ゾーンを越える理由", "why it leaves its zone"),
    )
    note_ja = "この表にない通信はすべて拒否する。「設計のみ」の通信は検証環境では強制しない。"
    note_en = "Whatever is not in it is denied. The lab does not enforce what is `design only`."
    return Table("flow-matrix", "通信要件一覧", "Flow matrix", columns, tuple(rows), note_ja, note_en)


def _designed_flows(estate: Estate, network: Network, language: Language, listed: int) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each source of each flow of the design, numbered on; what is not realised has no address."""
    number = listed
    for id_, flow in estate.records.designed_flows.items():
        path = f"designed_flows.{id_}"
        protocols = " ".join(dict.fromkeys(port.partition("/")[0].upper() for port in flow.ports))
        ports = ", ".join(dict.fromkeys(port.partition("/")[2] for port in flow.ports))
        for source in flow.sources:
            number += 1
            segment = network.segments.get(source)
            yield (
                number, path, source, str(segment.prefix) if segment else None, flow.destination, None, protocols,
                ports, "○", said(flow, "reason", language), estate.cite(path), state(False, language),
                said(flow, "crossing", language),
            )  # fmt: skip
