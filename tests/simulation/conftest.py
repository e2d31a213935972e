"""The estates that the simulation is tested with: the deck's, and a small invented one that shares nothing with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.control_plane.layout import Layout, compile_layout
from simulation.scenario import Fault, Scenario
from simulation.warm import warm

SMALL = Path(__file__).parent.parent / "inventory" / "good"
MakeScenario = Callable[..., Scenario]


@pytest.fixture(scope="session")
def deck() -> Estate:
    """The deck's estate as it stands, whatever estate the run is about."""
    return load_estate("fuji-fujinomiya")


@pytest.fixture(scope="session")
def villages() -> Estate:
    """The invented estate of three villages that comes with the project."""
    return load_estate("tri-villages")


@pytest.fixture(scope="session")
def small() -> Estate:
    """The small invented estate."""
    return load_estate(str(SMALL))


@pytest.fixture(scope="session")
def deck_layout(deck: Estate) -> Layout:
    """The deck's estate compiled."""
    return compile_layout(deck)


@pytest.fixture(scope="session")
def small_layout(small: Estate) -> Layout:
    """The small estate compiled."""
    return compile_layout(small)


@pytest.fixture(scope="session")
def scenario() -> MakeScenario:
    """Make a scenario from faults as (at, kind, target, repair after or None)."""

    def make(
        *faults: tuple[float, str, str, float | None], horizon_s: float = 60.0, judge: str = "switch-over"
    ) -> Scenario:
        made = tuple(
            Fault.model_construct(at_s=at_s, kind=kind, target=target, repair_after_s=repair_after_s)
            for at_s, kind, target, repair_after_s in faults
        )
        return Scenario.model_construct(
            name="made", title="made", title_ja="試験", horizon_s=horizon_s, judge=judge, faults=made
        )

    return make


@pytest.fixture(scope="session", autouse=True)
def _warm_kernels() -> None:
    """Compile the kernels before tests that have a deadline for each example call them."""
    warm()
