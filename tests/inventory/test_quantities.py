"""Quantities: text with a unit to base units and back, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.quantities import (
    DURATION_UNITS,
    RATE_UNITS,
    SIZE_UNITS,
    parse_clock,
    parse_duration,
    parse_rate,
    parse_size,
    show_duration,
    show_rate,
)


@pytest.mark.parametrize(
    ("text", "rate_bps"), [("1 Gbps", 1e9), ("300Mbps", 3e8), ("0.5 kbps", 500.0), (" 64 kbps ", 64e3), ("1 bps", 1.0)]
)
def test_rate_is_read_in_bits_per_second(text: str, rate_bps: float) -> None:
    """A rate counts decimal prefixes, as circuits are sold."""
    assert parse_rate(text) == rate_bps


@pytest.mark.parametrize(
    ("text", "duration_s"), [("300 ms", 0.3), ("40000 h", 1.44e8), ("2 min", 120.0), ("1 d", 86400.0), ("0 s", 0.0)]
)
def test_duration_is_read_in_seconds(text: str, duration_s: float) -> None:
    """A duration may be zero, and a day has 24 hours."""
    assert parse_duration(text) == pytest.approx(duration_s)


def test_size_tells_decimal_from_binary_prefixes() -> None:
    """GB and GiB are different sizes."""
    assert parse_size("1 GB") == 1e9
    assert parse_size("1 GiB") == 2**30


@pytest.mark.parametrize(
    "text", ["1 gbps", "Gbps", "1,5 Gbps", "1 Gbps extra", "1e3 bps", "", 5, None, True, ["1 Gbps"]]
)
def test_what_is_no_rate_is_refused_with_the_units(text: object) -> None:
    """The refusal names the units that exist."""
    with pytest.raises(ValueError, match=r"a rate with a unit \(bps, kbps, Mbps, Gbps\)"):
        parse_rate(text)


@pytest.mark.parametrize("text", ["-1 Gbps", "0 bps"])
def test_rate_is_above_zero(text: str) -> None:
    """No circuit carries nothing or less."""
    with pytest.raises(ValueError, match=r"negative|zero"):
        parse_rate(text)


def test_clock_is_read_in_seconds_after_midnight() -> None:
    """Twenty-four hours, two digits each."""
    assert parse_clock("08:30") == 30600.0
    for text in ("8:30", "24:00", "12:60", 830):
        with pytest.raises(ValueError, match="not a time of day"):
            parse_clock(text)


@given(st.integers(1, 10**6), st.sampled_from(sorted(RATE_UNITS)))
def test_shown_rate_reads_back(number: int, unit: str) -> None:
    """What is shown is what was read, to three decimals of the largest unit."""
    rate_bps = parse_rate(f"{number} {unit}")
    assert parse_rate(show_rate(rate_bps)) == pytest.approx(rate_bps, rel=1e-3)


@given(st.integers(0, 10**6), st.sampled_from(sorted(DURATION_UNITS)))
def test_duration_scales_with_its_unit(number: int, unit: str) -> None:
    """A duration is its number times its unit."""
    assert parse_duration(f"{number} {unit}") == pytest.approx(number * DURATION_UNITS[unit])


@given(st.integers(0, 10**6), st.sampled_from(sorted(SIZE_UNITS)))
def test_size_scales_with_its_unit(number: int, unit: str) -> None:
    """A size is its number times its unit."""
    assert parse_size(f"{number} {unit}") == number * SIZE_UNITS[unit]


@pytest.mark.parametrize(
    ("duration_s", "text"), [(0.0, "0 s"), (0.3, "300 ms"), (1.0, "1 s"), (2.345, "2.35 s"), (40, "40 s")]
)
def test_duration_is_shown_without_needless_digits(duration_s: float, text: str) -> None:
    """Milliseconds below a second, else seconds."""
    assert show_duration(duration_s) == text
