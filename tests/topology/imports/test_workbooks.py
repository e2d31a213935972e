"""Files as sheets of cells: what can be read is read, what cannot is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from topology.imports.findings import Findings
from topology.imports.workbooks import read_sheets


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_csv_of_either_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """What spreadsheets in Japan write; lines of different length are filled up."""
    (tmp_path / "a.csv").write_bytes("機器,場所\nルータ\n".encode(encoding))
    (sheet,) = read_sheets(tmp_path / "a.csv", Findings())
    assert [[cell.value for cell in row] for row in sheet.rows] == [["機器", "場所"], ["ルータ", ""]]
    assert str(sheet.rows[1][0].spot) == "a.csv:A2"


def test_merged_cells_have_the_value_and_the_place_of_their_first(tmp_path: Path) -> None:
    """Down and across; a finding about any of them names one cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "x"
    sheet.merge_cells("A1:B2")
    book.save(tmp_path / "a.xlsx")
    (read,) = read_sheets(tmp_path / "a.xlsx", Findings())
    cells = [cell for row in read.rows for cell in row]
    assert {(cell.value, cell.spot.cell) for cell in cells} == {("x", "A1")}
    assert [cell.carried for cell in cells] == [False, True, True, True]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "is in the old form (.xls) or has a password"),
        ("a.xlsx", b"PK\x03\x04 cut", "is no workbook"),
        ("a.csv", b"\x81\xff\xfe,\x00\xd8", "is in no known encoding"),
        ("a.csv", b'"open,x\n', "is no CSV file"),
    ],
)
def test_what_is_no_list_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """Old workbooks, workbooks with a password, torn files and unknown encodings are findings, not errors."""
    (tmp_path / name).write_bytes(content)
    findings = Findings()
    assert read_sheets(tmp_path / name, findings) == ()
    (finding,) = findings.findings
    assert str(finding).startswith(f"{name}: {said}")
