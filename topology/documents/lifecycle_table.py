"""Lifecycles as a document (ライフサイクル一覧), judged by the day of the estate's last commit."""

from __future__ import annotations

from inventory.models.estate import Estate
from inventory.models.record import said
from topology.documents.table import Cell, Column, Table
from topology.documents.text import cited
from topology.documents.words import word
from topology.draw.words import Language
from topology.lifecycles import judging_day, standings
from topology.model import Network


def lifecycle_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every pin: version, where it stands, end of support with its source, how it stands, what replaces it."""
    parties = estate.records.parties
    day = judging_day(estate.folder)
    states = {one.id: one for one in standings(estate, day)} if day else {}
    rows: list[tuple[Cell, ...]] = []
    for id_, row in estate.records.lifecycles.items():
        one = states.get(id_)
        origin = estate.provenance.get(f"lifecycles.{id_}.ends")
        accepted = row.accepted
        rows.append((
            f"lifecycles.{id_}", row.label(language), word(row.kind, language), said(row, "version", language),
            row.pinned_in, ", ".join(row.names), f"lifecycles.{row.follows}" if row.follows else None,
            one.ends if one else row.ends, cited(said(origin, "source", language), language) if origin else None,
            origin.trust if origin else None, word(one.state, language) if one else None,
            said(row, "replaced_by", language), parties[row.operator].label(language) if row.operator else None,
            accepted.until if accepted else None, parties[accepted.by].label(language) if accepted else None,
            said(accepted, "reason", language) if accepted else None,
        ))  # fmt: skip
    columns = (
        Column("項番", "row", "entry"),
        Column("名称", "name"),
        Column("種別", "kind"),
        Column("版", "version"),
        Column("固定箇所", "pinned in"),
        Column("対象", "pins"),
        Column("準拠", "follows", "entry"),
        Column("サポート終了日", "support ends", "date"),
        Column("出典", "source"),
        Column("信頼度", "trust"),
        Column("状態", "state"),
        Column("後継", "replaced by"),
        Column("担当", "operator"),
        Column("承認期限", "accepted until", "date"),
        Column("承認者", "accepted by"),
        Column("承認理由", "reason"),
    )
    shown = day.isoformat() if day else "—"
    note_ja = f"状態は {shown} 時点。終了日のない行は、提供元が期限を公表していない。"
    note_en = f"States as on {shown}. Where a row has no end, nobody has promised one."
    return Table("lifecycle-list", "ライフサイクル一覧", "Lifecycle list", columns, tuple(rows), note_ja, note_en)
