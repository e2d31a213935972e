"""The operation manual: four volumes that say what the estate declares, on the page and on paper."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from bad_estates import GOOD
from pypdf import PdfReader

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.manual import columns
from topology.documents.manual.paper import paper
from topology.documents.manual.prose import Steps, Volume
from topology.documents.manual.volumes import CHAPTERS, volumes
from topology.documents.revisions import Revision
from topology.documents.site import Binding, site
from topology.documents.table import Table
from topology.draw.ink import text_width
from topology.draw.words import Language
from topology.failures import Failures
from topology.model import Network

HISTORY = (
    Revision(1, dt.date(2026, 4, 1), "first <b>", "作成者"),
    Revision(2, dt.date(2026, 5, 1), "second", "作成者", "審査者", "承認者"),
)


@pytest.fixture(scope="module")
def deck() -> tuple[Estate, Network]:
    """Return the deck's estate with its network."""
    estate = load_estate("fuji-fujinomiya")
    return estate, build_network(estate)


def _tables(volume: Volume) -> dict[str, Table]:
    return {block.name: block for one in volume.chapters for block in one.blocks if isinstance(block, Table)}


def _volume(deck: tuple[Estate, Network], name: str, language: Language = "ja") -> Volume:
    return next(one for one in volumes(*deck, language) if one.name.endswith(f"-{name}"))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages", str(GOOD)])
def test_every_estate_has_its_volumes(name: str, language: Language) -> None:
    """Four volumes each; a chapter is never empty: it has a block or says that there are no records."""
    estate = load_estate(name)
    network = build_network(estate)
    made = volumes(estate, network, language)
    wanted = [id_ for id_ in estate.records.manual_volumes if id_ in CHAPTERS] or list(CHAPTERS)
    assert [one.name for one in made] == [f"operation-manual-{id_}" for id_ in wanted]
    assert made == volumes(estate, network, language)
    for volume in made:
        assert all(chapter.blocks for chapter in volume.chapters)
        assert all(table.rows for table in _tables(volume).values())


def test_chapters_hold_every_record(deck: tuple[Estate, Network]) -> None:
    """No party, ledger, service level, monitoring item, nightly job, backup or machine is left out."""
    records = deck[0].records
    nightly = {id_ for id_, job in records.jobs.items() if job.calendar == "nightly"}
    wanted = {
        ("common", "manual-parties"): set(records.parties), ("common", "manual-ledgers"): set(records.ledgers),
        ("common", "manual-levels"): set(records.service_levels),
        ("operation", "monitoring-list"): set(records.monitoring), ("operation", "manual-night"): nightly,
        ("operation", "manual-extra-jobs"): set(records.jobs) - nightly,
        ("operation", "backup-design"): {*records.backups, *records.designed_backups},
        ("maintenance", "manual-hardware"): set(records.hardware),
        ("maintenance", "manual-emergency"): set(records.emergency_counters),
        ("helpdesk", "manual-groups"): set(records.system_groups),
    }  # fmt: skip
    for (volume, table), ids in wanted.items():
        rows = _tables(_volume(deck, volume))[table].rows
        assert {str(row[0]).partition(".")[2] for row in rows} == ids


def test_failures_stand_with_what_they_cost(deck: tuple[Estate, Network]) -> None:
    """Each circuit and device has the loss that `twin impact` predicts; the helpdesk finds the causes from the loss."""
    estate, network = deck
    singles = {one.failed[0]: one for one in Failures(estate, network).singles()}
    rows = {str(row[0]): row for row in _tables(_volume(deck, "maintenance", "en"))["manual-failures"].rows}
    wired = {path for path in singles if path.split(".")[0] in {"circuits", "devices", "carrier_networks"}}
    assert set(rows) == wired
    assert {path for path in wired if rows[path][2] == "nothing"} == {path for path in wired if not singles[path].lost}
    assert rows["circuits.fuji-campus"][2] == "Fuji City Resident registry"
    assert rows["circuits.fujinomiya-main"][4] == "4 h"
    causes = {(row[0], row[2]) for row in _tables(_volume(deck, "helpdesk", "en"))["manual-causes"].rows}
    assert ("Fuji City", "circuits.fuji-campus") in causes
    assert len(causes) == sum(len(one.lost) for one in singles.values())


