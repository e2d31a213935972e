"""Which documents a change touches: those that show what changed, and none else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.documents.changes import changed_documents

DECK = Path(__file__).parents[3] / "inventory" / "estates" / "fuji-fujinomiya"


@pytest.fixture(scope="module")
def deck() -> Estate:
    """Return the deck's estate."""
    return load_estate("fuji-fujinomiya")


def test_nothing_changed_touches_nothing(deck: Estate) -> None:
    """An estate beside itself has no changed document."""
    assert changed_documents(deck, load_estate("fuji-fujinomiya")) == ()


def test_lines_that_move_touch_nothing(deck: Estate, tmp_path: Path) -> None:
    """A comment above moves every place in the file; the documents say the same."""
    shutil.copytree(DECK, tmp_path / "estate")
    for file in (tmp_path / "estate").glob("*.yaml"):
        if file.name != "addresses.lock.yaml":
            file.write_text("# moved\n# down\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert changed_documents(deck, load_estate(str(tmp_path / "estate"))) == ()


def test_changed_value_touches_what_shows_it(deck: Estate) -> None:
    """A timer stands in the parameter sheets, and in no list of circuits, racks or jobs."""
    after = load_estate("fuji-fujinomiya", {"timers.ospf.retransmit": "6 s"})
    changed = {change.name: change for change in changed_documents(deck, after)}
    assert "parameter-sheets" in changed
    assert not {"circuit-list", "rack-elevations", "job-list", "responsibility-matrix"} & set(changed)
    assert "gone" in (changed["parameter-sheets"].after or "")


def test_renamed_rack_touches_its_drawings_and_lists(deck: Estate) -> None:
    """A name on a rack shows in the elevations and in the equipment list, sheet by sheet."""
    after = load_estate("fuji-fujinomiya", {f"racks.{next(iter(deck.records.racks))}.name": "Another name"})
    changed = {change.name: change for change in changed_documents(deck, after)}
    assert {"rack-elevations", "equipment-list"} <= set(changed)
    assert "otherwise: rack-elevations" in (changed["rack-elevations"].after or "")
