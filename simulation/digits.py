"""Numbers to so many significant digits that no two machines differ in them."""

from __future__ import annotations

MOST = 12


def written(value: float, digits: int = MOST) -> str:
    """Return a number as text without needless zeros: `1.5`, `300`."""
    return f"{value:.{digits}g}"


def tidy(value: float, digits: int = MOST) -> float:
    """Return a number to so many significant digits."""
    return float(written(value, digits))
