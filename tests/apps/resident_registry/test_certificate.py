"""The certificate carries what was asked for and no more, whole on its sheets, and says that it is a specimen."""

from __future__ import annotations

import dataclasses
import io
from datetime import date

import pytest
from pypdf import PdfReader
from resident_registry.certificate import OMITTED, Application, draw_certificate, parse_application
from resident_registry.errors import InputError, SettingsError
from resident_registry.paper import FONT, fitted, load_font, width_pt
from resident_registry.people import People, Plan, Resident
from resident_registry.settings import Settings
from resident_registry.store import Entry

DAY = date(2026, 7, 1)


def _entry(members_wanted: int) -> Entry:
    """Return a generated household of that size, with its last member asked for."""
    people = People(Plan("架空市", 1200, 500, 7, date(2018, 4, 1)))
    families: dict[int, list[Resident]] = {}
    for resident in people.residents():
        families.setdefault(resident.household, []).append(resident)
    members = next(tuple(family) for family in families.values() if len(family) == members_wanted)
    address = next(household.address for household in people.households() if household.id == members[0].household)
    return Entry(members[-1], address, members)


def _pages(entry: Entry, application: Application, settings: Settings) -> list[str]:
    load_font(settings.font_file)
    reader = PdfReader(io.BytesIO(draw_certificate(entry, application, settings, 12, DAY)))
    return [page.extract_text() for page in reader.pages]


def test_whole_household_on_as_many_sheets_as_it_needs(settings: Settings) -> None:
    """Four members fill a sheet; the attestation stands on the last sheet alone."""
    entry = _entry(6)
    pages = _pages(entry, Application(relation=True), settings)
    assert len(pages) == 2
    assert [sum(member.name in page for member in entry.members) for page in pages] == [4 + 0, 2 + 1]
    assert ["相違ないことを証明する" in page for page in pages] == [False, True]
    assert "次の用紙に続く" in pages[0]
    assert "令和8年7月1日" in pages[1]


def test_every_entry_of_a_member_is_there(settings: Settings) -> None:
    """Name, reading, dates, relation, addresses and numbers appear in the words of the form."""
    entry = _entry(3)
    application = Application(relation=True, domicile=True, individual_number=True, resident_code=True)
    text = _pages(entry, application, settings)[0]
    assert f"見本県架空市{entry.address}" in text
    for member in entry.members:
        for value in (
            member.name, member.kana, member.relation, member.domicile, member.individual_number, member.resident_code,
            member.previous_address, member.domicile_head,
        ):  # fmt: skip
            assert value in text
    for label in (
        "世帯主",
        "生年月日",
        "性別",
        "続柄",
        "住民となった日",
        "住所を定めた日",
        "届出の日",
        "本籍",
        "筆頭者",
        "前住所",
    ):
        assert label in text
    assert OMITTED not in text


def test_what_was_not_asked_for_is_omitted(settings: Settings) -> None:
    """A person's extract holds neither the others nor the head, domicile, individual number and resident code."""
    entry = _entry(3)
    text = _pages(entry, Application(whole_household=False), settings)[0]
    assert entry.resident.name in text
    for member in entry.members[:-1]:
        assert member.name not in text
    for value in (entry.resident.domicile, entry.resident.individual_number, entry.resident.resident_code):
        assert value not in text
    assert "世帯の一部" in text
    assert text.count(OMITTED) == 6


def test_every_sheet_says_that_it_is_a_specimen(settings: Settings) -> None:
    """Watermark, seal and note stand on the sheets, so that nobody takes one for real."""
    for page in _pages(_entry(6), Application(), settings):
        assert "見　本" in page
        assert "証明書としての効力はありません" in page


@pytest.mark.parametrize("text", ["短い", "架空県中央見本市海老仮町1234番地の23 見本ハイツ603号" * 2])
def test_text_fits_its_cell(settings: Settings, text: str) -> None:
    """Long text is set smaller and broken, never cut and never over the edge."""
    load_font(settings.font_file)
    lines, size_pt = fitted(text, 10, 150, 20)
    assert "".join(lines) == text
    assert all(width_pt(line, size_pt) <= 150 for line in lines)
    assert len(lines) * size_pt * 1.15 <= 20


def test_font_is_embedded(settings: Settings) -> None:
    """The sheet prints the same on a machine without the font."""
    load_font(settings.font_file)
    reader = PdfReader(io.BytesIO(draw_certificate(_entry(1), Application(), settings, 1, DAY)))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert any("/FontFile2" in font["/FontDescriptor"] for font in fonts if "/FontDescriptor" in font)


def test_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font that is not there is an error that names the file and the package."""
    from reportlab.pdfbase import pdfmetrics

    monkeypatch.delitem(pdfmetrics._fonts, FONT, raising=False)
    with pytest.raises(SettingsError, match=r"/nowhere\.ttf.*fonts-ipamj-mincho"):
        load_font("/nowhere.ttf")


def test_forms_are_read_strictly() -> None:
    """What is absent is not printed; anything unknown is refused in words."""
    assert parse_application({}) == Application()
    assert parse_application({"scope": "person", "relation": "yes", "domicile": "no"}) == dataclasses.replace(
        Application(), whole_household=False, relation=True
    )
    with pytest.raises(InputError) as caught:
        parse_application({"scope": "all", "relation": "1", "photo": "yes"})
    assert caught.value.problems.keys() == {"scope", "relation", "photo"}
