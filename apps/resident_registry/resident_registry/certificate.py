"""The certificate of residence (住民票の写し) as PDF. Marked as a sample, for every resident is invented."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from resident_registry.calendar_ja import wareki
from resident_registry.people import Resident
from resident_registry.store import Entry

FONT = "mincho"
WIDTH, HEIGHT = A4
LEFT, RIGHT = 18 * mm, WIDTH - 18 * mm
ROW = 9 * mm
MEMBERS_PER_PAGE = 3


def load_font(file: str) -> None:
    """Register the Japanese type once; raises reportlab's error where the file is no TrueType font."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, Path(file)))


def certificate(entry: Entry, city_name_ja: str, issued: datetime.date) -> bytes:
    """Return the certificate of a household as PDF, A4, three members a page; `load_font` must have run."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setTitle("住民票の写し(見本)")
    canvas.setAuthor(city_name_ja)
    pages = [entry.members[at : at + MEMBERS_PER_PAGE] for at in range(0, len(entry.members), MEMBERS_PER_PAGE)]
    for number, members in enumerate(pages, 1):
        _watermark(canvas)
        top = _head(canvas, entry, city_name_ja)
        for index, member in enumerate(members):
            top = _member(canvas, member, top - 5 * mm, (number - 1) * MEMBERS_PER_PAGE + index + 1)
        _foot(canvas, city_name_ja, issued, number, len(pages))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(45)
    canvas.setFillGray(0.92)
    canvas.setFont(FONT, 110)
    canvas.drawCentredString(0, -40, "見 本")
    canvas.restoreState()


def _head(canvas: Canvas, entry: Entry, city_name_ja: str) -> float:
    canvas.setFont(FONT, 22)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 28 * mm, "住 民 票 の 写 し")
    canvas.setFont(FONT, 11)
    canvas.drawString(LEFT, HEIGHT - 38 * mm, city_name_ja)
    top = HEIGHT - 41 * mm
    head = next(member for member in entry.members if member.relation == "世帯主")
    _row(canvas, top, [("住所", 22 * mm, entry.address)])
    _row(canvas, top - ROW, [("世帯主", 22 * mm, f"{head.family_name} {head.given_name}")])
    return top - 2 * ROW


def _member(canvas: Canvas, member: Resident, top: float, number: int) -> float:
    """Draw one member's box below `top` and return where it ends."""
    canvas.setFont(FONT, 8)
    canvas.drawString(LEFT, top + 1 * mm, f"({number})")
    rows = [
        [("フリガナ", 22 * mm, member.kana)],
        [("氏名", 22 * mm, f"{member.family_name} {member.given_name}"), ("続柄", 22 * mm, member.relation)],
        [
            ("生年月日", 22 * mm, wareki(member.birth_date)),
            ("性別", 22 * mm, {"m": "男", "f": "女"}[member.sex]),
        ],
        [
            ("住民となった日", 30 * mm, wareki(member.resident_since)),
            ("住所を定めた日", 30 * mm, wareki(member.address_since)),
        ],
        [("前住所", 22 * mm, member.previous_address or "(出生による記載)")],
        [("本籍", 22 * mm, member.domicile)],
        [("個人番号", 22 * mm, "省略"), ("住民票コード", 30 * mm, "省略")],
    ]
    for cells in rows:
        _row(canvas, top, cells)
        top -= ROW
    return top


def _row(canvas: Canvas, top: float, cells: list[tuple[str, float, str]]) -> None:
    """Draw one row of label and value cells of equal width."""
    width = (RIGHT - LEFT) / len(cells)
    for index, (label, label_width, value) in enumerate(cells):
        left = LEFT + index * width
        canvas.setLineWidth(0.6)
        canvas.rect(left, top - ROW, width, ROW)
        canvas.line(left + label_width, top, left + label_width, top - ROW)
        canvas.setFont(FONT, 8.5)
        canvas.drawString(left + 1.5 * mm, top - ROW + 3.2 * mm, label)
        size = 12.0
        while canvas.stringWidth(value, FONT, size) > width - label_width - 4 * mm and size > 6:
            size -= 0.5
        canvas.setFont(FONT, size)
        canvas.drawString(left + label_width + 2 * mm, top - ROW + 2.8 * mm, value)


def _foot(canvas: Canvas, city_name_ja: str, issued: datetime.date, page: int, pages: int) -> None:
    canvas.setFont(FONT, 11)
    canvas.drawString(LEFT, 40 * mm, "この写しは、世帯全員の住民票の原本と相違ないことを証明する。")
    canvas.drawString(LEFT + 10 * mm, 31 * mm, wareki(issued))
    canvas.drawRightString(RIGHT - 22 * mm, 24 * mm, f"{city_name_ja}長  見本 太郎")
    canvas.rect(RIGHT - 18 * mm, 19 * mm, 15 * mm, 15 * mm)
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(RIGHT - 10.5 * mm, 25.5 * mm, "公印省略")
    canvas.drawString(LEFT, 12 * mm, "架空のデータによる見本であり、証明書としての効力はありません。")
    canvas.drawRightString(RIGHT, 12 * mm, f"{page}/{pages}")
