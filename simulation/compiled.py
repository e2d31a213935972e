"""Compiling hot loops: Numba, with what it compiled kept under a digest of `simulation/`.

Numba's own cache looks at the file of a function alone: it goes on using a kernel that calls a function of another
file after that one changed. Here the cache folder carries the digest of all of `simulation/`, so any change starts a
new one. It lies in the clone's private folder, or in the user's cache folder where the clone cannot be written.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

PACKAGE = Path(__file__).parent
KEPT = 4
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return a function compiled on its first call for the types it meets; no fast-math, so floats are as Python's.

    Memory of kernels that were compiled before is read from `cache_folder`; where there is none it compiles every time.
    """
    return _compiled(function, counts_references=True)


def bare(function: Function) -> Function:
    """Return a compiled function that counts no references to arrays; it may make none itself, nor may what it calls.

    Counting takes as long as a draw for each array that is handed on, so the small steps of a kernel, each a function
    with a name, would cost more than what they do.
    """
    return _compiled(function, counts_references=False)


def _compiled(function: Function, *, counts_references: bool) -> Function:
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    options: dict[str, Any] = {"cache": folder is not None, "_nrt": counts_references}
    return cast(Function, numba.njit(**options)(function))


def package_digest(package: Path = PACKAGE) -> str:
    """Return a digest (16 hex digits) of all Python files of a package: their places and what is in them."""
    total = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        content = path.read_bytes()
        total.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()[:16]


@functools.cache
def cache_folder() -> Path | None:
    """Return the folder of this digest, made if need be, or None where no place for it can be written."""
    digest = package_digest()
    for place in _places():
        folder = place / digest
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            _forget_older(place, folder)
            return folder
    return None


def _places() -> Iterator[Path]:
    """Yield where kernels may be kept, the best first: where Numba's own variable says, the clone, the user's cache."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    clone = Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or PACKAGE.parent)
    if (clone / "pyproject.toml").is_file():
        yield clone / ".state" / "kernels"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "municipal-twin" / "kernels"


def _forget_older(place: Path, current: Path) -> None:
    """Remove all but the folders that were used last, so that years of changes do not pile up."""
    os.utime(current)
    others = sorted((path for path in place.iterdir() if path != current), key=lambda path: path.stat().st_mtime)
    for path in others[: max(0, len(others) + 1 - KEPT)]:
        shutil.rmtree(path, ignore_errors=True)
