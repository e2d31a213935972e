"""The certificate of residence (住民票の写し) as PDF, for a whole household or one member.

What is printed is what was asked for: relation and head, domicile, individual number and resident code only on request,
else 省略 ("omitted"). Each sheet says that it is a specimen about fictitious people. Drawing is left to `paper`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from resident_registry.calendar_ja import wareki
from resident_registry.errors import InputError
from resident_registry.paper import HEIGHT_PT, WIDTH_PT, Box, Sheet
from resident_registry.people import Resident
from resident_registry.settings import Settings
from resident_registry.store import Entry

MEMBERS_A_SHEET = 4
OMITTED = "（省略）"
SPECIMEN_NOTE = (
    "この書面は架空の住民による見本で、証明書としての効力はありません。個人番号と住民票コードは実在し得ない番号です。"
)
_LEFT, _RIGHT = 42.0, WIDTH_PT - 42.0
_LABEL = 62.0
_ROW = 20.0
_BLOCK = 6 * _ROW
_PITCH = _BLOCK + 6
_MEMBERS_TOP = 158.0
_FOOT_TOP = _MEMBERS_TOP + MEMBERS_A_SHEET * _PITCH + 10
# The font's parser keeps its place in the file, so two documents must not be made at the same time.
_one_at_a_time = threading.Lock()
_CHOICES = ("relation", "domicile", "individual_number", "resident_code")


@dataclass(frozen=True)
class Application:
    """What the applicant asked to have on the certificate."""

    whole_household: bool = True
    relation: bool = False
    domicile: bool = False
    individual_number: bool = False
    resident_code: bool = False

    def record(self) -> dict[str, str]:
        """Return what goes into the access log."""
        return {name: "yes" if chosen else "no" for name, chosen in asdict(self).items()}


def parse_application(form: Mapping[str, str]) -> Application:
    """Read a form's `scope` (household or person) and the entries asked for, each `yes` or `no`.

    An absent `scope` means the household, an absent entry `no`. Raises InputError on anything else.
    """
    problems = {}
    if form.get("scope", "household") not in ("household", "person"):
        problems["scope"] = "証明の範囲は「世帯全員」(household)か「本人のみ」(person)を選んでください。"
    for name, value in form.items():
        if name not in ("scope", *_CHOICES):
            problems[name] = f"「{name[:20]}」という項目はありません。"
        elif name in _CHOICES and value not in ("yes", "no"):
            problems[name] = "記載の有無は yes か no で指定してください。"
    if problems:
        raise InputError(problems)
    chosen = {name: form.get(name) == "yes" for name in _CHOICES}
    return Application(whole_household=form.get("scope", "household") == "household", **chosen)


def certificate_number_text(number: int, issued_on: date) -> str:
    """Return a certificate's number as printed, such as 令和7年-000012."""
    return f"{wareki(issued_on).partition('年')[0]}年-{number:06d}"


def _rows(member: Resident, application: Application) -> list[list[tuple[str, str, float]]]:
    """Return a member's rows of (label, value, width of label and value together as a share of the row)."""
    return [
        [
            ("フリガナ", member.kana, 0.6),
            ("住民票コード", member.resident_code if application.resident_code else OMITTED, 0.4),
        ],
        [
            ("氏名", member.name, 0.6),
            ("個人番号", member.individual_number if application.individual_number else OMITTED, 0.4),
        ],
        [
            ("生年月日", wareki(member.birth_date), 0.34),
            ("性別", member.sex, 0.34),
            ("続柄", member.relation if application.relation else OMITTED, 0.32),
        ],
        [
            ("住民となった日", wareki(member.resident_since), 0.34),
            ("住所を定めた日", wareki(member.address_since), 0.34),
            ("届出の日", wareki(member.notified_on), 0.32),
        ],
        [
            ("本籍", member.domicile if application.domicile else OMITTED, 0.6),
            ("筆頭者", member.domicile_head if application.domicile else OMITTED, 0.4),
        ],
        [("前住所", member.previous_address, 1.0)],
    ]