def test_forms_follow_from_population(deck: tuple[Estate, Network]) -> None:
    """By hand: 0.38 fixed asset tax bills for each of 254,203 residents are 96,598 in 49 boxes of 2,000, 9.66 GB."""
    (row,) = [
        row for row in _tables(_volume(deck, "operation"))["manual-forms"].rows
        if row[0] == "form_runs.fixed-asset-tax-bills" and row[2] == "富士市"
    ]  # fmt: skip
    assert row[3:6] == (4, 96598, 49)
    assert row[6] == pytest.approx(9.6598)


def test_hours_and_free_calls_of_the_helpdesk(deck: tuple[Estate, Network]) -> None:
    """Slide 33 prints them; that no way to call at night is stated is said, not made up."""
    volume = _volume(deck, "helpdesk")
    rows = dict(_tables(volume)["manual-desk"].rows)
    assert (rows["受付時間"], rows["通話料"]) == ("08:15–17:30", "無料")
    steps = next(block for block in volume.chapters[1].blocks if isinstance(block, Steps))
    assert steps.items[0] == "一次受付"
    assert any("定めがない" in block for block in volume.chapters[0].blocks if isinstance(block, str))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_paper_has_title_block_contents_and_type(deck: tuple[Estate, Network], language: Language) -> None:
    """The cover names revisions and approval, the outline the chapters; the same bytes each time, dated by revision."""
    volume = _volume(deck, "maintenance", language)
    content = paper(volume, language, "事業 & 団体", HISTORY)
    assert content == paper(volume, language, "事業 & 団体", HISTORY)
    reader = PdfReader(io.BytesIO(content))
    cover = reader.pages[0].extract_text()
    assert all(word in cover for word in (volume.title, "事業 & 団体", "2026-05-01", "審査者", "承認者", "first <b>"))
    assert [str(entry["/Title"]).partition(". ")[2] for entry in reader.outline] == [  # type: ignore[call-overload]
        one.title for one in volume.chapters
    ]
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == dt.date(2026, 5, 1)
    whole = "".join(page.extract_text() for page in reader.pages)
    assert "fuji-campus" in whole
    assert "`" not in whole
    fonts = {font["/BaseFont"].split("+")[-1] for page in reader.pages for font in _fonts(page)}
    assert fonts == {"IPAPGothic"}


def _fonts(page: object) -> list[dict[str, str]]:
    """Return the fonts that a page sets text in; reportlab names Helvetica on each page whether it is used or not."""
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    named = [font.get_object() for font in fonts.values()]
    return [font for font in named if font["/BaseFont"] != "/Helvetica"]


def test_page_holds_the_manual_without_second_anchors(deck: tuple[Estate, Network]) -> None:
    """Chapters are on the page with their steps; a table that a volume repeats adds no anchor of its own."""
    made = volumes(*deck, "ja")
    lists = [_tables(made[1])["monitoring-list"]]
    page = site(Binding("富士市", "ja", HISTORY, lists, volumes=made)).decode()
    assert page.startswith("<!doctype html>")
    assert page.count('id="at-monitoring.liveness"') == 1
    assert page.count('href="#at-monitoring.liveness"') == 2
    assert all(f'id="{one.name}-1"' in page for one in made)
    assert "<code>twin impact --doubles</code>" in page


def test_no_word_of_a_table_is_broken_where_smaller_type_helps() -> None:
    """Columns fill the page and hold their longest word, in smaller type where the page would else be too narrow."""
    head = ("generations", "encrypted", "method", "incremental")
    for times, size in ((1, columns.SIZES[0]), (2, columns.SIZES[1]), (5, columns.SIZES[1])):
        rows = [head * times, ("a longer text of several words", "x", "", "y") * times]
        widths, used = columns.widths(rows, 360.0)
        assert (used, sum(widths)) == (size, pytest.approx(360.0))
        if times < 5:
            for width, cells in zip(widths, zip(*rows, strict=True), strict=True):
                assert all(
                    text_width(line, size) <= width for cell in cells for line in columns.lines(cell, width, size)
                )
