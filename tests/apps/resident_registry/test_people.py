"""The generated people: exact in number, the same for the same seed, consistent, and plainly nobody."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from datetime import date

import pytest
from resident_registry import names
from resident_registry.errors import PeopleError
from resident_registry.families import HEAD, LARGEST_HOUSEHOLD
from resident_registry.identifiers import passes_check_digit
from resident_registry.people import GENERATOR_VERSION, People, Plan, Resident

AS_OF = date(2018, 4, 1)
PLAN = Plan("架空市", 24_000, 10_000, 7, AS_OF)
YEAR_DAYS = 365.2425


@pytest.fixture(scope="module")
def residents() -> list[Resident]:
    """A town's residents."""
    return list(People(PLAN).residents())


@pytest.fixture(scope="module")
def families(residents: list[Resident]) -> list[list[Resident]]:
    """The residents by household."""
    by_household: defaultdict[int, list[Resident]] = defaultdict(list)
    for resident in residents:
        by_household[resident.household].append(resident)
    return list(by_household.values())


@pytest.mark.parametrize(
    ("city", "population", "households"),
    [("富士市", 254_203, 104_646), ("富士宮市", 133_641, 55_652), ("村", 9, 1), ("島", 5, 5)],
)
def test_counts_are_exact(city: str, population: int, households: int) -> None:
    """As many residents and households come out as were asked for, and every household has someone."""
    people = People(Plan(city, population, households, 2018, AS_OF))
    seen = defaultdict(int)
    for resident in people.residents():
        seen[resident.household] += 1
    assert sum(seen.values()) == population
    assert sorted(seen) == [household.id for household in people.households()] == list(range(1, households + 1))
    assert max(seen.values()) <= LARGEST_HOUSEHOLD


def test_rows_are_the_same_on_every_machine() -> None:
    """A plan's rows are fixed for good: another digest means another generator, which must then say so."""
    digest = hashlib.sha256()
    people = People(Plan("架空市", 1200, 500, 7, AS_OF))
    for row in itertools.chain(people.households(), people.residents()):
        digest.update("\t".join(map(str, row)).encode())
    assert (GENERATOR_VERSION, digest.hexdigest()) == (
        1,
        "cd057fab7244f1fbc1b9a3d1e54594863e78673bb003f01f893f4aaa3a96f811",
    )


def test_another_seed_gives_others(residents: list[Resident]) -> None:
    """The seed decides who lives there."""
    others = People(Plan("架空市", 24_000, 10_000, 8, AS_OF)).residents()
    assert [one.name for one in residents[:50]] != [one.name for one in itertools.islice(others, 50)]


def test_identifiers_are_invalid_and_unique(residents: list[Resident]) -> None:
    """Every individual number fails its check digit, every code is no real one, and nobody shares one."""
    assert not any(passes_check_digit(one.individual_number) for one in residents)
    assert all(one.resident_code.startswith("X") for one in residents)
    for field in ("code", "individual_number", "resident_code"):
        assert len({getattr(one, field) for one in residents}) == len(residents)


def test_every_household_has_one_adult_head_first(families: list[list[Resident]]) -> None:
    """The first member is the head, an adult, and the only one; there is at most one spouse of the other sex."""
    for members in families:
        assert [one.relation for one in members].count(HEAD) == 1
        assert members[0].relation == HEAD
        assert (AS_OF - members[0].birth_date).days >= 18 * 365
        spouses = [one for one in members if one.relation in ("妻", "夫")]
        assert len(spouses) <= 1
        assert all(one.sex != members[0].sex for one in spouses)


def test_generations_are_apart(families: list[list[Resident]]) -> None:
    """Parents are 18 years or more older than their children, and grandchildren follow only from a child's couple."""
    for members in families:
        head, kin = members[0], {one.relation for one in members}
        for one in members[1:]:
            years = (one.birth_date - head.birth_date).days / YEAR_DAYS
            if one.relation == "子":
                assert years >= 18
            elif one.relation in ("父", "母"):
                assert years <= -18
            elif one.relation == "子の子":
                assert {"子", "子の妻"} <= kin or {"子", "子の夫"} <= kin
                parent = next(member for member in members if member.relation == "子")
                assert (one.birth_date - parent.birth_date).days / YEAR_DAYS >= 17


def test_families_share_name_and_domicile(families: list[list[Resident]]) -> None:
    """All but lodgers bear the head's family name, and the head heads their family register."""
    for members in families:
        for one in members:
            if one.relation != "同居人":
                assert one.family_name == members[0].family_name
                assert one.domicile == members[0].domicile
                assert one.domicile_head == members[0].name


def test_dates_follow_one_another(residents: list[Resident]) -> None:
    """Birth, residence, this address and its notification come in that order, none after the day of reckoning."""
    for one in residents:
        assert one.birth_date <= one.resident_since <= one.address_since <= one.notified_on <= AS_OF
        assert bool(one.previous_address) == (one.address_since != one.birth_date)


def test_the_age_pyramid_is_a_citys(residents: list[Resident]) -> None:
    """About one in eight is a child and one in four is old, as in the national census of the decade."""
    ages = [(AS_OF - one.birth_date).days / YEAR_DAYS for one in residents]
    assert 0.11 < sum(age < 15 for age in ages) / len(ages) < 0.16
    assert 0.23 < sum(age >= 65 for age in ages) / len(ages) < 0.30
    assert max(ages) < 106


def test_names_and_places_are_of_the_invented_words(residents: list[Resident]) -> None:
    """Every name and every town comes from the lists of invented words."""
    family_names, given_names = dict(names.FAMILY_NAMES), dict(names.GIVEN_NAMES)
    for one in residents:
        assert one.kana == f"{family_names[one.family_name]} {given_names[one.given_name]}"
    towns = tuple(town for town, _ in names.TOWNS)
    assert all(household.address.startswith(towns) for household in People(PLAN).households())
    assert all(
        "見本市" in one.previous_address or one.previous_address.startswith("架空市")
        for one in residents
        if one.previous_address
    )


def test_rows_need_no_escaping() -> None:
    """No invented word holds what COPY would take for a separator."""
    words = [*names.FAMILY_NAMES, *names.GIVEN_NAMES, *names.TOWNS, names.OTHER_MUNICIPALITIES]
    assert not set("\t\n\r\\") & set("".join(itertools.chain.from_iterable(words)))


@pytest.mark.parametrize(("population", "households"), [(10, 11), (100, 10), (0, 0)])
def test_impossible_towns_are_refused(population: int, households: int) -> None:
    """Fewer people than households, or more than fit, is an error that says so."""
    with pytest.raises(PeopleError, match="do not fit"):
        People(Plan("架空市", population, households, 1, AS_OF))
