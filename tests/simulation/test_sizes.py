"""Values as written, made larger and smaller, and how far they are moved by their trust."""

from __future__ import annotations

from typing import Any

import pytest

from simulation.moving import moved
from simulation.sizes import size_of


@pytest.mark.parametrize(
    ("value", "factor", "written"),
    [
        ("300 ms", 1.275, "382 ms"),
        ("4 h", 0.5, "2 h"),
        ("1 Gbps", 0.5, "0.5 Gbps"),
        (3, 0.5, "2"),
        (1, 0.1, "1"),
        (0.35, 2.0, "0.7"),
    ],
)
def test_size_is_written_again_as_it_was(value: Any, factor: float, written: str) -> None:
    """Counts stay whole and above zero, large whole numbers whole, and the unit stays."""
    size = size_of(value)
    assert size is not None
    assert str(size.times(factor)) == written


@pytest.mark.parametrize("value", ["08:30", "fuji-wan-1", True, None, ["a"], "", "-3 s", "1.2.3"])
def test_what_is_no_size_is_told(value: Any) -> None:
    """A time of day, a name, a choice and a list have no size."""
    assert size_of(value) is None
    assert moved(value, "L") is None


def test_trust_says_how_far() -> None:
    """L is half and twice, M a quarter, H nothing; a share stays one."""
    assert moved("4 h", "L") == ("2 h", "8 h")
    assert moved("40 s", "M") == ("32 s", "50 s")
    assert moved("4 h", "H") is None
    assert moved(0.6, "L") == ("0.3", "1")
    assert moved(0, "L") is None
