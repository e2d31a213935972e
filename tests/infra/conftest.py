"""What the tests of the provider and the program share: the deck's estate, its plan, a place that is only a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_place import MemoryPlace

from infra.plan import Plan, make_plan
from infra.provider.handler import Call
from infra.provider.place import Place, Settings
from infra.provider.progress import EngineLog, Steps
from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network


@pytest.fixture(scope="session")
def deck() -> Estate:
    """The deck's estate as it is in the repository."""
    return load_estate("fuji-fujinomiya")


@pytest.fixture(scope="session")
def deck_plan(deck: Estate) -> Plan:
    """What stands when the deck's estate stands."""
    return make_plan(deck, build_network(deck))


@pytest.fixture
def memory(tmp_path: Path) -> MemoryPlace:
    """An empty place."""
    return MemoryPlace(tmp_path / "place")


@pytest.fixture
def place(memory: MemoryPlace, tmp_path: Path) -> Place:
    """The provider's view of it, in a clone of its own."""
    made = Place(Settings(target="memory"), root=tmp_path)
    made._target = memory
    return made


class Spoken(EngineLog):
    """Keeps what would be shown; `lines` are `(passing, text)`."""

    def __init__(self) -> None:
        super().__init__(None)
        self.lines: list[tuple[bool, str]] = []

    def say(self, urn: str, text: str, *, passing: bool) -> None:
        """Keep a line."""
        del urn
        self.lines.append((passing, text))


@pytest.fixture
def spoken() -> Spoken:
    """What people would see."""
    return Spoken()


@pytest.fixture
def call(place: Place, spoken: Spoken) -> Call:
    """One operation on the place."""
    import threading

    return Call(place, Steps(spoken, "urn:pulumi:s::p::t::n", threading.Event()))
