"""The volume of maintenance (維持管理編): what each failure costs and what to do, hardware, changes, emergencies."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.failing import figure_of
from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from topology.documents.manual.prose import Block, Chapter, Steps, chapter, pick
from topology.documents.table import Cell, Column, Table
from topology.draw.words import Language
from topology.failures import Failures, Impact
from topology.model import Network

WIRED = ("circuits", "carrier_networks", "devices")
LATER = {"sites": "拠点", "rooms": "室", "racks": "ラック", "hardware": "機器", "power_sources": "電源",
         "power_feeds": "電源系統", "risk_groups": "共通原因"}  # fmt: skip
"""What else can fail, in the words of the trade."""


def maintenance(estate: Estate, network: Network, language: Language) -> tuple[Chapter, ...]:
    """Return the chapters of the volume of maintenance."""
    records = estate.records
    singles = Failures(estate, network).singles()
    return (
        chapter(language, "障害対応の手順", "What to do after a failure", _steps(records, language)),
        chapter(language, "回線・機器の障害と影響", "Failures of circuits and devices, and what they cost",
                *_failures(estate, singles, language)),
        chapter(language, "設備の障害と影響", "Failures of the facility, and what they cost",
                _facility(estate, singles, language)),
        chapter(language, "ハードウェア保守", "Hardware", _hardware(records, language)),
        chapter(language, "変更作業", "Changes", _changes(records, language)),
        chapter(language, "緊急時の窓口継続", "Counters in an emergency", *_emergency(records, language)),
    )  # fmt: skip


def _steps(records: EstateRecords, language: Language) -> Steps:
    states = ""
    if "incident-reports" in records.ledgers:
        states = records.ledgers["incident-reports"].label(language)
    return Steps((
        pick(language, "対象を特定し、次章の表で影響(サービスと団体)を確かめる。",
             "Find what failed, and in the next chapter whom it costs what."),
        pick(language, "影響なしの場合も冗長が失われている。二つ目の障害を防ぐため、関連する作業を止める。",
             "Also where nobody loses anything, the spare is gone: stop work on what is left."),
        pick(language, "自動切替の対象は、切替後の経路を `twin draw network --after` の図と実機で確かめる。",
             "Where it switches by itself, compare the path with the drawing of `twin draw network --after`."),
        pick(language, "回線は故障受付へ、機器は保守契約先へ連絡し、受付番号を記録する。",
             "Call the carrier's fault desk, or who maintains the machine; note the number that they give."),
        pick(language, f"{states or '故障報告'}に第1報、復旧、再発防止を記録し、承認を得て終結する。",
             f"Record first report, recovery and prevention ({states or 'incident report'}); close it when approved."),
        pick(language, "`twin impact 名前` で影響を、`twin impact --doubles` で次の障害との組合せを調べる。",
             "`twin impact NAME` tells what is lost, `twin impact --doubles` which second failure would matter."),
    ))  # fmt: skip


def _failures(estate: Estate, singles: list[Impact], language: Language) -> Iterator[Block]:
    """Yield every circuit, carrier network and device with what its failure costs, and whom to call."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for one in singles:
        section, _, id_ = one.failed[0].partition(".")
        if section in WIRED:
            rows.append((
                one.failed[0], getattr(records, section)[id_].label(language), _lost(records, one, language),
                _desk(records, section, id_, language), _repair(records, section, id_),
            ))  # fmt: skip
    columns = (
        Column("対象", "fails", "entry"), Column("名称", "name"), Column("利用できなくなるもの", "lost"),
        Column("連絡先", "call"), Column("想定復旧", "repair"),
    )  # fmt: skip
    yield pick(
        language,
        "構成データから求めた予測。「なし」は他の経路で続けられることを示す(切替の間の断は共通編の約束を見る)。",
        "Derived from the estate. Nothing lost means that another path serves (the gap while it switches: see the "
        "promises in the common volume).",
    )
    yield Table("manual-failures", "回線・機器の障害", "Failures of circuits and devices", columns, tuple(rows))


def _facility(estate: Estate, singles: list[Impact], language: Language) -> Table:
    """Return every other entry whose failure costs somebody a service, with what falls with it."""
    records = estate.records
    rows: list[tuple[Cell, ...]] = []
    for one in singles:
        section, _, id_ = one.failed[0].partition(".")
        if section in LATER and one.lost:
            falls = [path for path in one.falls if path.partition(".")[0] in {"devices", "circuits"}]
            kind = LATER[section] if language == "ja" else section.replace("_", " ").removesuffix("s")
            rows.append((
                one.failed[0], kind, getattr(records, section)[id_].label(language),
                ", ".join(path.partition(".")[2] for path in falls) or None, _lost(records, one, language),
            ))  # fmt: skip
    columns = (
        Column("対象", "fails", "entry"), Column("区分", "kind"), Column("名称", "name"),
        Column("ともに停止する機器・回線", "falls with it"), Column("利用できなくなるもの", "lost"),
    )  # fmt: skip
    return Table("manual-facility", "設備の障害", "Failures of the facility", columns, tuple(rows))


