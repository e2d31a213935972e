"""Capacity's page: what is full first and at how much load, the headroom of everything, what failures take away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from plotly import graph_objects
from plotly.subplots import make_subplots

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.names import city_name, name, told_apart
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, RED, SYMBOLS, city_colours, styled
from twin.reports.usage import circuits, direction, left_out, stations
from twin.reports.words import either

SHOWN = 20
"""Bars of headroom and of failures; their tables have all."""
_KINDS = {
    "cores": ("CPU", "cores"), "disks": ("ディスク", "disks"), "places": ("スレッド・接続", "threads, connections"),
    "circuit": ("回線", "circuit"),
}  # fmt: skip


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield growth, headroom, failures, servers and circuits on the busiest day, and the check on terminals."""
    details = answer.details
    yield _growth(estate, answer, language)
    yield _headroom(estate, details, language)
    yield _failures(estate, details, language)
    yield stations(estate, details["busiest_day"], (), language)
    yield circuits(estate, details["busiest_day"], (), language)
    yield _terminals(estate, details, language)


def _entry(estate: Estate, one: dict[str, Any], language: Language) -> str:
    """Return what a station's resource or a circuit's direction is called."""
    if one["kind"] == "circuit":
        return direction(estate, one, language)
    return f"{name(estate, one['id'], language)} {either(language, *_KINDS[one['kind']])}"


def _times(value: float | None, language: Language) -> str:
    if value is None:
        return either(language, "負荷なし", "no load")
    return either(language, f"{value:.3g}倍", f"{value:.3g}×")


def _growth(estate: Estate, answer: Answer, language: Language) -> Section:
    """Show use and response at growing load with their limits, and where they are reached."""
    details, limits = answer.details, answer.details["limits"]
    loads = [step["growth"] for step in details["steps"]]
    chart = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.07)
    busiest = either(language, "最繁のサーバ・回線", "fullest server or circuit")
    chart.add_scatter(
        x=loads, y=[100 * step["share"] for step in details["steps"]], mode="lines+markers", name=busiest,
        line_color=GREY, marker_symbol="x", row=1, col=1,
        customdata=[_entry(estate, step["fullest"], language) for step in details["steps"]],
        hovertemplate="%{x:g}×: %{customdata} %{y:.3g} %<extra></extra>",
    )  # fmt: skip
    colours = city_colours(estate)
    for place, city in enumerate(details["steps"][0]["responses_s"]):
        chart.add_scatter(
            x=loads, y=[step["responses_s"][city] for step in details["steps"]], mode="lines+markers",
            name=city_name(estate, city, language), line_color=colours[city], row=2, col=1,
            marker={"size": 8, "symbol": SYMBOLS[place % len(SYMBOLS)]},
        )  # fmt: skip
    styled(chart, rows=12, x="")
    marks = (
        (100 * limits["utilisation"], f"{limits['utilisation']:.0%}"),
        (limits["response_s"], f"{limits['response_s']:g} s"),
    )
    for row, (limit, text) in enumerate(marks, 1):
        chart.add_hline(
            y=limit, line={"color": RED, "dash": "dash"}, row=row, col=1, annotation_position="top left",
            annotation_text=either(language, f"限度 {text}", f"limit {text}"), annotation_font_color="#7f1d1d",
        )  # fmt: skip
    for figure, row in (("growth.normal", 1), ("growth.response", 2)):
        reached = next((one.value for one in answer.figures if one.id == figure), None)
        if reached is not None:
            chart.add_vline(x=reached, line={"color": RED, "dash": "dot"}, row=row, col=1)
            # Annotations of a logarithmic axis stand at the logarithm.
            chart.add_annotation(
                x=math.log10(reached), y=0, yanchor="bottom", xanchor="left", text=_times(reached, language),
                showarrow=False, font_color="#7f1d1d", row=row, col=1,
            )  # fmt: skip
    ticks = [tick for tick in (1, 2, 3, 5, 10, 20, 30, 50, 100) if tick <= max(loads)]
    edges = [math.log10(min(loads)) - 0.05, math.log10(max(loads)) + 0.05]
    chart.update_xaxes(type="log", range=edges, tickvals=ticks, ticktext=[_times(tick, language) for tick in ticks])
    chart.update_xaxes(title_text=either(language, "現在に対する負荷", "times today's load"), row=2, col=1)
    chart.update_yaxes(title_text=either(language, "使用率 [%]", "used [%]"), range=[0, 105], row=1, col=1)
    chart.update_yaxes(title_text=either(language, "応答 [秒]", "response [s]"), rangemode="tozero", row=2, col=1)
    title = either(language, "負荷の増加と限度", "Growth and its limits")
    return Section("growth", title, _first(estate, answer, language), chart, _steps(estate, details, language))


