"""The chain keeps every record, whatever is killed when and whoever else writes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import stat
from pathlib import Path
from typing import Self

import pytest

from evidence.chain import FIRST, append, read
from evidence.errors import EvidenceDamaged, EvidenceNotWritable
from evidence.verify import verify


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty place for evidence."""
    return tmp_path / "evidence"


def _append_many(folder: Path, who: int, count: int) -> None:
    for number in range(count):
        append(folder, "gate", {"who": who, "number": number})


def test_records_follow_each_other(folder: Path) -> None:
    """Each record names the digest of the one before, the first names zeros."""
    first, second = append(folder, "gate", {"値": 1.5}), append(folder, "drill-part", {"b": None})
    assert first.previous == FIRST
    assert second.previous == first.digest
    assert read(folder).records == (first, second)
    assert verify(folder)["holds"]


def test_reading_nothing_is_an_empty_chain_and_writes_nothing(folder: Path) -> None:
    """A clone without evidence has an empty chain, and looking at it leaves no trace."""
    assert read(folder).records == ()
    assert not folder.exists()


def test_processes_append_one_after_the_other(folder: Path) -> None:
    """Six processes that append at once lose nothing and break no link."""
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append_many, args=(folder, who, 15)) for who in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 6
    found = [(record.payload["who"], record.payload["number"]) for record in read(folder).records]
    assert sorted(found) == [(who, number) for who in range(6) for number in range(15)]
    assert verify(folder)["holds"]


def test_files_are_private(folder: Path) -> None:
    """Nobody but the owner can read the key or the records."""
    append(folder, "gate", {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.5, 0.9, 0.98])
def test_torn_line_is_owned_up_to(folder: Path, kept: float) -> None:
    """A line cut at any byte is followed by a record that names it, and the chain still holds."""
    append(folder, "gate", {"n": 1})
    before = _snapshot(folder)
    append(folder, "gate", {"n": 2, "名": "二"})
    log = folder / "records.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    cut = lines[0] + lines[1][: int(len(lines[1]) * kept)]
    _restore(folder, before)
    log.write_bytes(cut)
    assert len(read(folder).records) == 1
    assert verify(folder)["holds"]
    append(folder, "gate", {"n": 3})
    kinds = [record.kind for record in read(folder).records]
    assert kinds == (["gate", "gate"] if cut == lines[0] else ["gate", "recovered", "gate"])
    result = verify(folder)
    assert result["holds"] and bool(result["notes"]) == (cut != lines[0])
    assert log.read_bytes().startswith(cut)


def test_record_whose_signing_was_interrupted_is_kept(folder: Path) -> None:
    """A crash after the line and before the head loses nothing: the pending head proves who wrote the line."""
    append(folder, "gate", {"n": 1})
    before = (folder / "head.json").read_bytes()
    append(folder, "gate", {"n": 2})
    (folder / "head.json").replace(folder / "head.pending.json")
    (folder / "head.json").write_bytes(before)
    log = folder / "records.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    assert verify(folder)["holds"]
    append(folder, "gate", {"n": 3})
    assert [record.payload["n"] for record in read(folder).records] == [1, 2, 3]
    assert verify(folder)["holds"]


@pytest.mark.parametrize("moment", range(8))
def test_killed_at_any_system_call_the_chain_goes_on(folder: Path, moment: int) -> None:
    """A process killed at any of its writes, syncs and renames leaves a chain that holds and can be continued."""
    append(folder, "gate", {"n": 1})
    child = multiprocessing.get_context("fork").Process(target=_append_and_die, args=(folder, moment))
    child.start()
    child.join()
    assert verify(folder)["holds"]
    append(folder, "gate", {"n": 3})
    kept = [record.payload["n"] for record in read(folder).records if record.kind == "gate"]
    assert kept in ([1, 3], [1, 2, 3])
    assert verify(folder)["holds"]


def _append_and_die(folder: Path, moment: int) -> None:
    """Append, but end without a word at the `moment`-th sync or rename."""
    calls = 0
    real_sync, real_replace = os.fsync, Path.replace

    def counted() -> None:
        nonlocal calls
        if calls == moment:
            os._exit(9)
        calls += 1

    def sync(descriptor: int) -> None:
        counted()
        real_sync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        counted()
        return real_replace(path, target)

    os.fsync, Path.replace = sync, replace  # type: ignore[assignment, method-assign]
    append(folder, "gate", {"n": 2})
    os._exit(0)


def test_line_written_by_others_stops_every_append(folder: Path) -> None:
    """A well-formed record that the key's holder never signed is refused, never signed afterwards."""
    append(folder, "gate", {"n": 1})
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    append(other, "gate", {"n": "forged"})
    shutil.copy(other / "records.jsonl", folder / "records.jsonl")
    with pytest.raises(EvidenceDamaged, match="the signed head is record 1"):
        append(folder, "gate", {"n": 2})
    assert not verify(folder)["holds"]


def test_cut_chain_stops_every_append(folder: Path) -> None:
    """A chain whose last record was taken away is refused."""
    append(folder, "gate", {"n": 1})
    append(folder, "gate", {"n": 2})
    log = folder / "records.jsonl"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(EvidenceDamaged):
        append(folder, "gate", {"n": 3})


def test_lost_key_is_not_replaced_in_silence(folder: Path) -> None:
    """A key that is gone is reported; a new one would make older signatures worthless."""
    append(folder, "gate", {})
    (folder / "signing-key.pem").unlink()
    with pytest.raises(EvidenceDamaged, match=r"signing-key\.pem is gone"):
        append(folder, "gate", {})


def test_payload_that_is_no_json_writes_nothing(folder: Path) -> None:
    """NaN has no place in a record, and the attempt leaves the chain as it was."""
    append(folder, "gate", {})
    with pytest.raises(ValueError, match="JSON"):
        append(folder, "gate", {"outage_s": float("nan")})
    assert len(read(folder).records) == 1


def test_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder that cannot be made gives one line with the reason."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceNotWritable, match="cannot be written: Not a directory"):
        append(tmp_path / "file" / "evidence", "gate", {})


def test_full_disk_leaves_a_chain_that_can_be_continued(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up half-way through a line is reported, and the torn line is owned up to later."""
    append(folder, "gate", {"n": 1})
    real = os.fdopen

    class Full:
        """A stream that takes half of what it is given."""

        def __init__(self, descriptor: int) -> None:
            self.stream = real(descriptor, "wb")

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.stream.close()

        def write(self, content: bytes) -> None:
            self.stream.write(content[: len(content) // 2])
            self.stream.flush()
            raise OSError(28, "No space left on device")

    def opened(descriptor: int, mode: str) -> object:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        return Full(descriptor) if name == "records.jsonl" else real(descriptor, mode)

    monkeypatch.setattr(os, "fdopen", opened)
    with pytest.raises(EvidenceNotWritable, match="No space left on device"):
        append(folder, "gate", {"n": 2})
    monkeypatch.undo()
    append(folder, "gate", {"n": 3})
    assert [record.kind for record in read(folder).records] == ["gate", "recovered", "gate"]
    assert verify(folder)["holds"]


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _restore(folder: Path, snapshot: dict[str, bytes]) -> None:
    for path in folder.iterdir():
        path.unlink()
    for name, content in snapshot.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)


def test_spelling_is_fixed(folder: Path) -> None:
    """The line in the file is the canonical spelling, so that any JSON reader computes the same digest."""
    append(folder, "gate", {"b": 0.1, "a": "富士"})
    line = (folder / "records.jsonl").read_text(encoding="utf-8").rstrip("\n")
    fields = json.loads(line)
    assert line == json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
