"""Lists become an estate: what an office keeps, what the project itself writes, and everything that cannot be."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from import_lists import BadLists, bad_lists, write_lists
from openpyxl import load_workbook

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.check import check_estate, find_unrecorded
from topology.documents.catalogue import DOCUMENTS
from topology.documents.plain import plain
from topology.documents.revisions import Revision
from topology.documents.table import Table
from topology.documents.workbook import workbook
from topology.draw.words import Language
from topology.imports.headings import MappingInvalid, read_headings
from topology.imports.lists import WouldOverwrite, import_lists
from topology.imports.outcome import REPORT

HISTORY = (Revision(1, dt.date(2026, 4, 1), "first", "A. Author"),)
LISTS = ("equipment-list", "node-list", "segment-list", "address-plan", "connection-list", "circuit-list", "code-list")
SAME = (
    "cities", "sites", "rooms", "racks", "hardware", "devices", "segments", "addressing", "circuits", "circuit_groups",
    "providers", "carrier_networks", "zones", "encryption", "power_sources", "power_feeds", "cooling_units",
)  # fmt: skip


def _tables(estate: Estate, language: Language) -> dict[str, Table]:
    network = build_network(estate)
    return {name: DOCUMENTS[name](estate, network, language) for name in LISTS}


def _files(folder: Path, tables: dict[str, Table], language: Language, ending: str) -> list[Path]:
    paths = []
    for name, table in tables.items():
        path = folder / f"{name}{ending}"
        path.write_bytes(plain(table, language) if ending == ".csv" else workbook(table, language, "x", HISTORY))
        paths.append(path)
    return paths


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_what_is_written_comes_back_unchanged(tmp_path: Path, name: str, language: Language, ending: str) -> None:
    """Documents → import: the records are equal; a second set of documents has the same tables, cell by cell."""
    estate = load_estate(name)
    tables = _tables(estate, language)
    outcome = import_lists(_files(tmp_path, tables, language, ending), tmp_path / "again", read_headings())
    assert outcome.findings == ()
    again = check_estate(str(tmp_path / "again"))
    for section in SAME:
        assert getattr(again.records, section) == getattr(estate.records, section), section
    assert {name: table.rows for name, table in _tables(again, language).items()} == {
        name: table.rows for name, table in tables.items()
    }
    assert build_network(again).interfaces == build_network(estate).interfaces


@pytest.fixture
def office(tmp_path: Path) -> Estate:
    """Return the estate that the good lists make."""
    outcome = import_lists(write_lists(tmp_path / "lists"), tmp_path / "office", read_headings())
    assert outcome.findings == ()
    return check_estate(str(tmp_path / "office"))


def test_lists_of_an_office_make_an_estate(office: Estate) -> None:
    """Merged cells, full-width letters, headings in two rows and below a title, and days of eras are understood."""
    records = office.records
    assert {id_: device.role for id_, device in records.devices.items()} == {
        "dc-rt-01": "router", "dc-rt-02": "router", "dc-ap-01": "application", "dc-db-01": "database",
        "ch-rt-01": "router", "ch-pc-01": "terminal",
    }  # fmt: skip
    assert {item.kind for item in records.hardware.values()} == {"router", "switch", "server"}
    assert records.hardware["a-001"].installed == dt.date(2020, 4, 1)
    assert records.hardware["a-002"].support_ends == dt.date(2027, 3, 31)
    assert records.hardware["a-003"].installed == dt.date(2015, 1, 5)
    assert records.hardware["a-005"].support_ends == dt.date(2019, 5, 1)
    assert (records.hardware["a-004"].power_w, records.hardware["a-004"].position) == (500, 10)
    assert records.circuits["k-0001"].name_ja == "市役所主回線"
    assert [member.priority for member in records.circuit_groups["line-1"].members] == ["primary", "secondary"]
    assert (records.circuits["k-0001"].rate_bps, records.circuits["k-0002"].rate_bps) == (1e9, 1e8)


def test_addresses_of_the_lists_are_those_of_the_network(office: Estate) -> None:
    """Every address stays what it was, and is recorded; one that was given up is never given out again."""
    network = build_network(office)
    found = {port.key: str(port.address) for port in network.interfaces}
    assert found["dc-rt-02/gi0-0-0"] == "192.168.10.3/24"
    assert found["ch-pc-01/eth0"] == "192.168.20.11/25"
    assert found["ch-rt-01/gi0-0-2"] == "172.16.0.6/30"
    assert {str(gateway.address.ip) for gateway in network.gateways.values()} == {"192.168.10.1", "192.168.20.1"}
    assert find_unrecorded(office) == ()
    assert "192.168.10.14" in (Path(office.folder) / "addresses.lock.yaml").read_text()


def test_values_say_which_cell_they_come_from(office: Estate) -> None:
    """A figure names workbook, sheet and cell; what no list says is marked as assumed and listed in the report."""
    origin = office.provenance["circuits.k-0002.rate"]
    assert (origin.source, origin.how) == ("回線一覧.xlsx:WAN回線一覧!E3", "printed")
    assumed = office.provenance["devices.ch-rt-01.memory"]
    assert (assumed.how, assumed.trust) == ("assumed", "L")
    report = (Path(office.folder) / REPORT).read_text(encoding="utf-8")
    assert f"{office.cite('devices.ch-rt-01.memory')}: devices.ch-rt-01.memory" in report
    assert "`DC-SW-01` is no node of the estate" in report


def test_gateway_may_be_another_than_the_first_address(tmp_path: Path) -> None:
    """A gateway at the end of its segment stays there."""
    lists = write_lists(tmp_path / "lists", {"cells": {"IPアドレス管理表": {"E9": "192.168.20.126"}}})
    assert import_lists(lists, tmp_path / "estate", read_headings()).findings == ()
    gateways = build_network(check_estate(str(tmp_path / "estate"))).gateways
    assert "192.168.20.126" in {str(gateway.address.ip) for gateway in gateways.values()}


@pytest.mark.parametrize("pair", bad_lists(), ids=lambda pair: pair.folder.name)
def test_every_conflict_is_told_by_workbook_sheet_and_cell(tmp_path: Path, pair: BadLists) -> None:
    """Each change to the good lists gives exactly its findings, and nothing is written."""
    outcome = import_lists(write_lists(tmp_path / "lists", pair.change), tmp_path / "estate", read_headings())
    assert [str(finding) for finding in outcome.findings] == pair.expected
    assert not outcome.written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lists"]


def test_partial_import_leaves_the_conflict_out(tmp_path: Path) -> None:
    """Asked for, an estate is written without the row in conflict, and the report says which."""
    lists = write_lists(tmp_path / "lists", {"cells": {"接続一覧": {"D11": "CH-PC-09"}}})
    outcome = import_lists(lists, tmp_path / "estate", read_headings(), partial=True)
    assert (outcome.written, len(outcome.findings)) == (True, 1)
    assert str(outcome.findings[0]) in (tmp_path / "estate" / REPORT).read_text(encoding="utf-8")
    assert "ch-pc-01" in check_estate(str(tmp_path / "estate")).records.devices


def test_existing_estate_is_not_touched(tmp_path: Path) -> None:
    """A folder that exists stays as it is unless its replacement is asked for, and also where findings stop that."""
    lists = write_lists(tmp_path / "lists")
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "own.yaml").write_text("kept")
    with pytest.raises(WouldOverwrite, match="exists"):
        import_lists(lists, tmp_path / "estate", read_headings())
    import_lists(lists[:1], tmp_path / "estate", read_headings(), replace=True)
    assert (tmp_path / "estate" / "own.yaml").read_text() == "kept"
    assert import_lists(lists, tmp_path / "estate", read_headings(), replace=True).written
    assert not (tmp_path / "estate" / "own.yaml").exists()


def test_import_is_the_same_each_time(tmp_path: Path) -> None:
    """Two imports of the same files give the same bytes."""
    lists = write_lists(tmp_path / "lists")
    for name in ("one", "two"):
        import_lists(lists, tmp_path / name / "estate", read_headings())
    names = sorted(path.name for path in (tmp_path / "one" / "estate").iterdir())
    assert names
    for name in names:
        one, two = (tmp_path / folder / "estate" / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_struck_rows_and_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    """A row struck through (取消線) is not there; a hidden sheet is not read; both are noted."""
    strike = {"回線一覧": [f"{column}3" for column in "ABCDEFGHI"]}
    lists = write_lists(tmp_path / "lists", {"strike": strike})
    book = load_workbook(lists[1])
    book.create_sheet("回線一覧(旧)").sheet_state = "hidden"
    book.save(lists[1])
    outcome = import_lists(lists, tmp_path / "estate", read_headings())
    notes = [str(note) for note in outcome.notes]
    assert "回線一覧.xlsx:WAN回線一覧!A3: struck through, not read" in notes
    assert "回線一覧.xlsx:回線一覧(旧): hidden sheet, not read" in notes
    assert any("`K-0002` is no circuit" in str(finding) for finding in outcome.findings)


def _mapping(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_mapping_teaches_headings_names_and_kinds(tmp_path: Path) -> None:
    """Headings and words of one office's own are understood where a mapping says what they mean."""
    change = {
        "sheet": {"機器一覧": "資産一覧"},
        "rows": {"機器一覧": ["A-009 | CH-LP-01 | プリンタ | 窓口 | LP-1 | S009 | 北市役所"]},
        "cells": {"機器一覧": {"B4": "呼び名", "G4": "置き場", "C8": "計算機"}, "回線一覧": {"D2": "市専用網"}},
    }
    mapping = _mapping(tmp_path, """\
titles: {equipment: 資産一覧}
fields:
  equipment: {name: 呼び名, site: [置き場]}
ids: {北データセンター: north-centre, 北市役所: north-hall}
kinds: {計算機: server, プリンタ: none, 市専用網: wide-area-ethernet}
""")  # fmt: skip
    outcome = import_lists(write_lists(tmp_path / "lists", change), tmp_path / "estate", read_headings(mapping))
    assert outcome.findings == ()
    assert set(check_estate(str(tmp_path / "estate")).records.sites) == {"north-centre", "north-hall"}


