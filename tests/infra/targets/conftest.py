"""Labs of the tests' own: empty, or a router and a terminal on a circuit; swept before and after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab_parts import EMPTY_PREFIX, PAIR, PREFIX, ROOT, circuit, silent, swept

from infra.targets.lab.target import LabTarget


@pytest.fixture
def empty_lab() -> Iterator[LabTarget]:
    """An empty lab, swept when the test has ended."""
    swept(EMPTY_PREFIX)
    yield LabTarget(ROOT, prefix=EMPTY_PREFIX)
    swept(EMPTY_PREFIX)


@pytest.fixture(scope="module")
def pair() -> Iterator[LabTarget]:
    """A router and a terminal at the two ends of a circuit, for tests that put back what they change."""
    swept(PREFIX)
    target = LabTarget(ROOT, prefix=PREFIX)
    target.ensure_segment(circuit(), silent)
    for spec in PAIR:
        target.ensure_node(spec, silent)
    yield target
    swept(PREFIX)
