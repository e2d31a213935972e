"""The files of an estate as they were at a revision of its repository."""

from __future__ import annotations

import contextlib
import io
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from twin.errors import TwinError


class RevisionUnreadable(TwinError):
    """There is no such revision, or the estate is not in it."""

    code = 2


@contextlib.contextmanager
def estate_at(revision: str, estate: Path) -> Iterator[Path]:
    """Yield a folder with the estate's files as they were; raises RevisionUnreadable."""
    with tempfile.TemporaryDirectory() as folder:
        yield _unpack(revision, estate.resolve(), Path(folder))


def _unpack(revision: str, estate: Path, to: Path) -> Path:
    from inventory.git import git

    top = git(estate, "rev-parse", "--show-toplevel")
    if top is None:
        raise RevisionUnreadable(f"{estate} is not in a git repository, so it has no revisions")
    inside = estate.relative_to(Path(top.decode().strip()).resolve())
    archive = git(Path(top.decode().strip()), "archive", "--format=tar", revision, "--", str(inside))
    if archive is None:
        raise RevisionUnreadable(f"no `{revision}` in the repository, or no {inside} in it")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(to, filter="data")
    return to / inside