def _lost(records: EstateRecords, impact: Impact, language: Language) -> str:
    if not impact.lost:
        return pick(language, "なし", "nothing")
    return "; ".join(
        f"{records.cities[city].label(language)} {records.services[service].label(language)}"
        for service, city in impact.lost
    )


def _desk(records: EstateRecords, section: str, id_: str, language: Language) -> str:
    """Return whom to call: a circuit's provider, or who operates the hardware that carries a device."""
    if section in {"circuits", "carrier_networks"}:
        provider = records.providers[getattr(records, section)[id_].provider]
        return f"{provider.label(language)} {provider.contact or ''}".strip()
    for item in records.hardware.values():
        if id_ in item.carries:
            return records.parties[item.operator].label(language)
    return pick(language, "未登録", "not declared")


def _repair(records: EstateRecords, section: str, id_: str) -> str | None:
    """Return the mean time to repair that the estate states for such a circuit or device."""
    figure = figure_of(records, f"{section}.{id_}")
    return f"{figure[1].mttr_s / 3600:g} h" if figure else None


def _hardware(records: EstateRecords, language: Language) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"hardware.{id_}", item.label(language), records.racks[item.rack].label(language), item.position,
         records.parties[item.operator].label(language), records.contracts[item.contract].label(language),
         item.support_ends)
        for id_, item in records.hardware.items()
    )  # fmt: skip
    columns = (
        Column("資産番号", "asset", "entry"), Column("機器名", "name"), Column("ラック", "rack"),
        Column("U位置", "unit", "number"), Column("保守担当", "maintained by"), Column("契約", "contract"),
        Column("保守期限", "supported until", "date"),
    )  # fmt: skip
    return Table("manual-hardware", "保守対象機器", "Machines under maintenance", columns, rows)


def _changes(records: EstateRecords, language: Language) -> Steps:
    permit = records.ledgers.get("work-permits")
    asked = permit.label(language) if permit else pick(language, "作業申請", "a work permit")
    return Steps((
        pick(language, f"{asked}で作業の許可を得る。", f"Have the work permitted: {asked}."),
        pick(language, "構成データを変更し、`twin check` で誤りがないことを確かめる。",
             "Change the estate's data; `twin check` must find nothing."),
        pick(language, "`twin diff HEAD` で変更の意味(機器、アドレス、通信、約束)を確かめ、審査者に示す。",
             "`twin diff HEAD` tells what the change means; show it to who reviews."),
        pick(language, "`pulumi preview` の関門が約束を破る変更を止める。破らない変更だけを適用する。",
             "The gate in `pulumi preview` stops a change that breaks a promise; apply no other."),
        pick(language, "審査・承認は署名付きコミットの Reviewed-by、Approved-by に残す(本書の改訂履歴になる)。",
             "Review and approval stand as Reviewed-by and Approved-by in a signed commit; they become the revision "
             "history of this manual."),
        pick(language, "作業後に `twin verify` を行い、結果を台帳に報告する。",
             "Run `twin verify` after it and report in the ledger."),
    ))  # fmt: skip


def _emergency(records: EstateRecords, language: Language) -> Iterator[Block]:
    if not records.emergency_counters:
        return
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"emergency_counters.{id_}", one.label(language), records.sites[one.site].label(language),
         pick(language, "、", "; ").join(said(one, "offers", language)), one.data_age_d,
         pick(language, "、", ", ").join(records.services[name].label(language) for name in one.replaces))
        for id_, one in records.emergency_counters.items()
    )  # fmt: skip
    columns = (
        Column("ID", "counter", "entry"), Column("名称", "name"), Column("設置場所", "site"), Column("業務", "offers"),
        Column("データ 日前", "data days old", "number"), Column("代替対象", "instead of"),
    )  # fmt: skip
    yield Table("manual-emergency", "緊急窓口サーバ", "Emergency counter servers", columns, rows)
    refused = any(one.refused_in_normal_times for one in records.emergency_counters.values())
    yield Steps((
        pick(language, "データセンターのAP・DBサーバが利用できないこと、復旧見込みが立たないことを確かめる。",
             "See that the data centre's servers cannot be used, and that nobody can say when they will be back."),
        pick(language, "情報部門の責任者が緊急運用への切替を決め、窓口に知らせる。",
             "The head of the IT section decides to switch and tells the counters."),
        pick(language, "窓口は緊急用アイコンから業務を行う。" + ("平常時は利用を拒否する。" if refused else ""),
             "Counters work by the icon for emergencies." + (" It refuses in normal times." if refused else "")),
        pick(language, "発行した証明書は前日までの内容であることを示し、通番を控える。",
             "Say on each certificate as of which day it is, and keep its number."),
        pick(language, "復旧後、緊急用の利用を止め、発行分を突き合わせてから通常運用に戻す。",
             "When the data centre is back, stop, reconcile what was issued, then go back to normal."),
    ))  # fmt: skip