@pytest.mark.parametrize(
    ("site", "city"), [("北市役所", "北市"), ("四日市市役所", "四日市市"), ("富士宮市庁舎", "富士宮市")]
)
def test_city_follows_from_the_name_of_its_hall(tmp_path: Path, site: str, city: str) -> None:
    """A hall that no code list places belongs to the city that its name begins with."""
    change = {"cells": {"機器一覧": {"G11": site, "G12": site},
                        "回線一覧": {"F2": f"北データセンター~{site}", "F3": f"北データセンター~{site}"}}}  # fmt: skip
    assert import_lists(write_lists(tmp_path / "lists", change), tmp_path / "estate", read_headings()).written
    cities = check_estate(str(tmp_path / "estate")).records.cities
    assert [one.name_ja for one in cities.values()] == [city]


def test_mapping_is_told_its_mistakes_by_line(tmp_path: Path) -> None:
    """Unknown keys, lists and fields are told together, each with its line and the nearest known name."""
    mapping = _mapping(tmp_path, "title: {}\nfields:\n  equipments: {}\n  circuits:\n    rates: x\n    rate: [1]\n")
    with pytest.raises(MappingInvalid) as caught:
        read_headings(mapping)
    assert str(caught.value).splitlines() == [
        "mapping.yaml:1: title: unknown key `title`; expected a known name, nearest `titles`",
        "mapping.yaml:3: fields.equipments: no such list; expected a known name, nearest `equipment`",
        "mapping.yaml:5: fields.circuits.rates: no such field; expected a known name, nearest `rate`",
        "mapping.yaml:6: fields.circuits.rate: is no text; expected a heading, or a list of headings",
    ]


