"""Secret files of a clone: root-only, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def write_private(path: Path, content: str) -> None:
    """Write a file with mode 0600 in a folder with mode 0700; readers see the old or the new content, never half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_private(path: Path) -> str | None:
    """Return the content, or None where there is no such file."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def faults(path: Path, content: str) -> tuple[str, ...]:
    """Return in words how a secret file differs from what it must be, never showing content."""
    found = read_private(path)
    if found is None:
        return (f"{path.name} is gone",)
    result = []
    if found != content:
        result.append(f"{path.name} has other content")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        result.append(f"{path.name} can be read by others")
    return tuple(result)