def _first(estate: Estate, answer: Answer, language: Language) -> str:
    """Say what is full first, at how much load and, at the stated growth, in how many years."""
    details = answer.details
    found = {one.id: one.value for one in answer.figures}
    entry = _entry(estate, details["first_full"], language)
    times, years = _times(found.get("growth.normal"), language), found.get("years.normal")
    yearly = details["limits"]["growth"]
    when = "" if years is None else either(
        language, f"(年{yearly:.0%}の増加なら{years:.0f}年後)", f" (in {years:.0f} years at {yearly:.0%} a year)"
    )  # fmt: skip
    worst = details["hardest_failure"]
    hardest = either(language, "最初に達するものを早める単一障害はない。", "No single failure brings that forward.")
    if worst:
        failed = name(estate, worst, language)
        degraded = _times(found.get("growth.degraded"), language)
        hardest = either(
            language, f"最悪の単一障害({failed})時は{degraded}。", f"After the hardest failure ({failed}): {degraded}."
        )
    return either(
        language,
        f"{details['date']} {details['hour']}時台(年度の最繁時)の負荷を増やす。最初に限度へ達するのは「{entry}」で、"
        f"負荷が{times}のとき{when}。{hardest}{left_out(details, language)}",
        f"The load of {details['date']} {details['hour']}:00, the year's busiest hour, grown. First full: {entry}, at "
        f"{times}{when}. {hardest} {left_out(details, language)}",
    ).strip()  # fmt: skip


def _steps(estate: Estate, details: dict[str, Any], language: Language) -> Numbers:
    cities = list(details["steps"][0]["responses_s"])
    headings = either(
        language, "負荷 [倍]|最繁|使用率 [%]|処理不能 [%]", "load [×]|fullest|used [%]|not served [%]"
    ).split("|")
    response = either(language, "応答 [秒]", "response [s]")
    rows = tuple(
        (
            step["growth"], _entry(estate, step["fullest"], language), 100 * step["share"],
            100 * step["unserved_share"], *(step["responses_s"][city] for city in cities),
        )
        for step in details["steps"]
    )  # fmt: skip
    return Numbers((*headings, *(f"{city_name(estate, city, language)} {response}" for city in cities)), rows)


