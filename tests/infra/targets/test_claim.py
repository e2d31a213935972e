"""One clone holds the lab of a host; the second is told which."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from lab_parts import EMPTY_PREFIX, lan, node, port, silent, swept

from infra.targets.lab.claim import Claim, clone_id
from infra.targets.lab.names import CLONE_LABEL, LAB_LABEL, OWNER_LABEL, RECORD_FOLDER, Names
from infra.targets.lab.sweep import sweep
from infra.targets.lab.target import LabTarget
from infra.targets.target import LabHeldByOther

OWNER_FILE = RECORD_FOLDER / EMPTY_PREFIX / "owner.json"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Another clone on this host."""
    folder = tmp_path / "clone"
    folder.mkdir()
    return folder


def _claimant_has_ended() -> None:
    """Make the record look like that of a process that has ended."""
    OWNER_FILE.write_text(json.dumps({**json.loads(OWNER_FILE.read_text()), "pid": 2**22 + 1}))


@pytest.mark.lab
def test_second_clone_is_told_who_holds_the_lab(empty_lab: LabTarget, clone: Path) -> None:
    """Every change and every look of another clone is refused, naming the holder, its time and what to do."""
    empty_lab.ensure_segment(lan(), silent)
    holder = empty_lab._claim.own.path
    other = LabTarget(clone, prefix=EMPTY_PREFIX)
    for attempt in (
        other.claim,
        lambda: other.ensure_segment(lan(), silent),
        lambda: other.read_segment(lan()),
        lambda: other.cut_segment("lan"),
        other.running,
    ):
        with pytest.raises(LabHeldByOther, match=rf"{holder} since 20\d\d-.*`make down`"):
            attempt()
    with pytest.raises(LabHeldByOther):
        sweep(keep_data=False, progress=silent, names=Names(EMPTY_PREFIX), clone_root=clone)
    assert empty_lab.read_segment(lan()).drift == ()


@pytest.mark.lab
def test_labels_tell_the_holder_where_the_record_is_lost(empty_lab: LabTarget, clone: Path) -> None:
    """With /run emptied the labels on containers still name the clone."""
    empty_lab.ensure_segment(lan(), silent)
    empty_lab.ensure_node(node("n", port("lan", "10.96.0.1/24")), silent)
    shutil.rmtree(OWNER_FILE.parent)
    with pytest.raises(LabHeldByOther, match=empty_lab._claim.own.path):
        LabTarget(clone, prefix=EMPTY_PREFIX).claim()
    empty_lab.claim()


@pytest.mark.lab
def test_claim_of_which_nothing_stands_gives_way(empty_lab: LabTarget, clone: Path) -> None:
    """A claim holds while its process lives or anything stands, and no longer."""
    empty_lab.claim()
    other = LabTarget(clone, prefix=EMPTY_PREFIX)
    with pytest.raises(LabHeldByOther):
        other.claim()
    _claimant_has_ended()
    other.claim()
    assert json.loads(OWNER_FILE.read_text())["path"] == str(clone)
    _claimant_has_ended()


@pytest.mark.lab
def test_data_kept_by_a_clone_that_is_gone_is_taken_over(empty_lab: LabTarget, clone: Path) -> None:
    """Kept volumes hold the lab for a clone that exists, and go to the next where it does not."""
    other = LabTarget(clone, prefix=EMPTY_PREFIX)
    other.ensure_volume("data", silent)
    _claimant_has_ended()
    with pytest.raises(LabHeldByOther):
        empty_lab.claim()
    shutil.rmtree(clone)
    empty_lab.claim()
    assert empty_lab.read_volume("data")


@pytest.mark.lab
def test_what_a_clone_that_is_gone_left_can_be_swept(empty_lab: LabTarget, clone: Path) -> None:
    """The message names the sweep, and the sweep removes it."""
    other = LabTarget(clone, prefix=EMPTY_PREFIX)
    other.ensure_segment(lan(), silent)
    shutil.rmtree(clone)
    with pytest.raises(LabHeldByOther, match=r"infra\.targets\.lab\.sweep --whoever"):
        empty_lab.claim()
    sweep(keep_data=False, progress=silent, names=Names(EMPTY_PREFIX), whoever=True)
    empty_lab.claim()
    assert swept(EMPTY_PREFIX) == []


def test_moved_clone_keeps_its_id_and_a_copied_one_gets_its_own(clone: Path, tmp_path: Path) -> None:
    """The id moves with the clone, never to a copy."""
    id_ = clone_id(clone)
    assert clone_id(clone) == id_
    copy = tmp_path / "copy"
    shutil.copytree(clone, copy)
    assert clone_id(copy) != id_
    moved = tmp_path / "moved"
    clone.rename(moved)
    assert clone_id(moved) == id_
    assert (moved / ".state").stat().st_mode & 0o077 == 0


def test_clone_that_lost_its_id_is_told_so(clone: Path) -> None:
    """Where the holder lies in this very folder the way on is another one than taking it down there."""
    labels = {LAB_LABEL: EMPTY_PREFIX, OWNER_LABEL: "0123456789abcdef", CLONE_LABEL: str(clone.resolve())}
    container = SimpleNamespace(labels=labels)
    podman = SimpleNamespace(containers=lambda: {"n": container}, volumes=dict)
    claim = Claim(Names(EMPTY_PREFIX), podman, clone)
    with pytest.raises(LabHeldByOther, match=r"under an id that is lost: docs/guides/state\.md"):
        claim.look()
