"""What a clerk searches for: checked, normalised, with every problem told in Japanese at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from resident_registry.calendar_ja import parse_day
from resident_registry.errors import InputError

TEXT_FIELDS = ("name", "kana", "birth_date", "address")
MOST_CHARACTERS = 60
MOST_RESULTS = 100
USUAL_RESULTS = 50
_LABELS = {"name": "氏名", "kana": "フリガナ", "birth_date": "生年月日", "address": "住所"}
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_KANA_ONLY = re.compile(r"[ァ-ヶー]+")
_LOT = re.compile(r"(\d+)[-‐-―−ー](\d+)")
_COMPATIBILITY_IDEOGRAPHS = "\uf900-\ufaff"


@dataclass(frozen=True)
class Criteria:
    """A checked search. Names, kana and address match from their beginning; what is empty does not narrow it."""

    name: str = ""
    kana: str = ""
    birth_date: date | None = None
    address: str = ""
    limit: int = USUAL_RESULTS

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.name or self.kana or self.birth_date or self.address)

    def record(self) -> dict[str, str]:
        """Return what goes into the audit log."""
        born = self.birth_date.isoformat() if self.birth_date else ""
        asked = {"name": self.name, "kana": self.kana, "birth_date": born, "address": self.address}
        return {field: value for field, value in asked.items() if value}


def _normalised_name(text: str) -> str:
    # NFKC by runs: it must join half-width kana with their marks, and must leave alone the compatibility ideographs
    # by which registries tell names apart.
    widened = re.sub(f"[^{_COMPATIBILITY_IDEOGRAPHS}]+", lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return re.sub(r"[\s・]", "", widened.translate(_HIRAGANA_TO_KATAKANA))


def _normalised_address(text: str, prefecture_ja: str, city_name_ja: str) -> str:
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    compact = compact.removeprefix(prefecture_ja).removeprefix(city_name_ja)
    return _LOT.sub(r"\1番地の\2", compact)


def _text_problems(texts: Mapping[str, str]) -> dict[str, str]:
    problems = {}
    for field, text in texts.items():
        if len(text) > MOST_CHARACTERS:
            problems[field] = f"{_LABELS[field]}は{MOST_CHARACTERS}文字以内で入力してください。"
        elif any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") for letter in text):
            problems[field] = f"{_LABELS[field]}に使用できない文字が含まれています。"
    return problems


def _limit(text: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,3}", text) and 1 <= int(text) <= MOST_RESULTS:
        return int(text)
    return None


def parse_criteria(typed: Mapping[str, str], city_name_ja: str, prefecture_ja: str = "") -> Criteria:
    """Check what was typed; raises InputError with one sentence for each field at fault.

    A name of kana alone, hiragana or half-width as well, is looked for among the readings.
    """
    texts = {field: typed.get(field, "").strip() for field in TEXT_FIELDS}
    problems = _text_problems(texts)
    for field in typed:
        if field not in (*TEXT_FIELDS, "limit"):
            problems[field] = f"「{field[:20]}」という検索項目はありません。"
    birth_date = None
    if texts["birth_date"] and "birth_date" not in problems:
        try:
            birth_date = parse_day(texts["birth_date"])
        except ValueError:
            problems["birth_date"] = (
                "生年月日は「昭和55年1月2日」「S55.1.2」「1980-01-02」のいずれかで入力してください。"
            )
    name, kana = _normalised_name(texts["name"]), _normalised_name(texts["kana"])
    if not kana and _KANA_ONLY.fullmatch(name):
        name, kana = "", name
    if kana and not _KANA_ONLY.fullmatch(kana):
        problems.setdefault("kana", "フリガナはカナで入力してください。")
    limit = _limit(typed.get("limit", str(USUAL_RESULTS)))
    if limit is None:
        problems["limit"] = f"件数は1から{MOST_RESULTS}までの数字で入力してください。"
    if problems or limit is None:
        raise InputError(problems)
    return Criteria(name, kana, birth_date, _normalised_address(texts["address"], prefecture_ja, city_name_ja), limit)
