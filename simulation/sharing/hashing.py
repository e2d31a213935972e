"""Which of several parallel circuits a flow takes: by its own hash, as routers spread flows, not bytes.

Every flow has a fixed number in [0, 1); n circuits that work share the range evenly, so a flow stays where it is until
the set of circuits changes (Linux `fib_multipath_hash_policy=1`, RFC 2992 calls it hash-threshold). One large
transfer thus never has more than one circuit, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from simulation.errors import MechanismInvalid

Circuit = TypeVar("Circuit")


def chosen(number: float, working: Sequence[Circuit]) -> Circuit | None:
    """Return the circuit of a flow with this number in [0, 1), or None where no circuit works."""
    if not 0 <= number < 1:
        raise MechanismInvalid([f"a flow's number is {number}, expected 0 or more and below 1"])
    return working[int(number * len(working))] if working else None


def chance_all_on_one(flows: int, circuits: int) -> float:
    """Return the chance that so many flows all hash onto the same circuit: circuits^(1 - flows)."""
    if flows < 1 or circuits < 1:
        raise MechanismInvalid([f"{flows} flows over {circuits} circuits, expected at least one of each"])
    return float(circuits) ** (1 - flows)
