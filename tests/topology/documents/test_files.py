"""The files of a document: typed, printable, the same bytes each time, linked among themselves."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from topology.documents.plain import plain
from topology.documents.revisions import Revision, changed_files, revisions
from topology.documents.site import Binding, anchors, site
from topology.documents.table import Column, Table
from topology.documents.workbook import workbook

HISTORY = (
    Revision(1, dt.date(2026, 4, 1), "first (circuits.yaml)", "A. Author"),
    Revision(2, dt.date(2026, 5, 1), "second", "B. Author", "C. Reviewer", "D. Approver"),
)
TABLE = Table(
    "circuit-list",
    "回線一覧",
    "Circuit list",
    (
        Column("回線ID", "circuit", "entry"),
        Column("帯域", "rate", "megabit"),
        Column("期限", "until", "date"),
        Column("割合", "share", "percent"),
        Column("要件", "requirements", "requirements"),
        Column("備考", "remark"),
    ),
    (
        ("circuits.a", 1000.0, dt.date(2027, 3, 31), 0.571, "2.13, 4.11", "<b>&"),
        ("circuits.b", None, None, None, None, '"quoted", with comma\nand line'),
    ),
    "注記",
    "note",
)
TRACE = Table(
    "requirement-trace", "要件対応表", "Requirement trace",
    (Column("要件", "requirement", "requirements"), Column("記載", "shown by", "entry")),
    (("2.13", "circuits.a"), ("2.13", "circuits.b")),
)  # fmt: skip


def test_workbook_has_typed_cells_frozen_header_and_print_area() -> None:
    """Numbers are numbers, dates dates; the header stays and repeats; the second sheet holds the revisions."""
    book = load_workbook(io.BytesIO(workbook(TABLE, "ja", "富士市", HISTORY)))
    sheet, history = book["回線一覧"], book["改訂履歴"]
    assert [cell.value for cell in sheet[4]] == ["回線ID", "帯域", "期限", "割合", "要件", "備考"]
    assert _values(sheet[5]) == ["circuits.a", 1000, dt.date(2027, 3, 31), 0.571, "2.13, 4.11", "<b>&"]
    assert sheet["D5"].number_format == "0.00%"
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:F6"
    assert sheet.print_area == "'回線一覧'!$A$1:$F$6"
    assert sheet.print_title_rows == "$4:$4"
    assert "第2版" in sheet["A2"].value
    assert _values(history[3]) == [2, dt.date(2026, 5, 1), "second", "B. Author", "C. Reviewer", "D. Approver"]


def _values(cells: Iterable[Cell]) -> list[object]:
    """Return the values of cells, days as days."""
    return [cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value for cell in cells]


def test_workbook_is_the_same_each_time() -> None:
    """No clock and no random number gets into a file."""
    assert workbook(TABLE, "en", "Fuji", HISTORY) == workbook(TABLE, "en", "Fuji", HISTORY)


def test_csv_comes_back_as_it_was() -> None:
    """Quotes, commas and line ends survive; spreadsheets find the encoding by its mark."""
    content = plain(TABLE, "en")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["circuit", "rate", "until", "share", "requirements", "remark"]
    assert rows[1] == ["circuits.a", "1000", "2027-03-31", "0.571", "2.13, 4.11", "<b>&"]
    assert rows[2][5] == '"quoted", with comma\nand line'


def test_page_links_entries_and_requirements_and_loads_nothing() -> None:
    """Every link leads somewhere on the page or to a file beside it; text is escaped; nothing comes from outside."""
    files = {table.name: [f"{table.name}.xlsx", f"{table.name}.csv"] for table in (TABLE, TRACE)}
    bound = Binding("富士市", "ja", HISTORY, [TABLE, TRACE], files=files, left_out=["ラック搭載図"])
    page = site(bound).decode()
    anchors = set(re.findall(r'id="([^"]+)"', page))
    links = re.findall(r'href="([^"]+)"', page)
    assert {"#at-circuits.a", "#at-2.13"} <= set(links)
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    beside = {link for link in links if not link.startswith("#")}
    assert beside == {name for names in files.values() for name in names}
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    assert "ラック搭載図" in page
    assert re.search(r"(https?:)?//[a-z]", page) is None
    assert page == site(bound).decode()


def test_entry_listed_nowhere_by_itself_is_found_where_it_is_named() -> None:
    """A link to an entry without a list of its own leads to the first cell that names it."""
    table = Table(
        "ports", "ポート", "Ports", (Column("機器", "device", "entry"), Column("経由", "over", "entry")),
        (("devices.a", "segments.x"), ("devices.b", "segments.x")),
    )  # fmt: skip
    assert anchors([table]) == {
        "devices.a": ("ports", 0, -1), "devices.b": ("ports", 1, -1), "segments.x": ("ports", 0, 1),
    }  # fmt: skip
    page = site(Binding("富士市", "ja", HISTORY, [table])).decode()
    assert page.count('id="at-segments.x"') == 1


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Maker", "-c", "user.email=maker@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_revisions_come_from_the_history_of_the_folder(tmp_path: Path) -> None:
    """One revision for each commit that touched it, with the files; trailers without a signature approve nothing."""
    estate = tmp_path / "estates" / "own"
    estate.mkdir(parents=True)
    _git(tmp_path, "init", "-q")
    for number, name in enumerate(("estate.yaml", "circuits.yaml"), 1):
        (estate / name).write_text(f"a: {number}\n")
        _git(tmp_path, "add", "-A")
        _git(tmp_path, "commit", "-qm", f"Step {number}\n\nApproved-by: Somebody")
    (tmp_path / "elsewhere.txt").write_text("x")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-qm", "Not the estate")
    found = revisions(estate)
    assert [(one.number, one.change, one.author) for one in found] == [
        (1, "Step 1 (estate.yaml)", "Maker"), (2, "Step 2 (circuits.yaml)", "Maker"),
    ]  # fmt: skip
    assert {one.approved for one in found} == {""}
    assert changed_files(estate) == ()
    (estate / "estate.yaml").write_text("a: 3\n")
    (estate / "new file.yaml").write_text("b: 1\n")
    assert changed_files(estate) == ("estate.yaml", "new file.yaml")
    draft = revisions(estate, {"timers.bfd.interval": "1 s"})[-1]
    assert (draft.number, draft.day, draft.author) == (3, found[-1].day, "")
    assert draft.change == "案 (draft): estate.yaml, new file.yaml, timers.bfd.interval=1 s"


def test_merge_is_a_revision_only_where_it_changed_something(tmp_path: Path) -> None:
    """Joining two lines of work is no change of the estate; what was decided while joining them is one."""
    _git(tmp_path, "init", "-q", "-b", "main")

    def commit(name: str, text: str) -> None:
        (tmp_path / name).write_text(text)
        _git(tmp_path, "add", "-A")
        _git(tmp_path, "commit", "-qm", f"{name} {text}")

    commit("a.yaml", "1")
    _git(tmp_path, "checkout", "-qb", "side")
    commit("b.yaml", "2")
    _git(tmp_path, "checkout", "-q", "main")
    commit("c.yaml", "3")
    _git(tmp_path, "merge", "-qm", "Joined", "side")
    assert sorted(one.change for one in revisions(tmp_path)) == [
        "a.yaml 1 (a.yaml)",
        "b.yaml 2 (b.yaml)",
        "c.yaml 3 (c.yaml)",
    ]
    _git(tmp_path, "checkout", "-q", "side")
    commit("a.yaml", "4")
    _git(tmp_path, "checkout", "-q", "main")
    _git(tmp_path, "merge", "-q", "--no-commit", "side")
    commit("a.yaml", "5")
    assert revisions(tmp_path)[-1].change == "a.yaml 5 (a.yaml)"
    assert [one.number for one in revisions(tmp_path)] == [1, 2, 3, 4, 5]


def test_signed_commit_fills_review_and_approval(tmp_path: Path) -> None:
    """Trailers count where the signature is good by the repository's own list of signers, and nowhere else."""
    estate = tmp_path / "estate"
    estate.mkdir()
    _git(tmp_path, "init", "-q")
    for name in ("known", "stranger"):
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True)
    key = (tmp_path / "known.pub").read_text().split()
    (tmp_path / "signers").write_text(f"maker@example.org {key[0]} {key[1]}\n")
    _git(tmp_path, "config", "gpg.format", "ssh")
    _git(tmp_path, "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    for number, name in enumerate(("known", "stranger"), 1):
        (estate / "estate.yaml").write_text(f"a: {number}\n")
        _git(tmp_path, "config", "user.signingkey", str(tmp_path / f"{name}.pub"))
        _git(tmp_path, "add", "estate")
        message = "Change\n\nReviewed-by: A. Reviewer\nApproved-by: B. Approver\nApproved-by: C. Approver"
        _git(tmp_path, "commit", "-S", "-qm", message)
    found = revisions(estate)
    assert [(one.reviewed, one.approved) for one in found] == [("A. Reviewer", "B. Approver, C. Approver"), ("", "")]


def test_outside_a_repository_the_epoch_gives_the_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH is what reproducible builds use; without it the date is the epoch itself, never today."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775001600")
    assert revisions(tmp_path) == (Revision(1, dt.date(2026, 4, 1), "", ""),)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert revisions(tmp_path)[0].day == dt.date(1970, 1, 1)
