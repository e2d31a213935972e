"""Records are spelled as the files have them: what is spelled reads back as the same record."""

from __future__ import annotations

from typing import Any

import pytest
from design_sections import SECTIONS
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from inventory.load import estate_names, load_estate
from inventory.quantities import parse_duration, parse_rate, parse_size
from inventory.spelling import spell_duration, spell_rate, spell_size, spelled


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("name", estate_names())
def test_every_record_that_lists_keep_reads_back(name: str) -> None:
    """Units, days, times of day, aliases and defaults of the records survive."""
    records = load_estate(name).records
    sections = (
        "cities", "sites", "circuits", "circuit_groups", "segments", "devices", "hardware", "racks", "rooms",
        "power_sources", "power_feeds", "cooling_units", "providers", "zones", "parties", "contracts",
        "jobs", "backups", "services", "flows", "patterns", "introduction_units", "system_groups", "functions",
        "lifecycles", *SECTIONS,
    )  # fmt: skip
    found: list[BaseModel] = [one for section in sections for one in getattr(records, section).values()]
    found += [*records.addressing.pools.values(), *records.encryption.tunnel_profiles.values(), records.estate]
    assert found
    for record in found:
        assert type(record).model_validate(_frozen(spelled(record))) == record


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0, max_value=10**7))
def test_any_quantity_reads_back(whole: int, micros: int) -> None:
    """Whatever number of bits, bytes or microseconds."""
    assert parse_rate(spell_rate(float(whole))) == whole
    assert parse_size(spell_size(float(whole))) == whole
    assert parse_duration(spell_duration(micros / 1e6)) == pytest.approx(micros / 1e6, abs=1e-12)
