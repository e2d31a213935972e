"""Servers, clusters, appliances and services as lists, those of the design beside those that the lab realises.

Every row says which it is: 実機 (in the lab) or 設計のみ (design only).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from inventory.models.design import DesignedInstance, DesignedService
from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from inventory.quantities import SIZE_UNITS
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.words import Language
from topology.model import Network

GIB = SIZE_UNITS["GiB"]
STATE = Column("区分", "state")
NOTE_JA = "「設計のみ」は検証環境に構築しない。数値はすべて仮定で、計画担当者が置き換える。"
NOTE_EN = "What is `design only` is not built in the lab. All its figures are assumed, for a planner to replace."


def state(realised: bool, language: Language) -> str:
    """Return the words for whether the lab realises something."""
    return word("realised" if realised else "design-only", language)


def machine_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every server: role, city, zone, place, size, system, and what runs on it."""
    columns = (
        Column("サーバ", "server", "entry"), STATE, Column("名称", "name"), Column("役割", "role"),
        Column("市町村", "city"), Column("ゾーン", "zone"), Column("セグメント", "segment"), Column("設置場所", "site"),
        Column("搭載機器", "host"), Column("ラック", "rack"), Column("CPU数", "CPUs", "number"),
        Column("メモリ GiB", "memory GiB", "number"), Column("ディスク GiB", "disk GiB", "number"),
        Column("OS", "system", "entry"), Column("サービス・データストア", "services and stores"),
    )  # fmt: skip
    rows = (*_devices(estate, language), *_machines(estate, language))
    return Table(
        "machine-list", "物理・仮想サーバ一覧", "Physical and virtual servers", columns, rows, NOTE_JA, NOTE_EN
    )


def _devices(estate: Estate, language: Language) -> Iterator[tuple[Cell, ...]]:
    records = estate.records
    carriers = {name: id_ for id_, item in records.hardware.items() for name in item.carries}
    for id_, device in records.devices.items():
        if device.role not in {"application", "database"}:
            continue
        segment = next(port.segment for port in device.interfaces.values() if port.segment)
        served = (
            service.label(language)
            for service in records.services.values()
            for one in service.instances.values()
            if id_ in {one.application, one.database}
        )
        yield (
            f"devices.{id_}", state(True, language), device.label(language), word(device.role, language),
            _city(records, device.city, language), records.zones[records.segments[segment].zone].label(language),
            records.segments[segment].label(language), records.sites[device.site].label(language),
            *_mounted(records, carriers.get(id_), language), device.cpus, device.memory_bytes / GIB, None, None,
            _list(dict.fromkeys(served), language),
        )  # fmt: skip


def _machines(estate: Estate, language: Language) -> Iterator[tuple[Cell, ...]]:
    records = estate.records
    segments = records.every_segment
    runs: dict[str, dict[str, None]] = {}
    for service in records.designed_services.values():
        for instance in service.instances.values():
            for name in instance.runs_on:
                runs.setdefault(name, {})[service.label(language)] = None
            for store, placed in instance.stores.items():
                for name in placed.runs_on:
                    runs.setdefault(name, {})[service.stores[store].label(language)] = None
    for id_, machine in records.virtual_machines.items():
        size, segment = records.machine_sizes[machine.size], segments[machine.segment]
        yield (
            f"virtual_machines.{id_}", state(False, language), machine.label(language), word(machine.role, language),
            _city(records, machine.city, language), records.zones[segment.zone].label(language),
            segment.label(language), records.sites[segment.site].label(language),
            *_mounted(records, machine.host, language), size.cpus, size.memory_bytes / GIB, size.disk_bytes / GIB,
            f"lifecycles.{machine.os}", _list(runs.get(id_, ()), language),
        )  # fmt: skip


def cluster_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every host of every cluster: what it has, and what its machines take of it while all is well."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for id_, cluster in records.clusters.items():
        for name, host in cluster.hosts.items():
            sizes = [records.machine_sizes[one.size] for one in records.virtual_machines.values() if one.host == name]
            rows.append((
                f"hardware.{name}", state(False, language), cluster.label(language),
                records.zones[cluster.zone].label(language), _mounted(records, name, language)[1], host.cpus,
                cluster.cpu_ratio, sum(size.cpus for size in sizes), host.memory_bytes / GIB,
                sum(size.memory_bytes for size in sizes) / GIB, len(sizes), cluster.tolerates,
                _list((f"{one}" for one in cluster.storage), language), cluster.disk_bytes / GIB,
                *(_party(records, party, language) for party in (cluster.owner, cluster.operator)),
                records.contracts[cluster.contract].label(language) if cluster.contract else None, f"clusters.{id_}",
            ))  # fmt: skip
    columns = (
        Column("ホスト", "host", "entry"), STATE, Column("仮想基盤", "cluster"), Column("ゾーン", "zone"),
        Column("ラック", "rack"), Column("コア数", "cores", "number"),
        Column("仮想CPU/コア", "virtual CPUs a core", "number"),
        Column("割当 仮想CPU", "virtual CPUs given", "number"), Column("メモリ GiB", "memory GiB", "number"),
        Column("割当メモリ GiB", "memory given GiB", "number"), Column("仮想サーバ数", "machines", "number"),
        Column("許容停止台数", "hosts that may fail", "number"), Column("ストレージ", "storage"),
        Column("仮想基盤ディスク GiB", "cluster disk GiB", "number"), Column("所有", "owner"),
        Column("運用", "operator"), Column("契約", "contract"), Column("仮想基盤ID", "cluster entry", "entry"),
    )  # fmt: skip
    return Table("cluster-list", "仮想基盤一覧", "Clusters and hosts", columns, tuple(rows), NOTE_JA, NOTE_EN)


