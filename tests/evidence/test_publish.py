"""A copy for others verifies by itself, holds no private key, and is not laid over somebody else's evidence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from evidence.chain import append, read
from evidence.errors import EvidenceDamaged, EvidenceNotWritable, OtherEvidence
from evidence.publish import publish
from evidence.verify import verify


def _evidence(folder: Path, count: int = 2) -> Path:
    for number in range(count):
        append(folder, "gate", {"number": number})
    return folder


def test_copy_verifies_and_leaves_the_private_key_behind(tmp_path: Path) -> None:
    """The copy holds three files, readable by all, and the same chain signed by the same key."""
    folder, copy = _evidence(tmp_path / "own"), tmp_path / "out" / "copy"
    chain = publish(folder, copy)
    assert sorted(path.name for path in copy.iterdir()) == ["head.json", "public-key.pem", "records.jsonl"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in copy.iterdir()} == {0o644}
    assert read(copy) == chain == read(folder)
    assert verify(copy) == verify(folder)


def test_earlier_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    """A copy of fewer records is a copy of this chain still."""
    folder, copy = _evidence(tmp_path / "own"), tmp_path / "copy"
    publish(folder, copy)
    append(folder, "gate", {"number": 2})
    publish(folder, copy)
    assert len(read(copy).records) == 3
    assert verify(copy)["holds"]


def test_other_evidence_is_replaced_only_where_asked(tmp_path: Path) -> None:
    """Another clone's copy stays as it is; with `replace` it goes, key and all."""
    copy = tmp_path / "copy"
    theirs = publish(_evidence(tmp_path / "theirs", 3), copy)
    own = _evidence(tmp_path / "own")
    with pytest.raises(OtherEvidence, match=theirs.head[:16]):
        publish(own, copy)
    assert read(copy) == theirs
    publish(own, copy, replace=True)
    assert verify(copy)["key"] == verify(own)["key"]


def test_interrupted_append_is_finished_before_copying(tmp_path: Path) -> None:
    """A record whose head was still pending when its writer was killed is signed in the copy."""
    folder, copy = _evidence(tmp_path / "own"), tmp_path / "copy"
    (folder / "head.json").rename(folder / "head.pending.json")
    publish(folder, copy)
    assert verify(copy)["notes"] == []
    assert verify(copy)["holds"]


def test_damaged_evidence_is_not_handed_over(tmp_path: Path) -> None:
    """What was edited is refused, and the copy that was there stays."""
    folder, copy = _evidence(tmp_path / "own"), tmp_path / "copy"
    before = publish(folder, copy)
    records = folder / "records.jsonl"
    records.write_bytes(records.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(EvidenceDamaged):
        publish(folder, copy)
    assert read(copy) == before


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be gives one line."""
    (tmp_path / "copy").write_text("")
    with pytest.raises(EvidenceNotWritable, match="copy"):
        publish(_evidence(tmp_path / "own"), tmp_path / "copy" / "deeper")
