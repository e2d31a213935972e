"""The generated residents: exact in number, the same for the same seed, and plainly nobody."""

from __future__ import annotations

import itertools

import pytest
from resident_registry import names
from resident_registry.people import REFERENCE_DAY, check_digit, generate


def _town() -> list[tuple[object, list[object]]]:
    return list(generate("架空市", 2400, 1000, 7))


def test_counts_are_exact() -> None:
    """As many residents and households come out as were asked for."""
    town = _town()
    assert len(town) == 1000
    assert sum(len(members) for _, members in town) == 2400


def test_same_seed_same_people() -> None:
    """Two runs with one seed give the same people, another seed gives others."""
    assert _town() == _town()
    assert _town()[:50] != list(itertools.islice(generate("架空市", 2400, 1000, 8), 50))


def test_no_individual_number_is_valid() -> None:
    """Every individual number fails its check digit, so it can be no real person's."""
    for _, members in _town():
        for member in members:
            assert int(member.number[-1]) != check_digit(member.number[:11])


def test_check_digit_follows_the_ordinance() -> None:
    """Weights 2 to 7 from the right, modulus 11: checked by hand for two numbers."""
    assert check_digit("12345678901") == 8
    assert check_digit("00000000000") == 0


def test_codes_and_numbers_are_unique() -> None:
    """No two residents share a code or a number."""
    members = [member for _, members in _town() for member in members]
    assert len({member.code for member in members}) == len({member.number for member in members}) == len(members)


def test_every_household_has_one_head_first() -> None:
    """The first member is the head, an adult, and the only one."""
    for _, members in _town():
        assert [member.relation for member in members].count("世帯主") == 1
        assert members[0].relation == "世帯主"
        assert (REFERENCE_DAY - members[0].birth_date).days >= 18 * 365


def test_nobody_lives_here_before_being_born() -> None:
    """No date of residence lies before the birth or after the reference day."""
    for _, members in _town():
        for member in members:
            assert member.birth_date <= member.resident_since <= REFERENCE_DAY


def test_names_are_of_the_invented_words() -> None:
    """Every surname starts with a word for a sample."""
    heads = tuple(head for head, _ in names.SURNAME_HEADS)
    assert all(member.family_name.startswith(heads) for _, members in _town() for member in members)


@pytest.mark.parametrize(("population", "households"), [(10, 11), (100, 10)])
def test_impossible_towns_are_refused(population: int, households: int) -> None:
    """Fewer people than households, or more than fit, is an error that says so."""
    with pytest.raises(ValueError, match="do not fit"):
        list(generate("架空市", population, households, 1))
