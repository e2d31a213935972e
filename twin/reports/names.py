"""Entries of the estate by their labels, wrapped so that a chart's axis has room for them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from inventory.models.estate import Estate
from inventory.models.record import Named
from twin.reports.section import Language
from twin.reports.words import either

WIDEST = 30
"""Columns of a label on an axis before it is broken; a Japanese letter takes two."""

_PARTS = {
    "supply": ("給電", "supply"),
    "heat": ("室温上昇", "heat"),
    "by-hand": ("手動切替", "switched by hand"),
    "switch-over": ("自動切替", "switch-over"),
    "restart-by-hand": ("手動再起動", "restarted by hand"),
    "restart-switch-over": ("自動再起動", "restart"),
    "others": ("その他", "others"),
}

_FIELDS = {
    "mtbf": ("平均故障間隔", "time between failures"),
    "mttr": ("平均修復時間", "time to repair"),
    "response": ("駆付時間", "response"),
    "out_for": ("停止期間", "time out"),
    "by_hand": ("手動切替時間", "switching by hand"),
    "switch_over": ("切替時間", "switch-over"),
    "switch_over_fails": ("切替失敗率", "switch-over fails"),
    "too_hot_after": ("過熱までの時間", "too hot after"),
    "autonomy": ("バックアップ時間", "autonomy"),
    "repair_scv": ("修復時間のばらつき", "spread of repairs"),
    "hits": ("被災の確率", "chance of being hit"),
    "restart_after_power": ("復電後の再起動時間", "restart after power"),
}


def name(estate: Estate, entry: str, language: Language) -> str:
    """Return what an entry is called: `hardware.x` or `x`, parts joined by `+`, what befalls it after `/`.

    What is no entry of the estate, or has no label, keeps its own name.
    """
    whole, _, part = entry.partition("/")
    named = [_label(estate, one, language) for one in whole.split("+")]
    # After a `+` the section is left out, or stands there again.
    text = " + ".join(named)
    return f"{text} ({_label(estate, part, language)})" if part else text


def named_path(estate: Estate, path: str, language: Language) -> str:
    """Return a value's path in words where they are known: `One router: time to repair`; else the path."""
    section, _, rest = path.partition(".")
    entry, _, field = rest.partition(".")
    head, _, of = field.partition(".")
    if not field:
        return either(language, *_FIELDS[entry]) if entry in _FIELDS else path
    label = name(estate, f"{section}.{entry}", language)
    if label == f"{section}.{entry}":
        return path
    told = either(language, *_FIELDS[head]) if head in _FIELDS else head
    return f"{label}: {told}" + (f" ({name(estate, of, language)})" if of else "")


def city_name(estate: Estate, city: str, language: Language) -> str:
    """Return a city's label."""
    return estate.records.cities[city].label(language)


def told_apart(labels: Sequence[str], ids: Sequence[str], width: int = WIDEST) -> list[str]:
    """Return labels for an axis, wrapped; entries of one name carry their ids, or their bars would be heaped up."""
    named: dict[str, set[str]] = {}
    for label, id_ in zip(labels, ids, strict=True):
        named.setdefault(label, set()).add(id_)
    return [
        wrapped(label if len(named[label]) == 1 else f"{label} ({id_.rpartition('.')[2]})", width)
        for label, id_ in zip(labels, ids, strict=True)
    ]


def wrapped(text: str, width: int = WIDEST) -> str:
    """Return a text with `<br>` where it is longer than so many columns: between words, within one too long alone."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if _columns(joined) <= width:
            lines[-1] = joined
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if _columns(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return "<br>".join(lines)


def rows_of(labels: Sequence[str]) -> int:
    """Return how many rows of a chart give labels room, a row holding two lines."""
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    return math.ceil(len(labels) * max(1.0, 0.5 * lines))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _label(estate: Estate, entry: str, language: Language) -> str:
    if entry in _PARTS:
        return either(language, *_PARTS[entry])
    section, _, id_ = entry.rpartition(".")
    found: Any = None
    for one in [section] if section else type(estate.records).model_fields:
        records = getattr(estate.records, one, None)
        if isinstance(records, dict) and id_ in records and isinstance(records[id_], Named):
            found = records[id_]
            break
    return found.label(language) if found is not None else entry
