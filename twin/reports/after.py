"""What happens when after an event, on an axis that shows minutes and days alike; and what carries the power then."""

from __future__ import annotations

import math
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from twin.reports.names import name, rows_of, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import BLUE, GREEN, ORANGE, PINK, RED, SKY, styled
from twin.reports.words import either

AT_ONCE_H = 1 / 120
"""Where the event itself stands on the logarithmic axis."""
_COLOURS = {
    "lost": RED, "battery-ends": ORANGE, "fuel-ends": ORANGE, "generator": GREEN, "vehicle": GREEN, "emergency": BLUE,
    "restored": GREEN,
}  # fmt: skip
_SYMBOLS = {"lost": "x", "battery-ends": "triangle-down", "fuel-ends": "triangle-down", "emergency": "diamond"}
_TICKS = (
    (AT_ONCE_H, ("直後", "at once")), (1 / 60, ("1分", "1 min")), (1 / 6, ("10分", "10 min")), (1.0, ("1時間", "1 h")),
    (4.0, ("4時間", "4 h")), (12.0, ("12時間", "12 h")), (24.0, ("1日", "1 d")), (72.0, ("3日", "3 d")),
    (240.0, ("10日", "10 d")), (720.0, ("30日", "30 d")),
)  # fmt: skip


def timeline(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Return the steps in their order, and how long what is lost stays lost."""
    steps = [{**step, "said": _said(estate, step, details["event"], language)} for step in details["timeline"]]
    rows = [wrapped(step["said"], 44) for step in steps]
    # Two steps of one wording (two grids) stay two rows.
    rows = [row + " " * rows[:place].count(row) for place, row in enumerate(rows)]
    chart = graph_objects.Figure()
    for row, step in zip(rows, steps, strict=True):
        at_h = max(AT_ONCE_H, step["at_h"])
        chance = "" if step["chance"] is None else f" ({100 * step['chance']:.3g} %)"
        chart.add_scatter(
            x=[at_h], y=[row], mode="markers+text", text=[f"  {after(step['at_h'], language)}{chance}"],
            textposition="middle right", showlegend=False, cliponaxis=False,
            marker={"size": 14, "color": _COLOURS[step["kind"]], "symbol": _SYMBOLS.get(step["kind"], "circle")},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip
    length = details["length"]
    lost = either(language, "喪失が続く時間(1〜99%点)", "how long it stays lost (1–99 %)")
    if length["p99"] > 0:
        chart.add_scatter(
            x=[max(AT_ONCE_H, length[end]) for end in ("p1", "p50", "p99")], y=[lost] * 3, mode="lines+markers",
            line={"color": RED, "width": 6}, marker={"size": [10, 14, 10], "symbol": "line-ns-open", "color": RED},
            showlegend=False, text=[after(length[end], language) for end in ("p1", "p50", "p99")],
            hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip
        rows.append(lost)
    styled(chart, rows=rows_of(rows))
    chart.update_yaxes(autorange="reversed", type="category", categoryorder="array", categoryarray=rows)
    _axis(chart, max([length["p99"], *(step["at_h"] for step in steps)]), language)
    headings = either(language, "経過|事象|確率 [%]", "after|what|chance [%]").split("|")
    numbers = tuple(
        (after(step["at_h"], language), step["said"], None if step["chance"] is None else 100 * step["chance"])
        for step in steps
    )
    return Section(
        "timeline", either(language, "発生後の経過", "After the event"), _about(estate, details, language), chart,
        Numbers(tuple(headings), numbers), wide=True,
    )  # fmt: skip


def power_chain(details: dict[str, Any], language: Language) -> Section:
    """Return which source can carry the load from when to when; the fuel's end without filling up."""
    at = {step["kind"]: step["at_h"] for step in details["timeline"]}
    chance = {step["kind"]: step["chance"] for step in details["timeline"]}
    until_h = 2 * max([72.0, *at.values()])
    sources = [(either(language, "無停電電源装置(蓄電池)", "battery"), AT_ONCE_H, at["battery-ends"], 1.0, ORANGE)]
    if "generator" in at:
        ends = at.get("fuel-ends", until_h)
        sources.append(
            (either(language, "自家発電装置", "generator"), at["generator"], ends, chance["generator"], PINK)
        )
    if "vehicle" in at:
        sources.append(
            (either(language, "移動電源車", "power vehicle"), at["vehicle"], until_h, chance["vehicle"], SKY)
        )
    chart = graph_objects.Figure()
    for title, begin_h, end_h, share, colour in sources:
        chart.add_scatter(
            x=[max(AT_ONCE_H, begin_h), end_h], y=[title, title], mode="lines+text",
            line={"color": colour, "width": 20},
            text=["", f"  {100 * share:.3g} %"], textposition="middle right", cliponaxis=False, showlegend=False,
            hovertemplate=f"{title}: {after(begin_h, language)}–{after(end_h, language)}<extra></extra>",
        )  # fmt: skip
    styled(chart, rows=len(sources))
    chart.update_yaxes(autorange="reversed")
    _axis(chart, until_h, language)
    rows = tuple(
        (title, after(begin_h if begin_h > AT_ONCE_H else 0.0, language),
         after(end_h, language) if end_h < until_h else None, 100 * share)
        for title, begin_h, end_h, share, _ in sources
    )  # fmt: skip
    text = either(
        language,
        "各電源が負荷を支えられる期間と、使える確率。発電装置は補給がない場合の燃料切れまで。車両は平均到着時刻から。",
        "From when to when each source can carry the load, and how likely. The generator until its fuel ends without "
        "being filled up; the vehicle from its mean arrival.",
    )
    headings = either(language, "電源|から|まで|使える確率 [%]", "source|from|until|available [%]").split("|")
    title = either(language, "電源の引継ぎ", "The chain of power")
    return Section("power", title, text, chart, Numbers(tuple(headings), rows), wide=True)


def after(hours: float, language: Language) -> str:
    """Return a time after the event as people say it."""
    if hours < 1 / 60:
        return (
            either(language, "直後", "at once") if hours == 0 else f"{3600 * hours:.0f} {either(language, '秒', 's')}"
        )
    if hours < 1:
        return f"{60 * hours:.3g} {either(language, '分', 'min')}"
    return (
        f"{hours:.3g} {either(language, '時間', 'h')}"
        if hours < 100
        else f"{hours / 24:.3g} {either(language, '日', 'd')}"
    )


def _about(estate: Estate, details: dict[str, Any], language: Language) -> str:
    event = either(language, "、", ", ").join(name(estate, one, language) for one in details["event"])
    no_loss = details["no_loss"]
    share = f"{100 * no_loss['chance']:.1f} ± {100 * no_loss['half_width']:.1f} %"
    return either(
        language,
        f"{event}を{details['begins']}に喪失(止まる構成要素{len(details['falls'])}件)。業務に影響が出ない確率 {share}。"
        "横軸は対数。( )内は起こる確率。",
        f"{event} lost at {details['begins']} ({len(details['falls'])} entries fall). Costs nothing with a chance of "
        f"{share}. The axis is logarithmic; in brackets: chances.",
    )  # fmt: skip


def _said(estate: Estate, step: dict[str, Any], event: list[str], language: Language) -> str:
    """Return a step in words; what is lost by its label."""
    if step["kind"] != "lost":
        return str(step["what_ja" if language == "ja" else "what"])
    names = either(language, "、", ", ").join(name(estate, one, language) for one in event)
    return either(language, f"喪失: {names}", f"lost: {names}")


def _axis(chart: graph_objects.Figure, until_h: float, language: Language) -> None:
    ticks = [(at, words) for at, words in _TICKS if at <= until_h * 1.5]
    chart.update_xaxes(
        type="log", tickvals=[at for at, _ in ticks], ticktext=[either(language, *words) for _, words in ticks],
        range=[math.log10(AT_ONCE_H) - 0.1, math.log10(max(1.0, until_h)) + 1.1],
        title_text=either(language, "発生からの経過時間", "time after the event"),
    )  # fmt: skip
