"""Denominators and units of figures in Japanese; answers carry them in English."""

from __future__ import annotations

import re

from twin.reports.section import Language

_JAPANESE = {
    "24 h × 365": "24時間×365日",
    "business days": "開庁日",
    "calls of the year": "年間の入電",
    "counter hour": "開庁時間の1時間",
    "counter hours": "開庁時間",
    "day": "一日",
    "fiscal year": "年度",
    "hour": "1時間",
    "nights of this kind": "同種の夜",
    "one year": "1年",
    "replications": "反復回数",
    "requests of the year": "年間の要求",
    "s": "秒",
    "min": "分",
    "h": "時間",
    "times today's load": "倍(現在の負荷比)",
    "years": "年",
}
_PATTERNS = (
    (r"requests from (\d+:\d+) to (\d+:\d+)", r"\1〜\2の要求"),
    (r"from (\d+:\d+) to (\d+:\d+)", r"\1〜\2"),
    (r"(\d+) single failures", r"単一障害\1件"),
    (r"counter hours: (\d+) business days × ([\d.]+) h, (\d+) weeks from ([\d-]+)",
     r"開庁時間: 開庁日\1日×\2時間(\4から\3週)"),
)  # fmt: skip


def denominator(text: str, language: Language) -> str:
    """Return a unit or denominator in a language; what has no Japanese here keeps its English, `1` is left out."""
    if text == "1":
        return ""
    if language == "en":
        return text
    for pattern, japanese in _PATTERNS:
        if re.fullmatch(pattern, text):
            return re.sub(pattern, japanese, text)
    return _JAPANESE.get(text, text)
