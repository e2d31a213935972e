"""The links that transfers share: names and capacities. Says what is wrong with a route before anything runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

from simulation.errors import MechanismInvalid


class Links:
    """Links by name with their capacity (bit/s, one direction; the other direction is a link of its own)."""

    def __init__(self, capacities_bps: Mapping[str, float]) -> None:
        """Number the links in the order given; raises MechanismInvalid for a capacity that is none."""
        problems = [
            f"link `{name}`: a capacity of {rate_bps} bit/s, expected 0 or more, and finite"
            for name, rate_bps in capacities_bps.items()
            if not (rate_bps >= 0 and math.isfinite(rate_bps))
        ]
        if problems:
            raise MechanismInvalid(problems)
        self.names = tuple(capacities_bps)
        self.capacities_bps = [float(rate_bps) for rate_bps in capacities_bps.values()]
        self._number = {name: index for index, name in enumerate(self.names)}

    def number(self, name: str) -> int:
        """Return the number of a link; raises MechanismInvalid where there is none of that name."""
        if name not in self._number:
            raise MechanismInvalid([f"link `{name}` is not known, expected one of: {', '.join(self.names)}"])
        return self._number[name]

    def route(self, names: Sequence[str]) -> tuple[int, ...]:
        """Return the numbers of a route's links; raises MechanismInvalid for none at all, twice the same or unknown."""
        numbers = tuple(map(self._number.get, names))
        if numbers and None not in numbers and len(set(numbers)) == len(numbers):
            return cast(tuple[int, ...], numbers)
        if not names:
            raise MechanismInvalid(["a transfer crosses no link, expected a route with at least one"])
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise MechanismInvalid([f"a route crosses `{name}` twice, expected once" for name in twice])
        return tuple(map(self.number, names))
