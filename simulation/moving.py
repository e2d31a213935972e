"""How far a stated value may be off, by its trust, and what it then says: `4 h` of trust L may be `2 h` or `8 h`.

The factors are this project's convention, not statistics: H is taken as it is, M may be off by a quarter, L by half or
twice. A share stays a share. What has no size (a name, a time of day, a choice) is not moved.
"""

from __future__ import annotations

from typing import Any

from simulation.sizes import size_of

AT_MOST = 20
"""So many values are moved where nobody says otherwise: some seconds of work."""
FACTORS = {"M": (0.8, 1.25), "L": (0.5, 2.0)}


def moved(value: Any, trust: str) -> tuple[str, str] | None:
    """Return the value a good deal less and more, as an override says it; None where it is certain or has no size."""
    factors, size = FACTORS.get(trust), size_of(value)
    if factors is None or size is None or size.number == 0:
        return None
    ends = [size.times(factor) for factor in factors]
    if isinstance(value, float) and value <= 1:
        ends = [end._replace(number=min(end.number, 1.0)) for end in ends]
    return str(ends[0]), str(ends[1])
