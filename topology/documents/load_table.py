"""Each city's load as a document (業務量一覧): figures with their reckoning and where each value comes from."""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.documents.table import Cell, Column, Table
from topology.draw.words import Language
from topology.load import figures, trust
from topology.model import Network


def load_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every figure of every city, to the whole and to two decimals, with its reckoning and trust."""
    cities = estate.records.cities
    rows: list[tuple[Cell, ...]] = []
    for one in figures(estate):
        stated = ", ".join(estate.cite(path) for path in one.inputs)
        rows.append((
            f"cities.{one.city}", cities[one.city].label(language), one.label(language), one.rounded,
            round(float(one.value), 2), one.reckoning(language), trust(estate, one), stated,
        ))  # fmt: skip
    columns = (
        Column("市ID", "city", "entry"),
        Column("市", "city name"),
        Column("項目", "figure"),
        Column("値", "value", "number"),
        Column("端数処理前", "before rounding", "number"),
        Column("算式", "reckoning"),
        Column("信頼度", "trust"),
        Column("記載箇所", "stated in"),
    )
    note_ja = "信頼度は算式に使う値のうち最も低いもの。Lの値は計画担当者が置き換える。"
    note_en = "Trust is the least of the values in a reckoning. Values of trust L are for a planner to replace."
    return Table("load-list", "業務量一覧", "Load of the cities", columns, tuple(rows), note_ja, note_en)
