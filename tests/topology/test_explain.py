"""Entries are found by path or id, and what refers to what is found in both directions."""

from __future__ import annotations

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.explain import NothingOfThatNameError, entries, entries_for, explain_entry, find_entry


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return the deck's estate."""
    return load_estate("fuji-fujinomiya")


def test_entry_of_a_section_goes_before_what_is_deeper(estate: Estate) -> None:
    """A circuit and the cost line named after it: the id alone is the circuit, the path is either."""
    assert find_entry(estate, "fuji-wan-1") == "circuits.fuji-wan-1"
    assert find_entry(estate, "economics.lines.fuji-wan-1") == "economics.lines.fuji-wan-1"


def test_name_of_two_entries_and_of_none_is_told(estate: Estate) -> None:
    """`residents` is a group of systems alone; an id of two sections asks for the path; a misspelt one gets a hint."""
    ids = [path.rpartition(".")[2] for path in entries(estate) if path.count(".") == 1]
    twice = next(name for name in ids if ids.count(name) > 1)
    with pytest.raises(NothingOfThatNameError, match="give the path"):
        find_entry(estate, twice)
    with pytest.raises(NothingOfThatNameError, match="nearest `dc-rt-"):
        find_entry(estate, "dc-rt-11")


def test_references_are_seen_from_both_ends(estate: Estate) -> None:
    """What a group of systems refers to is referred to by it."""
    group = explain_entry(estate, "system_groups.taxes")
    assert {one.path for one in group.refers_to} == {
        "introduction_units.residents-tax-insurance",
        "patterns.joint-build",
        "parties.vendors",
        "parties.integrator",
        "contracts.comprehensive",
    }
    pattern = explain_entry(estate, "patterns.joint-build")
    assert "system_groups.taxes" in {one.path for one in pattern.referred_by}
    assert pattern.readings == ("pattern-columns",)


def test_every_requirement_leads_to_entries_with_their_places(estate: Estate) -> None:
    """No row is empty, and every entry stands in a file at a line."""
    for row in estate.records.requirements:
        found = entries_for(estate, row)
        assert found
        assert all(one.file.endswith(".yaml") and one.line > 0 for one in found)
