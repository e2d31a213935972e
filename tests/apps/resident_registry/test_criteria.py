"""What clerks type is understood in each customary form, and what cannot be used is told field by field."""

from __future__ import annotations

from datetime import date

import pytest
from resident_registry.criteria import MOST_RESULTS, Criteria, parse_criteria
from resident_registry.errors import InputError


def _parse(**typed: str) -> Criteria:
    return parse_criteria(typed, "架空市", "見本県")


@pytest.mark.parametrize("text", ["サクラレイ", "さくられい", "ｻｸﾗﾚｲ", "サクラ　レイ", " さくら れい ", "サクラ・レイ"])
def test_kana_in_any_form_are_one_reading(text: str) -> None:
    """Hiragana, half-width kana, spaces and dots make no difference, in either field."""
    assert _parse(name=text).kana == _parse(kana=text).kana == "サクラレイ"
    assert _parse(name=text).name == ""


def test_half_width_voiced_marks_are_joined() -> None:
    """A half-width kana and its mark are one letter."""
    assert _parse(kana="ｸﾞﾝｼﾞｮｳ").kana == "グンジョウ"


def test_kanji_stay_as_typed() -> None:
    """Old forms and compatibility ideographs are told apart: 櫻 is not 桜, and 﨑 is not 崎."""
    assert _parse(name="櫻 例").name == "櫻例"
    assert _parse(name="﨑\ufa19").name == "﨑\ufa19"


@pytest.mark.parametrize(
    "text", ["鯨仮町12番地の5", "鯨仮町１２－５", "鯨仮町12-5", "架空市鯨仮町12-5", "見本県架空市 鯨仮町12−5"]
)
def test_addresses_in_any_form_are_one(text: str) -> None:
    """Width of digits, the short form of a lot, city and prefecture in front make no difference."""
    assert _parse(address=text).address == "鯨仮町12番地の5"


def test_audit_record_holds_what_was_asked() -> None:
    """Only what narrows a search is recorded."""
    criteria = _parse(name="松例", birth_date="S55.1.2")
    assert criteria == Criteria(name="松例", birth_date=date(1980, 1, 2))
    assert criteria.record() == {"name": "松例", "birth_date": "1980-01-02"}
    assert criteria.narrows
    assert not _parse().narrows


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"birth_date": "1980"}, {"birth_date": "生年月日"}),
        ({"name": "松" * 61}, {"name": "60文字"}),
        ({"name": "松\x00"}, {"name": "使用できない文字"}),
        ({"kana": "松"}, {"kana": "カナ"}),
        ({"limit": "0"}, {"limit": "件数"}),
        ({"limit": str(MOST_RESULTS + 1)}, {"limit": "件数"}),
        ({"limit": "１"}, {"limit": "件数"}),
        ({"phone": "1"}, {"phone": "検索項目"}),
        ({"kana": "松", "birth_date": "x"}, {"kana": "カナ", "birth_date": "生年月日"}),
    ],
)
def test_problems_are_told_field_by_field(typed: dict[str, str], words: dict[str, str]) -> None:
    """Every field at fault gets its own sentence, all at once."""
    with pytest.raises(InputError) as caught:
        parse_criteria(typed, "架空市")
    assert caught.value.problems.keys() == words.keys()
    assert all(words[field] in sentence for field, sentence in caught.value.problems.items())
