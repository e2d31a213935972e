"""The common volume (共通編): what is run, by whom, under which contract, with which ledgers and service levels."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from inventory.quantities import show_duration
from topology.documents.manual.prose import Chapter, Steps, chapter, pick
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.words import Language
from topology.model import Network


def common(estate: Estate, network: Network, language: Language) -> tuple[Chapter, ...]:
    """Return the chapters of the common volume."""
    records = estate.records
    return (
        chapter(language, "目的と対象", "Purpose and scope", *_scope(records, network, language)),
        chapter(language, "体制", "Parties", _parties(records, language), _contracts(records, language)),
        chapter(language, "役割分担", "Who does what", _tasks(records, language)),
        chapter(language, "台帳", "Ledgers", _ledgers(records, language)),
        chapter(
            language,
            "サービスレベル",
            "Service levels",
            _levels(records, language),
            _promises(records, language),
            *_figure_promises(records, language),
        ),
    )


def _scope(records: EstateRecords, network: Network, language: Language) -> Iterator[str | Steps | Table]:
    label = records.estate.label(language)
    yield pick(
        language,
        f"本書は「{label}」のシステムの運用管理の手順を定める。"
        "記載内容は構成データから作成したもので、構成データの変更とともに改訂する。",
        f"This manual sets out how the systems of the {label} are run. "
        "It is made from the estate's data and is revised with them.",
    )
    goals = tuple(goal.label(language) for goal in records.goals.values())
    if goals:
        yield pick(language, "事業の目的は次のとおり。", "The goals of the scheme are these.")
        yield Steps(goals)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (city.label(language), city.population, city.households) for city in records.cities.values()
    )
    columns = (
        Column("団体", "city"), Column("人口", "population", "number"), Column("世帯数", "households", "number"),
    )  # fmt: skip
    yield Table("manual-cities", "参加団体", "Cities", columns, rows)
    yield _services(records, language)
    roles = [node.role for node in network.nodes.values()]
    nodes = [roles.count("router"), roles.count("application"), roles.count("database")]
    yield pick(
        language,
        f"対象機器は拠点 {len(records.sites)} か所のルータ {nodes[0]} 台、APサーバ {nodes[1]} 台、"
        f"DBサーバ {nodes[2]} 台、回線 {len(records.circuits)} 本。",
        f"It covers {nodes[0]} routers, {nodes[1]} application servers and {nodes[2]} database servers at "
        f"{len(records.sites)} sites, and {len(records.circuits)} circuits.",
    )


def _services(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"services.{id_}", one.label(language), f"tcp/{one.port}",
         pick(language, "、", ", ").join(records.cities[city].label(language) for city in one.instances))
        for id_, one in records.services.items()
    )  # fmt: skip
    columns = (
        Column("サービス", "service", "entry"), Column("名称", "name"), Column("ポート", "port"),
        Column("利用団体", "for"),
    )  # fmt: skip
    return Table("manual-services", "対象サービス", "Services", columns, rows)


def _parties(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"parties.{id_}", party.label(language), word(party.kind, language),
         records.parties[party.part_of].label(language) if party.part_of else None)
        for id_, party in records.parties.items()
    )  # fmt: skip
    columns = (
        Column("ID", "party", "entry"), Column("名称", "name"), Column("区分", "kind"), Column("所属", "part of"),
    )  # fmt: skip
    return Table("manual-parties", "関係者", "Parties", columns, rows)


def _contracts(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"contracts.{id_}", one.label(language), records.parties[one.client].label(language),
         records.parties[one.contractor].label(language))
        for id_, one in records.contracts.items()
    )  # fmt: skip
    columns = (
        Column("ID", "contract", "entry"), Column("契約", "name"), Column("発注者", "client"),
        Column("受注者", "contractor"),
    )  # fmt: skip
    return Table("manual-contracts", "契約", "Contracts", columns, rows)


def _tasks(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"responsibilities.{id_}", task.label(language), word(task.part, language),
         pick(language, "、", ", ").join(records.parties[party].label(language) for party in task.parties))
        for id_, task in records.responsibilities.items()
        if task.part in {"governance", "operation", "maintenance", "outside-the-scheme"}
    )  # fmt: skip
    columns = (
        Column("項番", "task", "entry"), Column("役割", "name"), Column("区分", "part"), Column("担当", "by"),
    )  # fmt: skip
    return Table("manual-tasks", "役割分担", "Who does what", columns, rows)


def _ledgers(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"ledgers.{id_}", one.label(language), said(one, "purpose", language),
         records.parties[one.opened_by].label(language), records.parties[one.decided_by].label(language),
         " → ".join(word(state, language) for state in one.states))
        for id_, one in records.ledgers.items()
    )  # fmt: skip
    columns = (
        Column("ID", "ledger", "entry"), Column("台帳", "name"), Column("目的", "purpose"), Column("起票", "opened by"),
        Column("承認", "decided by"), Column("状態", "states"),
    )  # fmt: skip
    return Table("manual-ledgers", "台帳", "Ledgers", columns, rows)


def _levels(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"service_levels.{id_}", one.label(language), said(one, "formula", language), one.target,
         word(one.reported, language), word(one.reviewed, language))
        for id_, one in records.service_levels.items()
    )  # fmt: skip
    columns = (
        Column("ID", "item", "entry"), Column("指標", "name"), Column("算式", "formula"),
        Column("目標", "target", "percent"), Column("報告", "reported"), Column("見直し", "reviewed"),
    )  # fmt: skip
    return Table("manual-levels", "SLA項目", "Items of the service level agreement", columns, rows)


def _promises(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"promises.{id_}", one.label(language), show_duration(one.limit_s), one.percentile,
         ", ".join(one.exceptions) or None)
        for id_, one in records.promises.items()
    )  # fmt: skip
    columns = (
        Column("ID", "promise", "entry"), Column("約束", "promise, in words"), Column("上限", "limit"),
        Column("百分位", "percentile", "number"), Column("除外", "except"),
    )  # fmt: skip
    return Table("manual-promises", "切替時間の約束", "Promises on switching", columns, rows)


def _figure_promises(records: EstateRecords, language: Language) -> Iterator[Table]:
    """Yield the bounds on predicted figures, where there are any."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"figure_promises.{id_}", one.label(language), " ".join(map(str, one.question.values())), one.figures,
         None if one.at_least is None else str(one.at_least), None if one.at_most is None else str(one.at_most))
        for id_, one in records.figure_promises.items()
    )  # fmt: skip
    columns = (
        Column("ID", "promise", "entry"), Column("約束", "promise, in words"),
        Column("予測", "prediction"), Column("項目", "figures"), Column("下限", "at least"), Column("上限", "at most"),
    )  # fmt: skip
    if rows:
        yield Table("manual-figure-promises", "予測値の約束", "Promises on predicted figures", columns, rows)
