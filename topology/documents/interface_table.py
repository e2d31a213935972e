"""The list of data interfaces (連携インタフェース一覧): what systems hand to each other, how and how often."""

from __future__ import annotations

import re

from inventory.models.data_interfaces import DataInterface
from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.exchange import frequency, way
from topology.draw.words import Language
from topology.draw.words import word as drawn
from topology.model import Network

FIELDS = {"medium": "媒体", "port": "ポート", "frequency": "頻度", "direction": "方向", "form": "形式",
          "personal": "個人情報"}  # fmt: skip
"""What may be known or assumed apart from the rest, with its word in Japanese; `form` is `format` in the files."""


SLIDES = re.compile(r"slides? (\d+)")
QUOTED = re.compile(r"\s*[((][^()()]*[\u3040-\u30ff\u4e00-\u9fff][^()()]*[))]")
"""The deck's own words in brackets, which an English document leaves out."""


def data_interface_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every interface with its number, which the data-flow drawing uses, and where each figure comes from."""
    records, comma = estate.records, "、" if language == "ja" else ", "
    rows: list[tuple[Cell, ...]] = []
    for number, (id_, one) in enumerate(records.data_interfaces.items(), 1):
        outside = {one.source, *one.destinations} & set(records.outside_systems)
        rows.append((
            f"data_interfaces.{id_}", number, word("outside-link" if outside else "inside-link", language),
            one.label(language), _end(records, one.source, language),
            comma.join(_end(records, name, language) for name in one.destinations),
            records.cities[one.city].label(language) if one.city else word("each-city", language),
            said(one, "content", language), "○" if one.personal else "―", way(one, language),
            frequency(one, language), word(f"direction-{one.direction}", language),
            drawn(f"form-{one.form}", language), comma.join(one.jobs),
            records.designed_flows[one.flow].label(language) if one.flow else None, said(one, "crossing", language),
            ", ".join(one.requirements), one.slide, word(one.how, language), _origins(estate, id_, one, language),
        ))  # fmt: skip
    columns = (
        Column("連携ID", "interface", "entry"), Column("No.", "No.", "number"), Column("区分", "kind"),
        Column("名称", "name"), Column("連携元", "from"), Column("連携先", "to"), Column("市町村", "city"),
        Column("連携データ", "content"), Column("個人情報", "personal data"),
        Column("媒体・プロトコル/ポート", "medium, protocol and port"), Column("頻度", "frequency"),
        Column("方向", "direction"), Column("形式", "format"), Column("ジョブ", "jobs"),
        Column("通信要件", "flow"), Column("系・外部へ出す理由", "why it may leave"),
        Column("要件", "requirements", "requirements"), Column("スライド", "slide", "number"),
        Column("読み方", "read"), Column("出典(確度)", "sources (trust)"),
    )  # fmt: skip
    note_ja = "番号はデータフロー図の線と同じ。「仮定」は資料になく、計画担当者が置き換える。"
    note_en = "Numbers are those of the data-flow drawing. What is assumed is not in the deck: a planner replaces it."
    return Table(
        "data-interface-list", "連携インタフェース一覧", "Data interfaces", columns, tuple(rows), note_ja, note_en
    )


def _end(records: EstateRecords, end: str, language: Language) -> str:
    """Return the name of a system at an end."""
    for section in (records.services, records.designed_services, records.system_groups, records.emergency_counters):
        if end in section:
            return section[end].label(language)
    return records.outside_systems[end].label(language)


def _origins(estate: Estate, id_: str, one: DataInterface, language: Language) -> str | None:
    """Return the sources of an interface's fields, each with its trust and the fields that it is for."""
    found: dict[str, list[str]] = {}
    for field, japanese in FIELDS.items():
        name = type(one).model_fields[field].alias or field
        origin = estate.provenance.get(f"data_interfaces.{id_}.{name}")
        if origin is not None:
            source = word(said(origin, "source", language) or origin.source, language)
            source = SLIDES.sub(r"スライド\1", source) if language == "ja" else QUOTED.sub("", source)
            found.setdefault(f"{source} ({origin.trust})", []).append(japanese if language == "ja" else name)
    comma, stop = ("、", "。") if language == "ja" else (", ", "; ")
    return stop.join(f"{source}: {comma.join(fields)}" for source, fields in found.items()) or None
