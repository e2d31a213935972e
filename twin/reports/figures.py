"""The sections that every page has: the figures with their intervals, the tornado, and what the answer stands on."""

from __future__ import annotations

import json
from collections.abc import Iterator

from plotly import graph_objects

from simulation.answer import Answer, Predicted
from simulation.assumptions import Assumption, named
from simulation.sensitivity import Sensitivity, Swing
from twin.reports.denominators import denominator
from twin.reports.section import Cell, Language, Numbers, Section
from twin.reports.style import BLUE, ORANGE, styled
from twin.reports.words import word

WIDEST = 12
"""Swings shown of one figure; the table has all that count."""
OPEN_FIGURES, OPEN_ROWS = 20, 12
"""A longer list of figures or of assumed values is folded, so that what follows is not lost behind it."""


def figures(answer: Answer, language: Language) -> Section:
    """Return every figure with its interval, denominator and sample."""
    headings = ("figure", "value", "from", "to", "unit", "of", "per", "samples")
    rows = tuple(_row(figure, language) for figure in answer.figures)
    names = tuple(word(heading, language) for heading in headings)
    folded = len(rows) > OPEN_FIGURES
    text = word("figures-count", language).format(len(rows)) if folded else ""
    return Section("figures", word("answer", language), text, numbers=Numbers(names, rows), folded=folded)


def tornadoes(answer: Answer, found: Sensitivity, language: Language) -> Iterator[Section]:
    """Yield a tornado for each figure that an assumed value moves; one section in words where none does."""
    title, text = word("sensitivity", language), word("sensitivity-text", language)
    text += " " + word("moved", language).format(found.moved, len(found.left_out))
    shown = [(figure, found.of(figure.id)) for figure in answer.figures]
    if not any(swings for _, swings in shown):
        yield Section("sensitivity", title, f"{text} {word('no-swing', language)}")
    for figure, swings in shown:
        if swings:
            name = f"{title}: {figure.label(language)}"
            yield Section(f"sensitivity-{figure.id}", name, text, *_tornado(figure, swings, language))
    if found.not_moved:
        rows = tuple((path,) for path in found.not_moved)
        yield Section("not-moved", word("not-moved", language), numbers=Numbers((word("path", language),), rows))


def basis(answer: Answer, language: Language) -> Iterator[Section]:
    """Yield what the answer stands on: question, seed, estate, assumed values, and what of it carries over."""
    pairs: list[tuple[str, Cell]] = [
        ("question", json.dumps(answer.question, ensure_ascii=False)), ("estate", answer.estate),
        ("digest", answer.estate_digest),
        ("overrides", ", ".join(f"{key}={value}" for key, value in answer.overrides.items()) or word("none", language)),
        ("seed", answer.seed), ("replications", answer.replications),
    ]  # fmt: skip
    rows = tuple((word(key, language), value) for key, value in pairs)
    yield Section("basis", word("basis", language), numbers=Numbers((), rows))
    if answer.assumed:
        few = named(answer.assumed)
        names = tuple(word(heading, language) for heading in ("path", "place", "source", "trust", "weight"))
        if few:
            yield Section("hangs-on", word("hangs-on", language), word("hangs-on-text", language),
                          numbers=Numbers(names, tuple(map(_assumption, few))))  # fmt: skip
        rest = answer.assumed[len(few) :]
        count = word("assumed-count", language).format(len(rest))
        folded = len(rest) > OPEN_ROWS
        if rest:
            numbers = Numbers(names, tuple(map(_assumption, rest)))
            yield Section("assumed", word("assumed", language), count, numbers=numbers, folded=folded)
    for id_, sentences in (("carries", answer.carries_over), ("carries-not", answer.does_not_carry_over)):
        told = tuple((japanese if language == "ja" else english,) for english, japanese in sentences)
        if told:
            yield Section(id_, word(id_, language), numbers=Numbers((), told))


def _assumption(one: Assumption) -> tuple[Cell, ...]:
    return one.path, f"{one.file}:{one.line}", one.source, one.trust, one.weight


def _row(figure: Predicted, language: Language) -> tuple[Cell, ...]:
    never = word("never", language)
    scale, shown = (1e9, "GB") if figure.unit == "B" else (1.0, figure.unit)
    ends = [never if end is None else end / scale for end in (figure.value, figure.low, figure.high)]
    span = word(f"span-{figure.span}", language).format(f"{figure.confidence * 100:g}")
    unit, per = denominator(shown, language), denominator(figure.per, language)
    return (figure.label(language), *ends, unit, span, per or None, figure.samples)


def _tornado(figure: Predicted, swings: tuple[Swing, ...], language: Language) -> tuple[graph_objects.Figure, Numbers]:
    widest = [swing for swing in swings if swing.base is not None][:WIDEST][::-1]
    base = figure.value or 0.0
    chart = graph_objects.Figure()
    for name, colour, ink in (("less", BLUE, "white"), ("more", ORANGE, "black")):
        ends = [(swing.low if name == "less" else swing.high) for swing in widest]
        chart.add_bar(
            orientation="h", name=word(name, language), marker_color=colour, base=base,
            y=[swing.path for swing in widest], x=[None if end is None else end - base for end in ends],
            textfont_color=ink,
            text=[swing.less if name == "less" else swing.more for swing in widest], textposition="inside",
            customdata=ends, hovertemplate="%{y} = %{text}: %{customdata:.6g} " + figure.unit + "<extra></extra>",
        )  # fmt: skip
    chart.update_layout(barmode="overlay")
    chart.add_vline(x=base, line_width=1)
    names = tuple(word(key, language) for key in ("path", "stated", "less", "more"))
    headings = (*names, f"{word('less', language)} [{figure.unit}]", f"{word('more', language)} [{figure.unit}]")
    rows = tuple((one.path, one.stated, one.less, one.more, one.low, one.high) for one in swings)
    return styled(chart, rows=len(widest), x=f"{figure.label(language)} [{figure.unit}]"), Numbers(headings, rows)