def appliance_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the pairs of appliances and the groups of switches: members, what they part, balance or carry."""
    records = estate.records
    segments = records.every_segment
    rows: list[tuple[Cell, ...]] = []
    for id_, pair in records.appliance_pairs.items():
        balanced = [
            service.label(language)
            for service in records.designed_services.values()
            if any(one.behind == id_ for one in service.instances.values())
        ]
        rows.append((
            f"appliance_pairs.{id_}", state(False, language), pair.label(language),
            word(records.hardware[pair.members[0]].kind, language), _list(pair.members, language),
            word(pair.mode, language), _list((records.zones[zone].label(language) for zone in pair.zones), language),
            _list(balanced, language), None, None, None, said(pair, "purpose", language),
        ))  # fmt: skip
    for id_, group in records.switch_groups.items():
        vlans = (f"{segments[name].vlan} {segments[name].label(language)}" for name in group.segments)
        rows.append((
            f"switch_groups.{id_}", state(False, language), group.label(language), word("switch", language),
            _list(group.members, language), None, None, None, group.ports, len(group.attaches),
            _list(vlans, language), _list(group.attaches, language),
        ))  # fmt: skip
    columns = (
        Column("組", "group", "entry"), STATE, Column("名称", "name"), Column("種別", "kind"),
        Column("構成機器", "members"),
        Column("冗長方式", "mode"), Column("分離するゾーン", "parts"), Column("振分け対象", "balances"),
        Column("ポート数/台", "ports each", "number"), Column("使用ポート数/台", "ports used each", "number"),
        Column("VLAN", "VLANs"), Column("用途・収容機器", "purpose or attached"),
    )  # fmt: skip
    return Table(
        "appliance-list", "装置冗長構成一覧", "Appliances and switches", columns, tuple(rows), NOTE_JA, NOTE_EN
    )


def service_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every instance of every service: functions, zone, ports, machines, stores, dependencies, users."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for id_, service in records.services.items():
        groups = dict.fromkeys(records.functions[name].group for name in service.functions)
        for city, one in service.instances.items():
            users = records.segments[one.users]
            rows.append((
                f"services.{id_}", state(True, language), service.label(language),
                _list((records.system_groups[group].label(language) for group in groups), language),
                _functions(records, service.functions, language), _city(records, city, language),
                records.zones[users.zone].label(language), f"tcp/{service.port}", one.application, None, 1, None,
                one.database, None, None, users.label(language), None,
            ))  # fmt: skip
    for id_, designed in records.designed_services.items():
        rows += (_instance(records, id_, designed, one, language) for one in designed.instances.values())
    columns = (
        Column("サービス", "service", "entry"), STATE, Column("名称", "name"), Column("システムグループ", "group"),
        Column("業務", "functions"), Column("市町村", "city"), Column("ゾーン", "zone"), Column("ポート", "ports"),
        Column("稼働サーバ", "runs on"), Column("冗長方式", "mode"), Column("必要台数", "needed", "number"),
        Column("負荷分散装置", "behind"), Column("データストア", "stores"), Column("必須の連携先", "needs"),
        Column("その他の連携先", "uses"), Column("利用者", "users"), Column("単一・共用の理由", "why single or shared"),
    )  # fmt: skip
    return Table("service-list", "サービス一覧", "Service list", columns, tuple(rows), NOTE_JA, NOTE_EN)


def _instance(
    records: EstateRecords, id_: str, service: DesignedService, one: DesignedInstance, language: Language
) -> tuple[Cell, ...]:
    segments = records.every_segment
    services = {**records.services, **records.designed_services}
    stores = (
        f"{service.stores[name].label(language)} {service.stores[name].port} {store.size_bytes / 1e9:g} GB "
        f"({', '.join(store.runs_on)}; {word(store.mode, language)})"
        for name, store in one.stores.items()
    )
    reasons = [
        said(service, "single", language) if one.mode == "single" else None,
        said(service, "shared", language) if one.city is None else None,
    ]
    return (
        f"designed_services.{id_}", state(False, language), service.label(language),
        records.system_groups[service.group].label(language), _functions(records, service.functions, language),
        _city(records, one.city, language), records.zones[one.zone].label(language), ", ".join(service.ports),
        _list(one.runs_on, language), word(one.mode, language), one.needed,
        records.appliance_pairs[one.behind].label(language) if one.behind else None, _list(stores, language),
        _list((services[name].label(language) for name in service.needs), language),
        _list((services[name].label(language) for name in service.uses), language),
        _list((segments[name].label(language) for name in one.users), language),
        _list((reason for reason in reasons if reason), language),
    )  # fmt: skip


def _functions(records: EstateRecords, names: Collection[str], language: Language) -> str | None:
    return _list((records.functions[name].label(language) for name in names), language)


def _list(texts: Collection[str] | Iterator[str], language: Language) -> str | None:
    return ("、" if language == "ja" else ", ").join(texts) or None


def _city(records: EstateRecords, city: str | None, language: Language) -> str:
    return records.cities[city].label(language) if city else word("together", language)


def _party(records: EstateRecords, party: str | None, language: Language) -> str | None:
    return records.parties[party].label(language) if party else None


def _mounted(records: EstateRecords, hardware: str | None, language: Language) -> tuple[Cell, Cell]:
    """Return hardware by its id, and its rack's name."""
    if hardware is None:
        return None, None
    return hardware, records.racks[records.hardware[hardware].rack].label(language)