def _headroom(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show how much is used now and after the worst failure, against the limit; the fullest on top."""
    ordered = sorted(details["headroom"], key=lambda one: (-one["worst_share"], one["id"], one["kind"]))
    shown = ordered[:SHOWN]
    names = told_apart([_entry(estate, one, language) for one in shown], [one["id"] for one in shown], 46)
    chart = graph_objects.Figure()
    for key, times, words, colour, shape in (
        ("share", "headroom", ("平常時", "normally"), GREY, ""),
        ("worst_share", "worst_headroom", ("最悪の単一障害時", "after the worst failure"), RED, "/"),
    ):
        chart.add_bar(
            orientation="h", y=names, x=[100 * one[key] for one in shown], name=either(language, *words),
            marker={"color": colour, "pattern_shape": shape}, text=[_times(one[times], language) for one in shown],
            textposition="outside", cliponaxis=False, textfont_size=11,
            hovertemplate="%{y}: %{x:.3g} % (%{text})<extra></extra>",
        )  # fmt: skip
    styled(chart, rows=int(len(shown) * 1.25), x=either(language, "最繁時の使用率 [%]", "used in the busiest hour [%]"))
    limit = 100 * details["limits"]["utilisation"]
    chart.add_vline(
        x=limit, line={"color": RED, "dash": "dash"}, annotation_position="bottom left",
        annotation_text=either(language, f"限度 {limit:g}%", f"limit {limit:g} %"), annotation_font_color="#7f1d1d",
    )  # fmt: skip
    chart.update_layout(barmode="group", bargap=0.2)
    chart.update_xaxes(range=[0, max(limit * 1.05, 108 * max(one["worst_share"] for one in shown))])
    chart.update_yaxes(autorange="reversed")
    text = either(
        language,
        f"{len(ordered)}項目のうち使用率の高い{len(shown)}項目。棒の右の数字は、限度に達するまでの負荷倍率。",
        f"The fullest {len(shown)} of {len(ordered)}. The number beside a bar: times the load until its limit.",
    )
    title = either(language, "余力(平常時と単一障害時)", "Headroom, normally and after a failure")
    return Section("headroom", title, text, chart, _headroom_numbers(estate, ordered, language), wide=True)


def _headroom_numbers(estate: Estate, ordered: list[dict[str, Any]], language: Language) -> Numbers:
    headings = either(
        language, "対象|平常時 [%]|限度まで [倍]|単一障害時 [%]|限度まで [倍]|そのときの障害",
        "of|normally [%]|until full [×]|after a failure [%]|until full [×]|which failure",
    ).split("|")  # fmt: skip
    rows = tuple(
        (
            _entry(estate, one, language), 100 * one["share"], one["headroom"], 100 * one["worst_share"],
            one["worst_headroom"], name(estate, one["worst_failure"], language) if one["worst_failure"] else None,
        )
        for one in ordered
    )  # fmt: skip
    return Numbers(tuple(headings), rows)


def _failures(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show which single failures leave how much unserved."""
    ordered = sorted(details["failures"], key=lambda one: (-one["unserved_share"], -one["share"], one["entry"]))
    losing = [one for one in ordered if one["unserved_share"] > 0]
    headings = either(
        language, "障害|処理不能 [%]|最繁|使用率 [%]", "failure|not served [%]|fullest then|used [%]"
    ).split("|")  # fmt: skip
    cities = list(details["steps"][0]["responses_s"])
    response = either(language, "応答 [秒]", "response [s]")
    rows = tuple(
        (
            name(estate, one["entry"], language), 100 * one["unserved_share"], _entry(estate, one["fullest"], language),
            100 * one["share"], *(one["responses_s"][city] for city in cities),
        )
        for one in ordered
    )  # fmt: skip
    numbers = Numbers((*headings, *(f"{city_name(estate, city, language)} {response}" for city in cities)), rows)
    title = either(language, "単一障害で失う処理", "What single failures leave unserved")
    text = either(
        language, f"最繁時。{len(ordered)}件の単一障害のうち{len(losing)}件で処理不能が生じる。",
        f"In the busiest hour; {len(losing)} of {len(ordered)} single failures leave requests unserved.",
    )  # fmt: skip
    if not losing:
        return Section("failures", title, text, numbers=numbers, folded=True)
    shown = losing[:SHOWN]
    entries = [one["entry"] for one in shown]
    chart = graph_objects.Figure(
        graph_objects.Bar(
            orientation="h", y=told_apart([name(estate, entry, language) for entry in entries], entries, 46),
            x=[100 * one["unserved_share"] for one in shown], marker={"color": RED, "pattern_shape": "/"},
            customdata=entries,
            hovertemplate="%{y} (%{customdata}): %{x:.3g} %<extra></extra>",
        )
    )  # fmt: skip
    styled(chart, rows=len(shown), x=either(language, "処理不能の割合 [%]", "not served [%]"))
    chart.update_yaxes(autorange="reversed")
    return Section("failures", title, text, chart, numbers, wide=True)


def _terminals(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Set the response by the stations' formula beside exact mean value analysis of terminals."""
    headings = either(
        language, "サーバ|負荷 [倍]|端末数|応答(モデル) [秒]|応答(厳密MVA) [秒]",
        "server|load [×]|terminals|response, model [s]|response, exact MVA [s]",
    ).split("|")  # fmt: skip
    rows = tuple(
        (
            name(estate, one["station"], language),
            one["growth"],
            one["terminals"],
            one["response_s"],
            one["exact_response_s"],
        )
        for one in details["terminals"]
    )
    title = either(language, "端末モデルとの照合", "Checked against terminals")
    text = either(
        language, "待ち行列モデルの応答時間を、端末数を有限とした厳密な平均値解析(MVA)と比べる。",
        "The response of the model beside exact mean value analysis (MVA) with so many terminals.",
    )  # fmt: skip
    return Section("terminals", title, text, numbers=Numbers(tuple(headings), rows))
