"""A table as a workbook: typed columns, frozen header, filter, print area on A3 or A4, title block and revisions.

The same table and revisions give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import unicodedata

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from topology.documents.revisions import HEADINGS, TITLE, Revision
from topology.documents.table import Cell, Column, Table, differs
from topology.draw.words import Language

NUMBER_FORMATS = {
    "text": "@", "entry": "@", "requirements": "@", "number": "General", "date": "yyyy-mm-dd", "percent": "0.00%",
    "mega-yen": "#,##0", "megabit": "#,##0.###", "difference": "@",
}  # fmt: skip
HEADER_ROW = 3
MOST_WIDTH, LEAST_WIDTH = 48, 6
A3, A4 = 8, 9
MOST_COLUMNS_ON_A4 = 8
MARK = "#FFE3C2"
FONT = "Noto Sans CJK JP"


def workbook(table: Table, language: Language, estate: str, revisions: tuple[Revision, ...]) -> bytes:
    """Return the workbook's bytes: a sheet with the table, a sheet with the revisions."""
    buffer = io.BytesIO()
    last = revisions[-1]
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        created = dt.datetime.combine(last.day, dt.time())
        title = table.title(language)
        book.set_properties({"title": title, "subject": estate, "author": last.author, "created": created})
        book.formats[0].set_font_name(FONT)
        _table_sheet(book, table, language, estate, last)
        _revision_sheet(book, language, revisions)
    return buffer.getvalue()


def _table_sheet(book: Workbook, table: Table, language: Language, estate: str, last: Revision) -> None:
    sheet = book.add_worksheet(table.title(language)[:31])
    bold = book.add_format({"bold": True, "font_size": 14, "font_name": FONT})
    small = book.add_format({"font_size": 9, "font_name": FONT})
    sheet.write_string(0, 0, table.title(language), bold)
    stamp = f"{estate}  第{last.number}版  {last.day:%Y-%m-%d}" if language == "ja" else (
        f"{estate}  revision {last.number}  {last.day:%Y-%m-%d}"
    )  # fmt: skip
    sheet.write_string(1, 0, stamp, small)
    sheet.write_string(2, 0, table.note(language), small)
    head = book.add_format({
        "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#DDE5EE", "font_name": FONT,
    })  # fmt: skip
    for column, heading in enumerate(table.columns):
        sheet.write_string(HEADER_ROW, column, heading.heading(language), head)
        cells = [row[column] for row in table.rows]
        sheet.set_column(column, column, _width(heading.heading(language), cells))
    formats = [_format(book, column) for column in table.columns]
    marked = [_format(book, column, marked=True) for column in table.columns]
    for index, row in enumerate(table.rows, HEADER_ROW + 1):
        shapes = marked if differs(table, row) else formats
        for column, (cell, shape) in enumerate(zip(row, shapes, strict=True)):
            _write(sheet, index, column, cell, shape)
    bottom, right = HEADER_ROW + max(len(table.rows), 1), len(table.columns) - 1
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, bottom, right)
    sheet.print_area(0, 0, bottom, right)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(A4 if len(table.columns) <= MOST_COLUMNS_ON_A4 else A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def _revision_sheet(book: Workbook, language: Language, revisions: tuple[Revision, ...]) -> None:
    sheet = book.add_worksheet(TITLE[language])
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE5EE", "font_name": FONT})
    text = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "font_name": FONT})
    day = book.add_format({"border": 1, "valign": "top", "num_format": "yyyy-mm-dd", "font_name": FONT})
    for column, (heading, width) in enumerate(zip(HEADINGS[language], (8, 12, 80, 24, 18, 18), strict=True)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    for index, one in enumerate(revisions, 1):
        sheet.write_number(index, 0, one.number, text)
        sheet.write_datetime(index, 1, one.day, day)
        for column, cell in enumerate((one.change, one.author, one.reviewed, one.approved), 2):
            sheet.write_string(index, column, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _format(book: Workbook, column: Column, *, marked: bool = False) -> Format:
    return book.add_format({
        "num_format": NUMBER_FORMATS[column.kind], "border": 1, "valign": "top", "text_wrap": True, "font_name": FONT,
        **({"bg_color": MARK, "bold": column.kind == "difference"} if marked else {}),
    })  # fmt: skip


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, shape: Format) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, shape)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell, shape)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, shape)
    else:
        sheet.write_string(row, column, cell, shape)


def _width(heading: str, cells: list[Cell]) -> float:
    widest = max((_cells_wide("" if cell is None else str(cell)) for cell in [heading, *cells]), default=0)
    return min(max(widest + 2, LEAST_WIDTH), MOST_WIDTH)


def _cells_wide(text: str) -> int:
    """Return how many half-width places the widest line of a text takes."""
    return max(
        (sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line) for line in text.split("\n")),
        default=0,
    )
