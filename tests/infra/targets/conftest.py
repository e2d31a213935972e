"""Labs of the tests' own: empty, or a router and a terminal on a circuit; swept before and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_parts import EMPTY_PREFIX, PAIR, PREFIX, ROOT, circuit, silent, sweep_dead_runs, swept

from infra.targets.lab.target import LabTarget


@pytest.fixture(scope="session")
def clone_root() -> Path:
    """The clone that holds the tests' labs; what killed test runs left is swept first."""
    sweep_dead_runs()
    return ROOT


@pytest.fixture
def empty_lab(clone_root: Path) -> Iterator[LabTarget]:
    """An empty lab, swept when the test has ended."""
    yield LabTarget(clone_root, prefix=EMPTY_PREFIX)
    swept(EMPTY_PREFIX)


@pytest.fixture(scope="module")
def pair(clone_root: Path) -> Iterator[LabTarget]:
    """A router and a terminal at the two ends of a circuit, for tests that put back what they change."""
    target = LabTarget(clone_root, prefix=PREFIX)
    target.ensure_segment(circuit(), silent)
    for spec in PAIR:
        target.ensure_node(spec, silent)
    yield target
    swept(PREFIX)
