"""The volume of the helpdesk (ヘルプデスク編): hours, reception, escalation, and what may be behind a complaint."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from topology.documents.manual.prose import Block, Chapter, Steps, chapter, pick
from topology.documents.scheme_tables import clock
from topology.documents.table import Cell, Column, Table
from topology.draw.words import Language
from topology.failures import Failures
from topology.model import Network


def helpdesk(estate: Estate, network: Network, language: Language) -> tuple[Chapter, ...]:
    """Return the chapters of the volume of the helpdesk."""
    records = estate.records
    return (
        chapter(language, "受付", "Reception", *_reception(records, language)),
        chapter(language, "受付から完了まで", "From question to answer", _steps(records, language)),
        chapter(language, "引継ぎ先", "Who takes over", _groups(records, language)),
        chapter(language, "申告から考えられる原因", "What may be behind a complaint",
                _causes(estate, network, language)),
    )  # fmt: skip


def _reception(records: EstateRecords, language: Language) -> Iterator[Block]:
    desk = records.helpdesk
    if desk is None:
        return
    paid = pick(language, "無料", "free of charge") if desk.free_of_charge else pick(language, "有料", "at a charge")
    covered = pick(language, "含む", "yes") if desk.covers_other_systems else pick(language, "含まない", "no")
    rows: tuple[tuple[Cell, ...], ...] = (
        (pick(language, "窓口", "desk"), desk.label(language)),
        (pick(language, "受付時間", "hours"), f"{clock(desk.opens_s)}–{clock(desk.closes_s)}"),
        (pick(language, "通話料", "calls"), paid),
        (pick(language, "一次受付", "first line"), records.parties[desk.first_line].label(language)),
        (pick(language, "引継ぎ先", "passes on to"), records.parties[desk.escalates_to].label(language)),
        (pick(language, "共同電算対象外のシステム", "systems outside the scheme"), covered),
    )
    columns = (Column("項目", "item"), Column("内容", "what"))
    yield Table("manual-desk", "窓口", "The desk", columns, rows)
    yield pick(
        language,
        "受付時間外の連絡経路は構成データに定めがない。重度以上の障害は監視からの通知により対応を始める(運用編)。",
        "The estate names no way to call outside these hours. Failures of high severity are taken up from monitoring "
        "(volume of operation).",
    )


def _steps(records: EstateRecords, language: Language) -> Steps:
    if records.helpdesk is None:
        return Steps(())
    own = tuple(said(records.helpdesk, "tasks", language))
    return Steps((
        *own,
        pick(language, "氏名、所属、端末、画面、時刻、件数を聞き、同じ申告がほかにないか確かめる。",
             "Ask for name, section, terminal, screen, time and how many; see whether others report the same."),
        pick(language, "次章以下の表で引継ぎ先と考えられる原因を調べ、回答または引き継ぐ。",
             "Look up in the chapters below who takes over and what may be behind it; answer, or pass it on."),
        pick(language, "完了を申告者に確かめ、同じ問合せに備えてFAQに加える。",
             "Have the caller confirm that it is settled, and add it to the FAQ."),
    ))  # fmt: skip


def _groups(records: EstateRecords, language: Language) -> Table:
    """Return for each group of business systems its functions, how it is realised, and who is asked about it."""
    desk = records.helpdesk
    comma = pick(language, "、", ", ")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"system_groups.{id_}", group.label(language),
         comma.join(one.label(language) for one in records.functions.values() if one.group == id_) or None,
         records.patterns[group.pattern].label(language),
         records.parties[desk.escalates_to].label(language) if desk else None)
        for id_, group in records.system_groups.items()
    )  # fmt: skip
    columns = (
        Column("ID", "group", "entry"), Column("システム", "systems"), Column("業務", "functions"),
        Column("実現方式", "realised as"), Column("引継ぎ先", "passes on to"),
    )  # fmt: skip
    return Table("manual-groups", "業務システムと引継ぎ先", "Systems and who takes over", columns, rows)


def _causes(estate: Estate, network: Network, language: Language) -> Table:
    """Return for each city and service every single failure that takes it away."""
    records = estate.records
    behind: dict[tuple[str, str], list[str]] = {}
    for one in Failures(estate, network).singles():
        for loss in one.lost:
            behind.setdefault(loss, []).append(one.failed[0])
    rows: list[tuple[Cell, ...]] = []
    for (service, city), paths in sorted(behind.items()):
        for path in paths:
            section, _, id_ = path.partition(".")
            label = getattr(records, section)[id_].label(language)
            rows.append((records.cities[city].label(language), records.services[service].label(language), path, label))
    columns = (
        Column("団体", "city"), Column("使えないサービス", "service not usable"),
        Column("考えられる原因", "cause", "entry"), Column("名称", "name"),
    )  # fmt: skip
    return Table("manual-causes", "申告と原因", "Complaints and causes", columns, tuple(rows))
