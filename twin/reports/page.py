"""An answer's page: one HTML file that needs no server and asks nothing of any other address."""

from __future__ import annotations

import functools
import importlib
import re
from pathlib import Path
from typing import Any

import jinja2
from plotly import offline

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.sensitivity import Sensitivity
from twin.reports.figures import basis, figures, tornadoes
from twin.reports.section import Cell, Language, Numbers, Section
from twin.reports.words import word

TITLES = {
    "failover": ("障害時切替の予測", "Failover: what is predicted"),
    "day": ("一日の予測", "A day: what is predicted"),
    "year": ("年間の予測", "A year: what is predicted"),
    "capacity": ("容量の予測", "Capacity: what is short first"),
    "batch": ("夜間バッチの予測", "The nights' batch: what is predicted"),
    "availability": ("可用性の予測", "Availability: what is predicted"),
    "continuity": ("業務継続の予測", "Continuity: what an event costs"),
}
"""Kind → title in Japanese and English; a kind's own sections stand in `twin.reports.<kind>`."""
PAPER_PX = {"width": 680, "height": 860}
"""What a page of A4 holds between its margins and below a heading, at 96 px an inch."""
_CHART = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["lasso2d", "select2d"]}


def page(estate: Estate, answer: Answer, found: Sensitivity | None, language: Language) -> str:
    """Return the page of an answer, with tornadoes where the sensitivity was asked for."""
    own = importlib.import_module(f"twin.reports.{answer.kind}").sections(estate, answer, language)
    parts = [
        figures(answer, language), *own, *(tornadoes(answer, found, language) if found else ()),
        *basis(answer, language),
    ]  # fmt: skip
    japanese, english = TITLES[answer.kind]
    return render(japanese if language == "ja" else english, estate.records.estate.label(language), parts, language)


def render(title: str, subtitle: str, sections: list[Section], language: Language) -> str:
    """Return a page of sections."""
    charts = any(section.chart for section in sections)
    return _template().render(
        title=title, subtitle=subtitle, language=language, sections=[_shown(one, language) for one in sections],
        library=offline.get_plotlyjs() if charts else "", words=functools.partial(word, language=language),
        paper=PAPER_PX,
    )  # fmt: skip


@functools.cache
def _template() -> jinja2.Template:
    folder = Path(__file__).parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("page.html.j2")


def _shown(section: Section, language: Language) -> dict[str, Any]:
    id_ = re.sub(r"[^a-z0-9]+", "-", section.id.lower())
    chart = None
    if section.chart is not None:
        name = f"chart-{id_}"
        chart = section.chart.to_html(full_html=False, include_plotlyjs=False, div_id=name, config=_CHART)
    return {
        "id": id_, "title": section.title, "text": section.text, "chart": chart, "wide": section.wide,
        "folded": chart is not None or section.folded,
        "numbers": _table(section.numbers, language) if section.numbers else None,
    }  # fmt: skip


def _table(numbers: Numbers, language: Language) -> dict[str, Any]:
    rows = [[{"text": _text(cell), "number": isinstance(cell, int | float)} for cell in row] for row in numbers.rows]
    return {"headings": numbers.headings, "rows": rows, "language": language}


def _text(cell: Cell) -> str:
    if cell is None:
        return "—"
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) and abs(cell) >= 10_000 else str(cell)
    # Six digits, without powers of ten as long as a reader can count the groups.
    rounded = float(f"{cell:.6g}")
    return f"{rounded:,.0f}" if 1e6 <= abs(rounded) < 1e15 else f"{rounded:,.6g}"
