"""The words of the pages, in Japanese and English."""

from __future__ import annotations

from twin.reports.section import Language

_WORDS: dict[str, tuple[str, str]] = {
    "answer": ("予測の結果", "What is predicted"),
    "figure": ("項目", "figure"),
    "value": ("値", "value"),
    "from": ("下限", "from"),
    "to": ("上限", "to"),
    "of": ("区間の意味", "interval of"),
    "unit": ("単位", "unit"),
    "per": ("母数", "out of"),
    "samples": ("標本数", "samples"),
    "span-mean": ("平均の{}%信頼区間", "the mean, at {} %"),
    "span-values": ("値の{}%が入る範囲(値は中央値)", "{} % of values (value: median)"),
    "span-exact": ("厳密", "exact"),
    "never": ("上限なし", "no bound"),
    "sensitivity": ("仮定値への感度", "Sensitivity to assumed values"),
    "sensitivity-text": (
        "各仮定値を単独で減増して予測し直した結果(信頼度Lは1/2倍と2倍、Mは0.8倍と1.25倍)。偶然の範囲の差は示さない。",
        "Each assumed value alone made less and more (trust L: ×0.5 and ×2, M: ×0.8 and ×1.25). Chance is left out.",
    ),
    "no-swing": (
        "どの仮定値を動かしても、偶然の範囲を超える変化はない。",
        "No assumed value moves any figure by more than the runs' own spread.",
    ),
    "not-moved": ("大きさがなく動かしていない値", "Not moved, having no size or being certain"),
    "less": ("減", "less"),
    "more": ("増", "more"),
    "stated": ("記載値", "stated"),
    "moved": (
        "影響の大きい順に{}件を動かした。残り{}件は省略(--sensitivity all で全件)。",
        "The {} values of most weight were moved; {} more were left out (--sensitivity all moves them too).",
    ),
    "hangs-on": ("結果を大きく左右する仮定値", "Assumed values that the figures hang on most"),
    "hangs-on-text": (
        "重みは、数値のうちその値に連動する割合に、信頼度による不確かさ(L: 1、M: 約1/3)を掛けたもの。",
        "Weight: the share of a figure that follows the value, times the doubt of its trust (L: 1, M: about a third).",
    ),
    "weight": ("重み", "weight"),
    "assumed": ("そのほかの仮定値", "Further assumed values that it stands on"),
    "figures-count": ("{}項目。要点は以下の図。", "{} figures; the charts below tell most of them."),
    "assumed-count": ("{}件。", "There are {}."),
    "path": ("項目の位置", "path"),
    "place": ("ファイル", "file"),
    "source": ("出典", "source"),
    "trust": ("信頼度", "trust"),
    "carries": ("実環境に持ち越せること", "What carries over to the real estate"),
    "carries-not": ("実環境に持ち越せないこと", "What does not carry over"),
    "basis": ("前提", "What it stands on"),
    "estate": ("対象", "estate"),
    "digest": ("構成のダイジェスト", "estate digest"),
    "overrides": ("この実行で置き換えた値", "values replaced for this run"),
    "none": ("なし", "none"),
    "seed": ("乱数の種", "seed"),
    "replications": ("反復回数", "replications"),
    "question": ("問い", "question"),
    "numbers": ("数値を表示", "the numbers"),
    "contents": ("目次", "contents"),
    "city": ("市", "city"),
    "begin": ("開始", "from"),
    "time": ("時刻 [秒]", "time [s]"),
    "seconds": ("秒", "s"),
    "events": ("事象", "events"),
    "outage": ("通信断", "outage"),
}


def word(key: str, language: Language) -> str:
    """Return a word in a language; raises KeyError for one that is not there."""
    japanese, english = _WORDS[key]
    return japanese if language == "ja" else english


def either(language: Language, japanese: str, english: str) -> str:
    """Return the text of a language."""
    return japanese if language == "ja" else english
