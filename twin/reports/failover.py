"""A failover's page: which circuits carry each city's traffic when, and how long nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import PALETTE, RED, styled
from twin.reports.words import word


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield the timeline of paths, and the losses phase by phase."""
    cities = answer.details["cities"]
    names = {city: estate.records.cities[city].label(language) for city in cities}
    title = ("経路の推移", "Paths over time")[language == "en"]
    text = (
        "各市の端末からデータセンターへの経路。赤は通信できない時間(中央値)。",
        "The path from each city's terminals to the data centre. Red: nothing passes (median).",
    )[language == "en"]
    yield Section("timeline", title, text, _timeline(estate, answer, names, language), _losses(answer, names, language))


def _timeline(estate: Estate, answer: Answer, names: dict[str, str], language: Language) -> graph_objects.Figure:
    chart = graph_objects.Figure()
    colours: dict[str, str] = {}
    for city, record in answer.details["cities"].items():
        for begin_s, end_s, circuits in _spans(record, float(answer.details["horizon_s"])):
            path = " + ".join(estate.records.circuits[one].label(language) for one in circuits) or "—"
            colour = RED if not circuits else colours.setdefault(path, PALETTE[len(colours) % len(PALETTE)])
            outage = not circuits
            label = word("outage", language) if outage else path
            chart.add_bar(
                orientation="h", y=[names[city]], x=[end_s - begin_s], base=begin_s, marker_color=colour, name=label,
                legendgroup=label, showlegend=label not in {trace.name for trace in chart.data},
                hovertemplate=f"{label}: {begin_s:.2f}–{end_s:.2f} s<extra></extra>",
            )  # fmt: skip
    chart.update_layout(barmode="overlay")
    return styled(chart, rows=2 * len(names), x=word("time", language))


def _spans(record: dict[str, Any], horizon_s: float) -> Iterator[tuple[float, float, tuple[str, ...]]]:
    """Yield `(from, until, circuits)` of a city; no circuits while nothing passes."""
    paths, phases = record["path"], record["phases"]
    begin_s, path = 0.0, tuple(paths["before"])
    for place, phase in enumerate(phases):
        until_s = phases[place + 1]["from_s"] if place + 1 < len(phases) else horizon_s
        yield begin_s, phase["from_s"], path
        median = phase["outage_s"]["median"]
        back_s = until_s if median is None else min(until_s, phase["from_s"] + median)
        if back_s > phase["from_s"]:
            yield phase["from_s"], back_s, ()
        later = any(other["repair"] for other in phases[: place + 1])
        begin_s, path = back_s, tuple(paths["after" if later else "during"])
    yield begin_s, horizon_s, path


def _losses(answer: Answer, names: dict[str, str], language: Language) -> Numbers:
    headings = tuple(word(key, language) for key in ("city", "begin", "events", "outage", "from", "to"))
    rows = tuple(
        (names[city], phase["from_s"], ", ".join(phase["events"]), *_three(phase["outage_s"], language))
        for city, record in answer.details["cities"].items()
        for phase in record["phases"]
    )
    return Numbers(headings, rows)


def _three(spread: dict[str, float | None], language: Language) -> tuple[float | str, ...]:
    return tuple(
        word("never", language) if spread[key] is None else spread[key] or 0.0 for key in ("median", "low", "high")
    )
