"""What the deck lists by name and by number is in the deck's estate, so that no row of it can get lost."""

from __future__ import annotations

import re

import pytest

from inventory.load import load_estate
from inventory.models.estate import EstateRecords

# Slide 16, as it is printed; 歳入歳計外現金 there is a misprint for 歳入歳出外現金.
FUNCTIONS = {
    "住民情報": "住民記録、印鑑登録、宛名管理、選挙、国民投票、就学管理",
    "税": "固定資産税、個人市民税、法人市民税、軽自動車税、収納管理、口座管理、滞納管理",
    "保険・年金": "国民年金、国民健康保険、後期高齢者医療",
    "福祉": "福祉相談、障害者手帳、障害者手当、障害者生活支援、障害福祉サービス、地域生活支援、自立支援医療、"
    "重度障害者医療、精神障害者医療、生活保護、児童扶養手当、児童手当、保育園保育料、幼稚園保育料、母子家庭等医療、こども医療、高齢者福祉",
    "人事・給与": "人事・給与、臨時職員管理、職員健康管理、福利厚生管理、庶務事務",
    "財務会計": "予算編成、予算管理、歳入管理、歳出管理、歳入歳計外現金、出納管理、資金管理、基金管理、決算管理、契約管理、"
    "物品管理、業者管理、債権債務者管理、公有財産管理、備品管理、起債管理、決算統計、予算分析、行政評価、源泉徴収",
    "文書管理": "文書管理、電子決裁",
    "共通基盤": "職員認証、業務ポータル、外字、データ連携、統合監視",
}
# Slide 30.
CUSTOMISATIONS = (
    "住民記録 0 住民情報(印鑑) 0 住民情報(選挙) 0 住民情報(学齢簿) 0 健康管理 1 OCR 1 共通 1 "
    "宛名 1 固定資産税(土地) 4 固定資産税(家屋) 1 固定資産税(償却) 0 固定資産税(賦課) 0 個人住民税 7 法人住民税 1 "
    "軽自動車税 3 収納 4 滞納 1 国民健康保険(資格) 0 国民健康保険(賦課) 0 国民健康保険(給付) 5 国民年金 0"
)


@pytest.fixture(scope="module")
def records() -> EstateRecords:
    """Return the records of the deck's estate."""
    return load_estate("fuji-fujinomiya").records


@pytest.mark.parametrize("group", FUNCTIONS)
def test_every_function_of_slide_16_is_there_by_name(records: EstateRecords, group: str) -> None:
    """The names of a row are those of its group, in the order of the slide, misprints as aliases."""
    (id_,) = (name for name, entry in records.system_groups.items() if entry.name_ja == group)
    entries = [entry for entry in records.functions.values() if entry.group == id_]
    printed = FUNCTIONS[group].split("、")
    assert len(entries) == len(printed)
    assert all(name in (entry.name_ja, *entry.aliases) for name, entry in zip(printed, entries, strict=True))


def test_functions_and_units_are_as_many_as_printed(records: EstateRecords) -> None:
    """65 functions in eight units of introduction; three groups have none by name."""
    assert len(records.functions) == sum(len(row.split("、")) for row in FUNCTIONS.values()) == 65
    assert len(records.introduction_units) == 8
    assert {group.name_ja for group in records.system_groups.values()} - set(FUNCTIONS) == {
        "介護保険", "健康管理", "グループウェア",
    }  # fmt: skip


def test_two_groups_stayed_alone(records: EstateRecords) -> None:
    """The note on slide 16: accounting and documents are not shared."""
    alone = {group.name_ja for group in records.system_groups.values() if group.pattern == "alone"}
    assert alone == {"財務会計", "文書管理"}


def test_every_row_of_slide_30_is_there(records: EstateRecords) -> None:
    """21 rows, 30 customisations, under the names of that slide."""
    printed = [(name, int(count)) for name, count in re.findall(r"(\S+) (\d+)", CUSTOMISATIONS)]
    assert [(entry.name_ja, entry.count) for entry in records.customisations.values()] == printed
    assert sum(count for _, count in printed) == 30


def test_names_of_slide_30_are_known_to_slide_16(records: EstateRecords) -> None:
    """The two slides name the same things differently; the aliases say so."""
    for entry in records.customisations.values():
        if entry.function is not None:
            function = records.functions[entry.function]
            assert entry.name_ja in (function.name_ja, *function.aliases)