class _Drawing:
    """One certificate in the making."""

    def __init__(self, entry: Entry, application: Application, settings: Settings, number_text: str) -> None:
        self._entry, self._application, self._settings = entry, application, settings
        self._number_text = number_text
        self.sheet = Sheet(f"住民票の写し（見本） {number_text}", f"{settings.city_name_ja}（見本）")

    def head(self) -> None:
        """Draw what stands above the members: number, title, address, head of the household."""
        whole, sheet, width = self._application.whole_household, self.sheet, _RIGHT - _LEFT
        sheet.watermark("見本")
        sheet.text(_RIGHT, 40, f"発行番号　{self._number_text}", 9, align="right")
        sheet.text(WIDTH_PT / 2, 72, "住　民　票", 22, align="centre")
        sheet.text(WIDTH_PT / 2, 92, f"（{'世帯全員' if whole else '世帯の一部'}の写し）", 11, align="centre")
        head_name = self._entry.head.name if self._application.relation else OMITTED
        address = self._settings.place + self._entry.address
        for top, label, value in ((104, "住所", address), (126, "世帯主", head_name)):
            sheet.cell(Box(_LEFT, top, _LABEL, 22), label, 10, label=True)
            sheet.cell(Box(_LEFT + _LABEL, top, width - _LABEL, 22), value, 11.5)
        sheet.frame(Box(_LEFT, 104, width, 44))

    def member(self, place: int, number: int, member: Resident) -> None:
        """Draw member `number` of the certificate at `place` (from 0) on the sheet."""
        top, margin = _MEMBERS_TOP + place * _PITCH, 20.0
        self.sheet.cell(Box(_LEFT, top, margin, _BLOCK), str(number), 11, label=True)
        width = _RIGHT - _LEFT - margin
        for row, cells in enumerate(_rows(member, self._application)):
            x, y = _LEFT + margin, top + row * _ROW
            for label, value, share in cells:
                self.sheet.cell(Box(x, y, _LABEL, _ROW), label, 8.5, label=True)
                size = 13 if label == "氏名" else 10
                self.sheet.cell(Box(x + _LABEL, y, width * share - _LABEL, _ROW), value, size)
                x += width * share
        self.sheet.frame(Box(_LEFT, top, _RIGHT - _LEFT, _BLOCK))

    def end(self, members_on_sheet: int, issued_on: date) -> None:
        """Draw, on the last sheet, the attestation with date, mayor and seal."""
        sheet = self.sheet
        if members_on_sheet < MEMBERS_A_SHEET:
            y = _MEMBERS_TOP + members_on_sheet * _PITCH + 16
            sheet.text(WIDTH_PT / 2, y, "以　下　余　白", 10, align="centre")
        what = "世帯全員" if self._application.whole_household else "世帯の一部"
        sheet.text(_LEFT + 10, _FOOT_TOP + 12, f"この写しは、{what}の住民票の原本と相違ないことを証明する。", 11)
        sheet.text(_LEFT + 26, _FOOT_TOP + 38, wareki(issued_on), 11)
        sheet.text(_RIGHT - 84, _FOOT_TOP + 56, f"{self._settings.place}長　（見　本）", 14, align="right")
        sheet.seal(_RIGHT - 64, _FOOT_TOP + 24, 48, "見本")

    def foot(self, page: int, pages: int) -> None:
        """Draw what stands below on every sheet."""
        if page < pages:
            self.sheet.text(_RIGHT, _FOOT_TOP + 12, "次の用紙に続く", 10, align="right")
        self.sheet.text(WIDTH_PT / 2, HEIGHT_PT - 46, f"（ {page} / {pages} ）", 9, align="centre")
        self.sheet.text(WIDTH_PT / 2, HEIGHT_PT - 30, SPECIMEN_NOTE, 8, align="centre", grey=True)


def draw_certificate(entry: Entry, application: Application, settings: Settings, number: int, issued_on: date) -> bytes:
    """Return the certificate as PDF; `paper.load_font` must have been called. Takes some 50 ms of one core."""
    members = entry.members if application.whole_household else (entry.resident,)
    sheets = [members[start : start + MEMBERS_A_SHEET] for start in range(0, len(members), MEMBERS_A_SHEET)]
    with _one_at_a_time:
        drawing = _Drawing(entry, application, settings, certificate_number_text(number, issued_on))
        for page, shown in enumerate(sheets, start=1):
            if page > 1:
                drawing.sheet.next_sheet()
            drawing.head()
            for place, member in enumerate(shown):
                drawing.member(place, (page - 1) * MEMBERS_A_SHEET + place + 1, member)
            if page == len(sheets):
                drawing.end(len(shown), issued_on)
            drawing.foot(page, len(sheets))
        return drawing.sheet.finish()
