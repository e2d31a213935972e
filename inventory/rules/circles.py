"""Finds what waits for itself; shared by the rules on jobs and on the programme."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter


def circle(before: Mapping[str, set[str]]) -> set[str]:
    """Return the members of one circle among things and what comes before each; none where there is no circle."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return set(error.args[1])
    return set()
