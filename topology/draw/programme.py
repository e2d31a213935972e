"""The programme as a Gantt chart: a row for each step, fiscal years across, milestones as diamonds."""

from __future__ import annotations

import datetime as dt

from inventory.models.estate import Estate
from inventory.models.programme import Step
from topology.draw import ink
from topology.draw.words import Language

ROW, MONTH = 22.0, 7.0
MARGIN, HEAD, FOOT = 36.0, 108.0, 56.0
NAMES = 390.0
FILLS = {"plan": "#8fb3d9", "first": "#7fbf9a", "second": "#c9a3d4"}
PHASES = {
    "ja": {"plan": "計画", "first": "第1期", "second": "第2期"},
    "en": {"plan": "planning", "first": "first phase", "second": "second phase"},
}
FAINT, GRID = "#5b6774", "#d5dbe2"
APRIL = 4
LEGEND = 780.0
"""What the legend takes, however short the programme is (px)."""
ERAS = ((dt.date(2019, 5, 1), 2018, "R"), (dt.date(1989, 1, 8), 1988, "H"))
"""First day, year before the first, and letter of the eras that a programme meets (令和, 平成)."""


def draw_programme(estate: Estate, language: Language) -> str:
    """Return the chart as a self-contained SVG document."""
    steps = estate.records.programme
    first = min((_fiscal(step.begin) for step in steps.values()), default=2000)
    last = max((_fiscal(step.end) for step in steps.values()), default=first)
    width = 2 * MARGIN + max(NAMES + (last - first + 1) * 12 * MONTH, LEGEND)
    height = HEAD + len(steps) * ROW + FOOT
    title = {"ja": "事業工程表", "en": "Programme"}[language]
    parts = [
        ink.text(MARGIN, 40, title, 24, font_weight="bold"),
        ink.text(MARGIN, 62, estate.records.estate.label(language), 14, fill=FAINT),
        *_years(first, last, len(steps), language),
    ]
    for index, (id_, step) in enumerate(steps.items()):
        parts.append(_step(estate, language, id_, step, (HEAD + index * ROW, first)))
    parts += _legend(language, height - FOOT + 34)
    return ink.document(width, height, f"{title}: {estate.records.estate.label(language)}", parts)


def _years(first: int, last: int, rows: int, language: Language) -> list[str]:
    parts = []
    for year in range(first, last + 2):
        x = MARGIN + NAMES + (year - first) * 12 * MONTH
        parts.append(ink.line(x, HEAD - 26, x, HEAD + rows * ROW, stroke=GRID, stroke_width=1))
        if year <= last:
            parts.append(
                ink.text(x + 6 * MONTH, HEAD - 10, _year_name(year, language), 11, anchor="middle", fill=FAINT)
            )
    return parts


def _step(estate: Estate, language: Language, id_: str, step: Step, place: tuple[float, int]) -> str:
    y, first = place
    mark = "* " if step.burdens_sections else ""
    name = ink.wrap(mark + step.label(language), NAMES - 12, 11.5, 1)[0]
    x1 = MARGIN + NAMES + _months(first, step.begin) * MONTH
    x2 = MARGIN + NAMES + (_months(first, step.end) + 1) * MONTH
    parts = [
        ink.text(MARGIN, y + 15, name, 11.5),
        ink.line(MARGIN, y + ROW, x2, y + ROW, stroke=GRID, stroke_width=0.5),
    ]
    if step.milestone:
        middle, centre = y + ROW / 2, (x1 + x2) / 2
        points = f"{ink.number(centre)},{ink.number(middle - 7)} {ink.number(centre + 7)},{ink.number(middle)} "
        points += f"{ink.number(centre)},{ink.number(middle + 7)} {ink.number(centre - 7)},{ink.number(middle)}"
        parts.append(ink.element("polygon", points=points, fill="#b3261e"))
    else:
        dashes = None if step.how == "printed" else "4 2"
        parts.append(
            ink.rect(
                x1, y + 4, x2 - x1, ROW - 8, rx=2, fill=FILLS[step.phase], stroke="#3d4a59", stroke_width=0.8,
                stroke_dasharray=dashes,
            )
        )  # fmt: skip
    return ink.group(f"step-{id_}", parts, estate.cite(f"programme.{id_}"), f"programme.{id_}")


def _legend(language: Language, y: float) -> list[str]:
    parts, x = [], MARGIN
    for phase, fill in FILLS.items():
        parts += [ink.rect(x, y - 10, 22, 12, fill=fill, stroke="#3d4a59", stroke_width=0.8),
                  ink.text(x + 28, y, PHASES[language][phase], 11)]  # fmt: skip
        x += 120
    note = {
        "ja": "◆ 節目   * 業務主管課に追加労務が発生   破線: 推定・仮定の日程",
        "en": "◆ milestone   * burdens the owning sections   dashed: dates inferred or assumed",
    }[language]
    return [*parts, ink.text(x, y, note, 11, fill=FAINT)]


def _fiscal(day: dt.date) -> int:
    return day.year if day.month >= APRIL else day.year - 1


def _months(first: int, day: dt.date) -> int:
    return (day.year - first) * 12 + day.month - APRIL


def _year_name(year: int, language: Language) -> str:
    """Return a fiscal year as documents name it: FY2018, or H30年度 by the era of its first day."""
    if language == "en":
        return f"FY{year}"
    start = dt.date(year, APRIL, 1)
    for begin, before, letter in ERAS:
        if start >= begin:
            return f"{letter}{year - before}年度"
    return f"{year}年度"
