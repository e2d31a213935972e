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
    "財務会計": "予算編成、予算管理、歳入管理、歳出管理、歳入歳計外現金、出納管理、資金管理、基金管理、決算管理、"
    "契約管理、物品管理、業者管理、債権債務者管理、公有財産管理、備品管理、起債管理、決算統計、予算分析、行政評価、源泉徴収",
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


def test_every_section_of_the_deck_is_a_requirement(records: EstateRecords) -> None:
    """35 numbered sections, the closing page included, each with the heading and the page of the deck."""
    counts = {"1": 3, "2": 13, "3": 3, "4": 11, "5": 4}
    expected = [f"{part}.{number + 1}" for part, count in counts.items() for number in range(count)] + ["6"]
    assert list(records.requirements) == expected
    assert records.requirements["4.10"].name_ja == "サービスレベル協定"
    slides = [row.slide for row in records.requirements.values()]
    assert slides == sorted(slides)


def test_lists_of_the_deck_are_as_long_as_printed(records: EstateRecords) -> None:
    """Goals, merits, ledgers, volumes, controls, products, criteria, rehearsals, items, lessons: slides 5 to 42."""
    lengths = {
        "goals": (records.goals, 4),
        "merits of the contract": (records.contracts["comprehensive"].merits_ja, 5),
        "ledgers": (records.ledgers, 4),
        "volumes": (records.manual_volumes, 4),
        "numbered products": ([one for one in records.work_products.values() if one.number], 10),
        "kinds of monitoring": ({item.method for item in records.monitoring.values()}, 4),
        "tasks of the helpdesk": (records.helpdesk.tasks_ja if records.helpdesk else (), 4),
        "service levels": (records.service_levels, 5),
        "problems": ([one for one in records.risks.values() if one.kind == "problem"], 4),
        "lessons": ([one for one in records.risks.values() if one.kind == "lesson"], 7),
        "burdened steps of slide 6": ([one for one in records.programme.values() if one.burdens_sections], 9),
    }
    assert {name: len(found) for name, (found, _) in lengths.items()} == {
        name: count for name, (_, count) in lengths.items()
    }


def test_migration_is_rehearsed_three_times(records: EstateRecords) -> None:
    """Slide 31: three rehearsals, the first about a year ahead, then the production run, judged by three criteria."""
    assert records.migration is not None
    runs = sorted(records.migration.rehearsals.values(), key=lambda run: run.order)
    assert [run.production for run in runs] == [False, False, False, True]
    assert runs[0].months_before == 12
    assert len(records.migration.criteria) == 3


def test_scorecard_is_that_of_slide_29(records: EstateRecords) -> None:
    """Five conditions, six indicators in their order, and the printed thresholds; no weight stands anywhere."""
    card = records.scorecard
    assert card is not None
    assert len(card.conditions) == 5
    assert [one.name_ja for one in card.indicators.values()] == [
        "機能適応性", "技術要件", "柔軟性", "システム運用", "導入実績", "コスト",
    ]  # fmt: skip
    asked = [sum(one.indicator == name for one in card.questions.values()) for name in card.indicators]
    assert asked == [3, 4, 4, 3, 3, 1]
    assert [step.at_least for step in card.questions["standard-functions"].scale] == [70, 60, 0]
    assert card.questions["installations"].excluded_below == 1


def test_helpdesk_hours_are_printed(records: EstateRecords) -> None:
    """Slide 33: toll-free, 8:15 to 17:30."""
    assert records.helpdesk is not None
    assert (records.helpdesk.opens_s, records.helpdesk.closes_s) == (8.25 * 3600, 17.5 * 3600)
    assert records.helpdesk.free_of_charge
