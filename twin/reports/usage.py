"""Use of servers and circuits by hour of a day, as the pages of a day and of capacity show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from inventory.models.estate import Estate
from twin.reports.hours import WIDEST, Fault, clock, heat_by_hour, heat_map, hourly_numbers, told
from twin.reports.names import name, told_apart, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.words import either

BUSIEST = 20
"""Rows of a heat map of servers; its table has all."""


def stations(estate: Estate, day: dict[str, Any], faults: Sequence[Fault], language: Language) -> Section:
    """Return the heat map of servers and hosts by hour, the busiest on top."""
    machines = [*day["stations"], *day["hosts"]]
    ids = [one["id"] for one in machines]
    labels = told_apart([name(estate, id_, language) for id_ in ids], ids, WIDEST)
    found = zip(labels, [one["hours"] for one in machines], strict=True)
    rows = sorted(found, key=lambda row: -max(row[1]))
    shown = [row for row in rows[:BUSIEST] if max(row[1]) > 0] or rows[:1]
    text = either(
        language,
        f"CPU使用率。{len(rows)}台のうち最繁{len(shown)}台を使用率の高い順に示す。色は最大値で最も濃い。"
        f"夜間のジョブは実行中の多重度。{told(faults, language)}",
        f"Share of the cores in use. The {len(shown)} busiest of {len(rows)}, the busiest on top; darkest is the "
        f"highest share found. By night: places that jobs hold. {told(faults, language)}",
    )
    title = either(language, "サーバの時間帯別使用率", "Use of servers by hour")
    numbers = hourly_numbers(rows, language)
    return Section("stations", title, text, heat_by_hour(shown, faults, language), numbers, wide=True)


def circuits(estate: Estate, day: dict[str, Any], faults: Sequence[Fault], language: Language) -> Section:
    """Return the heat map of circuits by hour and direction."""
    rows = [(wrapped(direction(estate, one, language), WIDEST), one["hours"]) for one in day["circuits"]]
    failed = told(faults, language)
    text = either(
        language,
        "契約帯域に対する使用率。方向別(「〜発」は送信側)。色は最大値で最も濃い。" + failed,
        "Share of the rate in use, by direction; darkest is the highest share found. " + failed,
    )
    title = either(language, "回線の時間帯別使用率", "Use of circuits by hour")
    numbers = hourly_numbers(rows, language)
    return Section("circuits", title, text, heat_by_hour(rows, faults, language), numbers, wide=True)


def direction(estate: Estate, circuit: dict[str, Any], language: Language) -> str:
    """Return a circuit's label with the side that sends."""
    label = name(estate, f"circuits.{circuit['id']}", language)
    sender = name(estate, circuit["from"], language)
    return either(language, f"{label} {sender}発", f"{label}, from {sender}")


def left_out(details: dict[str, Any], language: Language) -> str:
    """Return a sentence on what the estate states no load for, empty where there is nothing."""
    if not details["left_out"]:
        return ""
    return either(language, "負荷の記載がなく含めていないもの: ", "Left out for want of stated load: ") + ", ".join(
        map(str, details["left_out"])
    )


def by_quarter(night: dict[str, Any], title: str, axis: Callable[..., None], language: Language) -> Section:
    """Return the heat map of a night's servers (places in use) and lines by quarters; idle ones are left out."""
    machines = [*night["servers"], *night["lines"]]
    names = told_apart(
        [one["name_ja" if language == "ja" else "name"] for one in machines], [one["id"] for one in machines], WIDEST
    )
    found = [(label, one["used"]) for label, one in zip(names, machines, strict=True)]
    shown = [(label, used) for label, used in found if max(used) > 0] or found[:1]
    quarters = [0.125 + number / 4 for number in range(len(shown[0][1]))]
    chart = heat_map(shown, quarters, [clock((12 + hour - 0.125) % 24) for hour in quarters])
    axis(chart, either(language, "時刻", "time"), 5.0, 21.5)
    headings = either(
        language, "対象|多重度・帯域|最繁15分 [%]|その時刻|伝送量 [GB]", "of|holds|busiest quarter [%]|at|sent [GB]"
    ).split("|")
    rows = tuple(
        (
            label.replace("<br>", " "),
            f"{one['places']}" if "places" in one else f"{one['capacity_bps'] / 1e6:.0f} Mbit/s",
            100 * max(one["used"]),
            clock((12 + one["used"].index(max(one["used"])) / 4) % 24) if max(one["used"]) else None,
            one["carried_bytes"] / 1e9 if "carried_bytes" in one else None,
        )
        for label, one in zip(names, machines, strict=True)
    )  # fmt: skip
    heading = either(
        language, f"{title}: サーバ・回線・ディスクの使用率", f"{title}: servers, circuits and disks in use"
    )
    text = either(
        language, "サーバはジョブ多重度の使用率。15分ごと。", "Of servers: the places for jobs. By quarters of an hour."
    )
    return Section(f"use-{night['label']}", heading, text, chart, Numbers(tuple(headings), rows), wide=True)
