"""Who holds the lab of this host: one clone at a time, known by an id that moves with it.

The owner is written on every container and volume, and for what carries no label (namespaces) into a file under /run.
A claim of which nothing stands any more, and whose process has ended, is stale and gives way.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from infra.targets.lab.names import CLONE_LABEL, LAB_LABEL, OWNER_LABEL, Names
from infra.targets.lab.namespaces import all_names
from infra.targets.lab.podman import Podman
from infra.targets.target import LabHeldByOther, LabNotRunning

_FRESH_S = 5.0


@dataclasses.dataclass(frozen=True)
class Owner:
    """A clone: its id, where it lies, and since when it holds the lab (ISO 8601)."""

    id: str
    path: str
    since: str


def clone_id(clone_root: Path) -> str:
    """Return the id of a clone, made on first use; a moved clone keeps it, a copied one gets its own."""
    clone_root = clone_root.resolve()
    path = clone_root / ".state" / "clone-id"
    try:
        id_, recorded = path.read_text().splitlines()[:2]
    except (FileNotFoundError, ValueError):
        id_, recorded = secrets.token_hex(8), ""
    if recorded == str(clone_root):
        return id_
    if recorded and _id_at(Path(recorded)) == id_:
        id_ = secrets.token_hex(8)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(f"{id_}\n{clone_root}\n")
    partial.replace(path)
    return id_


def _id_at(clone_root: Path) -> str | None:
    with contextlib.suppress(OSError, IndexError):
        return (clone_root / ".state" / "clone-id").read_text().splitlines()[0]
    return None


class Claim:
    """What one clone claims of the lab."""

    def __init__(self, names: Names, podman: Podman, clone_root: Path) -> None:
        self.own = Owner(clone_id(clone_root), str(clone_root.resolve()), "")
        self._names = names
        self._podman = podman
        self._taken = False
        self._looked_at = float("-inf")

    @property
    def labels(self) -> dict[str, str]:
        """The labels of everything that this clone makes."""
        return {LAB_LABEL: self._names.lab, OWNER_LABEL: self.own.id, CLONE_LABEL: self.own.path}

    def take(self) -> None:
        """Take the lab for this clone; raises LabHeldByOther where another holds it.

        While the record names us nobody else takes the lab, so the common case costs one small read.
        """
        recorded = self._recorded()
        if recorded and recorded.id == self.own.id and self._taken:
            return
        with self._lock():
            recorded = self._recorded()
            ours = recorded is not None and recorded.id == self.own.id
            if not ours:
                self._refuse_other()
            self._record(dataclasses.replace(self.own, since=recorded.since if recorded and ours else _now()))
        self._taken = True

    def look(self) -> None:
        """Raise LabHeldByOther where another clone holds the lab, without taking it."""
        recorded = self._recorded()
        if recorded and recorded.id == self.own.id:
            return
        if time.monotonic() - self._looked_at >= _FRESH_S:
            self._refuse_other()
            self._looked_at = time.monotonic()

    def holder(self) -> Owner | None:
        """Return who holds the lab: another clone before this one, None where nothing stands.

        Volumes kept by a clone that is gone hold nothing: whoever comes next takes them over with their data.
        """
        recorded = self._recorded()
        held = self._owners(container.labels for container in self._podman.containers().values())
        kept = self._owners(self._podman.volumes().values())
        held |= {id_: path for id_, path in kept.items() if id_ == self.own.id or _id_at(Path(path)) == id_}
        for id_, path in held.items():
            if id_ != self.own.id:
                return Owner(id_, path, recorded.since if recorded and recorded.id == id_ else "")
        stands = bool(held) or any(self._names.is_namespace(name) for name in all_names())
        if recorded and (stands or self._claimant_lives()):
            return recorded
        return self.own if held else None

    def _owners(self, labels: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """Return the clones (id → folder) that labels of this lab name."""
        return {
            found[OWNER_LABEL]: found.get(CLONE_LABEL, "")
            for found in labels
            if found.get(LAB_LABEL) == self._names.lab and OWNER_LABEL in found
        }

    @property
    def _file(self) -> Path:
        return self._names.record_folder / "owner.json"

    def _refuse_other(self) -> None:
        holder = self.holder()
        if holder is None or holder.id == self.own.id:
            return
        since = f" since {holder.since}" if holder.since else ""
        remedy = "take it down there with `make down`"
        if holder.path == self.own.path:
            remedy = "this folder under an id that is lost: docs/guides/state.md says how to go on"
        if not Path(holder.path).exists():
            remedy = "that clone is gone: `python -m infra.targets.lab.sweep --whoever` removes what it left"
        raise LabHeldByOther(f"another clone holds the lab of this host: {holder.path}{since}; {remedy}")

    def _recorded(self) -> Owner | None:
        try:
            found = json.loads(self._file.read_text())
            return Owner(found["id"], found["path"], found["since"])
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def _claimant_lives(self) -> bool:
        """Tell whether the process that recorded the claim is still at work."""
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError):
            found = json.loads(self._file.read_text())
            return bool(_start_of(found["pid"]) == found["started"] is not None)
        return False

    def _record(self, owner: Owner) -> None:
        text = {**dataclasses.asdict(owner), "pid": os.getpid(), "started": _start_of(os.getpid())}
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(text))
        partial.replace(self._file)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process of this host claim at a time, by a lock on the folder of all labs' records."""
        folder = self._names.record_folder
        while True:
            try:
                folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            except PermissionError as error:
                raise LabNotRunning("not root: the lab needs network namespaces and containers; use sudo") from error
            handle = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                # A sweep may have removed the folder meanwhile; then another one is what others lock.
                if folder.is_dir() and os.fstat(handle).st_ino == folder.parent.stat().st_ino:
                    yield
                    return
            finally:
                os.close(handle)


def _now() -> str:
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")


def _start_of(pid: int) -> str | None:
    """Return when a process started, in the kernel's ticks, so that a number used again is not taken for it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None
