"""The chain: one JSON record a line, each naming the digest of the one before; only ever appended to.

An append takes the lock, writes the signed head that will be (`head.pending.json`), then the line, then makes the
pending head the head; so after a crash at any byte it is known which line the key's holder meant to write. A line torn
by a crash stays where it is; the next append first adds a `recovered` record that names its digest.
Leaves checking by others to `evidence/verify.py`, which shares no code with this module.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.canonical import canonical, digest
from evidence.errors import EvidenceDamaged, EvidenceNotWritable
from evidence.signing import signing_key, sync_folder, write_synced

RECORDS = "records.jsonl"
HEAD = "head.json"
PENDING = "head.pending.json"
FIRST = "0" * 64


@dataclasses.dataclass(frozen=True)
class Record:
    """One entry: `previous` is the digest of the entry before, `digest` is over all other fields."""

    seq: int
    time: str
    kind: str
    payload: dict[str, Any]
    previous: str
    digest: str

    def document(self) -> dict[str, Any]:
        """Return the record as it stands in the file."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class TornLine:
    """A line that a crash left incomplete: its number in the file, size and SHA-256."""

    line: int
    size: int
    sha256: str


@dataclasses.dataclass(frozen=True)
class Chain:
    """What the folder holds: the records, and torn lines that no `recovered` record names yet."""

    records: tuple[Record, ...]
    torn: tuple[TornLine, ...] = ()

    @property
    def head(self) -> str:
        """The digest of the last record."""
        return self.records[-1].digest if self.records else FIRST


def append(folder: Path | str, kind: str, payload: dict[str, Any]) -> Record:
    """Append a record and return it once it is on the disk.

    Raises EvidenceDamaged where the chain does not fit together, EvidenceNotWritable where the disk refuses,
    ValueError where the payload is not JSON.
    """
    canonical(payload)
    folder = Path(folder)
    try:
        with settled(folder) as (chain, tail):
            if not chain.torn:
                return _write(folder, chain, kind, payload, tail)
            lost = {"torn": [dataclasses.asdict(line) for line in chain.torn]}
            recovered = _write(folder, chain, "recovered", lost, tail)
            return _write(folder, Chain((*chain.records, recovered)), kind, payload, b"")
    except OSError as error:
        raise EvidenceNotWritable(f"the evidence in {folder} cannot be written: {error.strerror or error}") from error


def read(folder: Path | str) -> Chain:
    """Return what the folder holds without changing it; an absent folder holds nothing.

    Raises EvidenceDamaged where a line is neither a record in its place nor torn by a crash.
    """
    path = Path(folder) / RECORDS
    if not path.exists():
        return Chain(())
    return _parse(path.read_bytes(), path)[0]


def _parse(content: bytes, path: Path) -> tuple[Chain, bool]:
    """Return the chain of a file's content, and whether its last line lacks its end."""
    records: list[Record] = []
    torn: list[TornLine] = []
    lines = content.split(b"\n")
    open_end = lines[-1] != b""
    for number, line in enumerate(lines if open_end else lines[:-1], 1):
        record = _record(line)
        if record is None:
            torn.append(TornLine(number, len(line), hashlib.sha256(line).hexdigest()))
            continue
        head = records[-1].digest if records else FIRST
        if record.seq != len(records) + 1 or record.previous != head:
            raise EvidenceDamaged(f"{path}:{number}: record {record.seq} does not follow record {len(records)}")
        if torn:
            named = [TornLine(**item) for item in record.payload.get("torn", [])] if record.kind == "recovered" else []
            if named != torn:
                raise EvidenceDamaged(f"{path}:{torn[0].line}: the line is not a record and no recovery names it")
            torn = []
        records.append(record)
    return Chain(tuple(records), tuple(torn)), open_end


def _record(line: bytes) -> Record | None:
    """Return the record of a line whose own digest is right and that is in its one spelling, else None."""
    try:
        fields = json.loads(line)
        record = Record(**fields)
        spelled = canonical(fields) == line
        fields.pop("digest")
        return record if spelled and digest(fields) == record.digest else None
    except (ValueError, TypeError, AttributeError):
        return None


def _mend(folder: Path) -> tuple[Chain, bytes]:
    """Finish or forget what a crash interrupted; return the chain and what must precede the next line."""
    path = folder / RECORDS
    chain, open_end = _parse(path.read_bytes(), path) if path.exists() else (Chain(()), False)
    pending, head = _head(folder / PENDING), _head(folder / HEAD)
    if pending and pending["digest"] == chain.head:
        (folder / PENDING).replace(folder / HEAD)
        sync_folder(folder)
        head = pending
    if (head["digest"] if head else FIRST) != chain.head:
        signed = head["seq"] if head else 0
        raise EvidenceDamaged(
            f"{path}: {len(chain.records)} records, but the signed head is record {signed}: "
            "something else wrote to or cut the file; restore it from a backup"
        )
    return chain, b"\n" if open_end else b""


def _head(path: Path) -> dict[str, Any] | None:
    """Return a signed head, None where there is none."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise EvidenceDamaged(f"{path} is not JSON; restore it from a backup") from error
    if not isinstance(document, dict) or not isinstance(document.get("digest"), str):
        raise EvidenceDamaged(f"{path} has no digest; restore it from a backup")
    return document


def _write(folder: Path, chain: Chain, kind: str, payload: dict[str, Any], before: bytes) -> Record:
    """Sign, append and sync one record."""
    time = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    body: dict[str, Any] = {
        "seq": len(chain.records) + 1, "time": time, "kind": kind, "payload": payload, "previous": chain.head,
    }  # fmt: skip
    record = Record(**body, digest=digest(body))
    signed = {"seq": record.seq, "time": time, "digest": record.digest}
    signature = signing_key(folder).sign(canonical(signed)).hex()
    write_synced(folder / PENDING, canonical({**signed, "signature": signature}) + b"\n")
    descriptor = os.open(folder / RECORDS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(before + canonical(record.document()) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    (folder / PENDING).replace(folder / HEAD)
    sync_folder(folder)
    return record


@contextlib.contextmanager
def settled(folder: Path) -> Iterator[tuple[Chain, bytes]]:
    """Hold the folder against every other process, with an interrupted append finished or forgotten.

    Yields the chain and what must precede the next line. A dead holder's lock is free at once. Raises EvidenceDamaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield _mend(folder)
    finally:
        os.close(descriptor)
