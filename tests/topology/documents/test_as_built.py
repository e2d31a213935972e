"""As-built documents: every item with both values, differences first and marked in every form."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.as_built import Compared, Item
from topology.documents import as_built
from topology.documents.table import Table
from topology.documents.workbook import MARK
from topology.documents.write import bound
from topology.draw.words import Language

ROUTER = "devices.dc-rt-1"
COMPARED = (
    Compared(Item("address-plan", ROUTER, "wan1", "address"), "10.0.0.1/28", "10.0.0.9/28", ROUTER),
    Compared(Item("connection-list", ROUTER, "wan1", "state"), "up", "up", f"{ROUTER}.interfaces.wan1"),
    Compared(
        Item("connection-list", "circuits.fuji-wan-1", "fuji-wan-1", "rate"), "20 Mbps", None, "circuits.fuji-wan-1",
        seen=False,
    ),
    Compared(Item("flow-matrix", ROUTER, "stray", "request"), None, "any → any tcp dport 23", ROUTER),
    Compared(Item("parameter-sheets", ROUTER, "packages", "frr"), "10.3", None, ROUTER),
)  # fmt: skip


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return the deck's estate."""
    return load_estate("fuji-fujinomiya")


def _tables(estate: Estate, language: Language) -> dict[str, Table]:
    return {table.name: table for table in as_built.tables(estate, COMPARED, language)}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_differences_come_first_with_entry_and_requirement(estate: Estate, language: Language) -> None:
    """One row for each difference and none else; each names where it is stated and which requirement it touches."""
    tables = _tables(estate, language)
    assert list(tables) == list(as_built.NAMES)
    rows = tables["as-built-differences"].rows
    kinds = {"ja": ["相違", "設計外", "欠落"], "en": ["changed", "extra", "missing"]}[language]
    assert [row[1] for row in rows] == kinds
    assert all(str(row[9]).startswith("devices.yaml:") for row in rows)
    assert {row[10] for row in rows} == {"2.13"}
    assert "3" in tables["as-built-differences"].note(language)


def test_every_item_stands_in_its_document(estate: Estate) -> None:
    """Items that are alike are shown as such, and what could not be looked at is not called alike."""
    tables = _tables(estate, "ja")
    shown = [(row[4], row[5]) for row in tables["as-built-connection-list"].rows]
    assert shown == [("up", "一致"), (None, "未確認")]
    assert sum(len(table.rows) for name, table in tables.items() if name != "as-built-differences") == len(COMPARED)


def test_entry_without_requirement_of_its_own_shows_that_of_its_parent(estate: Estate) -> None:
    """A port shows what its device shows; a path that is no entry shows nothing."""
    find = as_built.requirements_of(estate)
    assert find("devices.dc-rt-1.interfaces.wan1") == find("devices.dc-rt-1") == ("2.13",)
    assert find("nowhere.at.all") == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_differences_are_marked_in_every_form(estate: Estate, language: Language) -> None:
    """The page colours the row, the workbook its cells, CSV has the word; two runs are the same to the byte."""
    tables = list(_tables(estate, language).values())
    files = {name: make() for name, make in bound(estate, tables, language, as_built.PAGE)}
    assert files == {name: make() for name, make in bound(estate, tables, language, as_built.PAGE)}
    page = files["as-built.html"].decode()
    assert page.count('class="differs"') == 6
    sheet = load_workbook(io.BytesIO(files["as-built-address-plan.xlsx"])).worksheets[0]
    assert sheet["A5"].fill.fgColor.rgb == f"FF{MARK.removeprefix('#')}"
    same = load_workbook(io.BytesIO(files["as-built-connection-list.xlsx"])).worksheets[0]
    assert same["A5"].fill.fill_type is None
    rows = list(csv.reader(io.StringIO(files["as-built-parameter-sheets.csv"].decode("utf-8-sig"), newline="")))
    assert rows[1][5] == {"ja": "欠落", "en": "missing"}[language]