def test_usual_headings_mean_one_field_each() -> None:
    """No heading stands for two fields of a list, and every document's headings are known in both languages."""
    stated: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parents[3] / "topology" / "imports" / "headings.yaml").read_text(encoding="utf-8")
    )
    for kind in stated.values():
        headings = [heading for found in kind["fields"].values() for heading in found]
        assert len(headings) == len(set(headings))
    lists = read_headings().lists
    estate = load_estate("tri-villages")
    for language in ("ja", "en"):
        for name, table in _tables(estate, language).items():  # type: ignore[arg-type]
            kind = next(one for one in lists.values() if table.title(language) in stated[one.name]["titles"])
            unknown = [column.ja for column in table.columns if kind.field(column.heading(language)) is None]
            assert unknown == [], name


def test_no_mutation_ends_in_a_traceback(tmp_path: Path) -> None:
    """Cells overwritten with odd values: always an estate or findings, never an error of the program."""
    odd = (
        "",
        None,
        "-",
        "0",
        -1,
        1e9,
        "１",
        "K-0001",
        "192.168.10.2",
        "/33",
        "10 Tbps",
        "令和0年1月1日",
        "廃止",
        "𠮷" * 30,
    )
    lists = write_lists(tmp_path / "lists")
    for seed in range(40):
        chance = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        for path in lists:
            book = load_workbook(path)
            sheet = book.worksheets[0]
            for _ in range(chance.choice([0, 1, 3])):
                cell = sheet.cell(chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column))
                if cell.coordinate not in sheet.merged_cells:
                    cell.value = chance.choice(odd)
            book.save(folder / path.name)
        outcome = import_lists(sorted(folder.glob("*.xlsx")), folder / "estate", read_headings(), partial=seed % 2 == 0)
        assert outcome.written or outcome.findings
