"""A night's jobs in time: each with the interval of its end, its deadline, and how often it decides the night's end."""

from __future__ import annotations

from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from twin.reports.names import city_name, name, rows_of, told_apart
from twin.reports.night_hours import HORIZON_H, clock, over_the_night
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, RED, city_colours, styled
from twin.reports.words import either

DECIDES = 0.1
"""From this share of the plays on a job is marked as one of the critical path."""
INK = "#111827"


def gantt(estate: Estate, night: dict[str, Any], title: str, opens_s: float, language: Language) -> Section:
    """Return the section of a night, its jobs in the order in which they begin."""
    jobs = sorted(night["jobs"], key=lambda job: (job["begin_s"]["median"], job["end_s"]["median"], job["id"]))
    key = "name_ja" if language == "ja" else "name"
    labels = told_apart([job[key] for job in jobs], [job["id"] for job in jobs], 40)
    rows = [
        f"<b>★ {label}</b>" if job["critical"] >= DECIDES else label for job, label in zip(jobs, labels, strict=True)
    ]
    chart = graph_objects.Figure()
    _bars(chart, estate, jobs, rows, language)
    chart.add_scatter(
        x=[_hour(job["deadline_s"]) for job in jobs], y=rows, mode="markers", name=either(language, "締切", "deadline"),
        marker={"symbol": "line-ns", "size": 16, "line": {"color": RED, "width": 3}},
        text=[f"{clock(job['deadline_s'])}, {job['slack_s']['median'] / 60:+.0f} min" for job in jobs],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )  # fmt: skip
    styled(chart, rows=rows_of(rows))
    opens = either(language, f"開庁 {clock(opens_s)}", f"opens {clock(opens_s)}")
    chart.add_vline(
        x=_hour(opens_s), line={"color": RED, "width": 2, "dash": "dash"}, annotation_text=opens,
        annotation_position="bottom left", annotation_font_color="#7f1d1d",
    )  # fmt: skip
    chart.update_layout(barmode="overlay", bargap=0.35)
    chart.update_yaxes(autorange="reversed", type="category", categoryorder="array", categoryarray=rows)
    first = min((job["begin_s"]["median"] for job in jobs), default=0.0)
    ends = [*(job["end_s"]["high"] for job in jobs), *(job["deadline_s"] for job in jobs), opens_s]
    over_the_night(
        chart, either(language, "時刻", "time"), max(0.0, _hour(first) - 0.5), min(24.0, _hour(max(ends)) + 1)
    )
    like = either(language, f"同種の夜は年間{night['like']}夜。", f"Nights of this kind in the year: {night['like']}. ")
    text = either(
        language,
        f"{like}棒は中央値、ひげは終了時刻の95%が入る範囲、赤い縦線は締切。★はクリティカルパス"
        f"(終わりを決める割合{DECIDES:.0%}以上)。斜線はバックアップ。",
        f"{like}Bars: medians; whiskers: where 95 % of the ends lie; red marks: deadlines. ★: on the critical path "
        f"(decides the end in {DECIDES:.0%} of the plays or more). Hatched: backups.",
    )
    heading = either(language, f"{title}: ジョブの進行", f"{title}: the jobs in time")
    return Section(f"jobs-{night['label']}", heading, text, chart, _numbers(estate, jobs, language), wide=True)


def _bars(
    chart: graph_objects.Figure, estate: Estate, jobs: list[dict[str, Any]], rows: list[str], language: Language
) -> None:
    """Draw each city's jobs from begin to end; what never begins has no bar."""
    colours = city_colours(estate)
    own_cities = {job["city"] for job in jobs}
    for city in [one for one in (*estate.records.cities, None) if one in own_cities]:
        own = [(job, row) for job, row in zip(jobs, rows, strict=True) if job["city"] == city]
        begins = [_hour(job["begin_s"]["median"]) for job, _ in own]
        ends = [_hour(job["end_s"]["median"]) for job, _ in own]
        critical = [job["critical"] >= DECIDES for job, _ in own]
        chart.add_bar(
            orientation="h", y=[row for _, row in own], base=begins,
            x=[end - begin for begin, end in zip(begins, ends, strict=True)],
            name=city_name(estate, city, language) if city else either(language, "共通", "shared"),
            marker={
                "color": colours[city] if city else GREY,
                "line": {
                    "color": [INK if one else "white" for one in critical],
                    "width": [2 if one else 0 for one in critical],
                },
                "pattern": {
                    "shape": ["/" if job["kind"] == "backup" else "" for job, _ in own],
                    "fgcolor": "white", "fillmode": "overlay",
                },
            },
            error_x={
                "type": "data", "symmetric": False, "thickness": 2, "width": 4, "color": INK,
                "array": [_hour(job["end_s"]["high"]) - end for (job, _), end in zip(own, ends, strict=True)],
                "arrayminus": [end - _hour(job["end_s"]["low"]) for (job, _), end in zip(own, ends, strict=True)],
            },
            text=[f"{clock(job['begin_s']['median'])}–{clock(job['end_s']['median'])}" for job, _ in own],
            textposition="none", hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip


def _numbers(estate: Estate, jobs: list[dict[str, Any]], language: Language) -> Numbers:
    headings = either(
        language,
        "ジョブ|市|サーバ|開始|終了|下限|上限|締切|余裕 [分]|下限|上限|遅れる確率 [%]|終わらない確率 [%]|"
        "終わりを決める割合 [%]|先行",
        "job|city|server|begins|ends|from|to|deadline|slack [min]|from|to|late [%]|never ends [%]|decides [%]|after",
    ).split("|")
    rows = tuple(
        (
            job["name_ja" if language == "ja" else "name"],
            city_name(estate, job["city"], language) if job["city"] else None,
            name(estate, job["server"], language), clock(job["begin_s"]["median"]),
            *(clock(job["end_s"][key]) for key in ("median", "low", "high")), clock(job["deadline_s"]),
            *(job["slack_s"][key] / 60 for key in ("median", "low", "high")),
            100 * job["late"]["value"], 100 * job["never"]["value"], 100 * job["critical"],
            ", ".join(name(estate, one, language) for one in job["after"]) or None,
        )
        for job in jobs
    )  # fmt: skip
    return Numbers(tuple(headings), rows)


def _hour(after_noon_s: float) -> float:
    return min(HORIZON_H, after_noon_s / 3600)
