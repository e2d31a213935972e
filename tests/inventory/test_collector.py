"""The collector is paused for a while and then as it was."""

from __future__ import annotations

import gc

import pytest

from inventory.collector import collector_paused


@pytest.fixture(autouse=True)
def _collector() -> object:
    """Leave the collector on, whatever a test does."""
    yield
    gc.enable()


def test_collector_rests_inside_and_runs_again_afterwards() -> None:
    """Also where what is inside fails."""
    seen = []

    @collector_paused()
    def fails() -> None:
        seen.append(gc.isenabled())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert seen == [False]
    assert gc.isenabled()


def test_collector_that_was_off_stays_off() -> None:
    """Who has turned it off finds it off."""
    gc.disable()
    with collector_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
