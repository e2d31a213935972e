"""As-built documents (完成図書): design value, value found and difference side by side; first a list of differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from inventory.models.estate import Estate
from topology.as_built import DOCUMENTS, Compared, Document, differences
from topology.documents.table import Cell, Column, Table
from topology.draw.words import Language
from topology.explain import entries

PREFIX = "as-built-"
TITLES: dict[Document, tuple[str, str]] = {
    "equipment-list": ("機器一覧（実機照合）", "Equipment list, as built"),
    "address-plan": ("IPアドレス管理表（実機照合）", "Address plan, as built"),
    "connection-list": ("接続一覧（実機照合）", "Connection list, as built"),
    "flow-matrix": ("通信要件一覧（実機照合）", "Flow matrix, as built"),
    "parameter-sheets": ("パラメータシート（実機照合）", "Parameter sheets, as built"),
}
_KINDS: dict[str | None, tuple[str, str]] = {
    "missing": ("欠落", "missing"),
    "extra": ("設計外", "extra"),
    "changed": ("相違", "changed"),
    None: ("一致", "same"),
}
_UNSEEN = ("未確認", "not seen")
_JA = {
    # parts of a node
    "node": "本体",
    "routing table": "経路表",
    "policy rules": "ポリシールール",
    "kernel": "カーネル",
    "listening": "待受ポート",
    "accounts": "アカウント",
    "packages": "パッケージ",
    "files": "設定ファイル",
    "certificates": "証明書",
    "postgresql accounts": "postgresql アカウント",
    # items
    "address": "アドレス",
    "shared address": "共有アドレス",
    "state": "状態",
    "system": "OS",
    "memory": "メモリ",
    "port": "ポート",
    "plugged into": "接続先",
    "rate": "帯域",
    "between": "対向",
    "request": "往路",
    "answer": "復路",
    "policy": "既定の扱い",
    "at boot": "自動起動",
    "user": "実行ユーザ",
    "drop-ins": "ユニット追加設定",
    "sources": "時刻源",
    "release": "リリース",
    "OSPF neighbour": "OSPF隣接",
    "BFD session": "BFDセッション",
    # values
    "present": "あり",
    "running": "稼働",
    "down": "停止",
    "loaded": "読込済",
    "may log in": "ログイン可",
    "may not log in": "ログイン不可",
    "any version": "版は問わない",
}
_VALUES = (
    Column("設計値", "design value"),
    Column("実機値", "value found"),
    Column("差異", "difference", "difference"),
)
_WHERE = (Column("対象", "on"), Column("項目", "item"))


PAGE = "as-built.html"
NAMES = (f"{PREFIX}differences", *(f"{PREFIX}{name}" for name in DOCUMENTS))
"""Names of the tables, in their order."""


def tables(estate: Estate, compared: Iterable[Compared], language: Language) -> tuple[Table, ...]:
    """Return the list of differences, then one table for each document, with every item of it."""
    found = tuple(compared)
    return (_differences(estate, found, language), *(_table(estate, found, name, language) for name in DOCUMENTS))


def requirements_of(estate: Estate) -> Callable[[str], tuple[str, ...]]:
    """Return what tells which requirements an entry shows: its own, or those of what it stands in."""
    known = entries(estate)

    def find(path: str) -> tuple[str, ...]:
        while path:
            if path in known and known[path].requirements:
                return known[path].requirements
            path = path.rpartition(".")[0]
        return ()

    return find


def _differences(estate: Estate, compared: tuple[Compared, ...], language: Language) -> Table:
    find = requirements_of(estate)
    titles = {name: title[language == "en"] for name, title in TITLES.items()}
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(differences(compared), 1):
        item = one.item
        rows.append((
            number, _kind(one, language), titles[item.document], item.owner, _said(item.on, language),
            _said(item.name, language), _said(one.declared, language), _said(one.observed, language), one.entry,
            estate.cite(one.entry), ", ".join(find(one.entry)),
        ))  # fmt: skip
    columns = (
        Column("No", "no", "number"),
        Column("差異", "difference", "difference"),
        Column("文書", "document"),
        Column("機器・回線", "owner", "entry"),
        *_WHERE,
        Column("設計値", "design value"),
        Column("実機値", "value found"),
        Column("設計項目", "entry"),
        Column("記載箇所", "stated in"),
        Column("要件", "requirements", "requirements"),
    )
    seen = sum(one.seen for one in compared)
    note_ja = f"照合 {seen} 項目、差異 {len(rows)} 件、未確認 {len(compared) - seen} 項目。"
    note_en = f"{seen} items compared, {len(rows)} differences, {len(compared) - seen} items not seen."
    return Table(f"{PREFIX}differences", "差異一覧", "Differences", columns, tuple(rows), note_ja, note_en)


def _table(estate: Estate, compared: tuple[Compared, ...], name: Document, language: Language) -> Table:
    own = [one for one in compared if one.item.document == name]
    title_ja, title_en = TITLES[name]
    columns = (Column("機器・回線", "owner", "entry"), *_WHERE, *_VALUES, Column("記載箇所", "stated in"))
    divisor = estate.records.lab.rate_divisor
    scaled = name == "connection-list" and divisor != 1
    notes = (
        (f"帯域は検証環境の縮尺（÷{divisor:g}）。", f"Rates at the lab's scale (÷{divisor:g}).") if scaled else ("", "")
    )
    return Table(f"{PREFIX}{name}", title_ja, title_en, columns, tuple(_rows(estate, own, language)), *notes)


def _rows(estate: Estate, compared: Iterable[Compared], language: Language) -> Iterator[tuple[Cell, ...]]:
    for one in compared:
        item = one.item
        yield (
            item.owner, _said(item.on, language), _said(item.name, language), _said(one.declared, language),
            _said(one.observed, language), _kind(one, language), estate.cite(one.entry),
        )  # fmt: skip


def _kind(one: Compared, language: Language) -> str:
    pair = _KINDS[one.kind] if one.seen else _UNSEEN
    return pair[language == "en"]


def _said(text: str | None, language: Language) -> str | None:
    """Return a text in a language; names and values of software stand as the software says them."""
    return _JA.get(text, text) if text is not None and language == "ja" else text
