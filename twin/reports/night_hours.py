"""The time of a night on an axis: hours after noon, called by the time of day."""

from __future__ import annotations

from plotly import graph_objects

NOON_H, HORIZON_H = 12.0, 24.0


def clock(after_noon_s: float) -> str:
    """Return a time of a night (s after noon) as a time of day; what is past the next noon is after all."""
    minutes = round(after_noon_s / 60) + 720
    return "≥12:00" if after_noon_s >= 3600 * HORIZON_H else f"{minutes // 60 % 24}:{minutes % 60:02}"


def over_the_night(chart: graph_objects.Figure, title: str, begin_h: float = 0.0, end_h: float = HORIZON_H) -> None:
    """Give a chart the hours of a night (after noon) as its axis, every second one named."""
    hours = [hour for hour in range(0, 25, 2) if begin_h <= hour <= end_h]
    chart.update_xaxes(
        range=[begin_h, end_h], tickvals=hours, ticktext=[f"{(hour + 12) % 24}:00" for hour in hours], title_text=title,
        ticks="outside",
    )  # fmt: skip
