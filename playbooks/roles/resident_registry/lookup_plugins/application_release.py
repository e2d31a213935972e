"""An application's folder as one release: the digest of its contents, and an archive of them on the control host."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

DOCUMENTATION = """
name: application_release
short_description: Digest and archive of an application's folder
description:
  - The same contents give the same digest and the same archive, on every machine and at any time.
options:
  _terms: {description: The folder, required: true}
"""
_DIGEST_LETTERS = 16
# A fixed time, so that the archive depends on the contents alone.
_MODIFIED = 1_500_000_000


def release_files(folder: Path) -> list[Path]:
    """Return the files of a release in a fixed order; what Python leaves behind is no part of it."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def archive(folder: Path) -> bytes:
    """Return the folder, under its own name, as an uncompressed archive that root owns."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in release_files(folder):
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(folder.parent).as_posix())
            entry.size, entry.mode, entry.mtime = len(content), 0o644, _MODIFIED
            entry.uname = entry.gname = "root"
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


class LookupModule(LookupBase):
    """The lookup as Ansible finds it."""

    def run(self, terms: list[str], variables: Any = None, **_options: Any) -> list[dict[str, str]]:
        """Return `{digest, file}` of each folder; the file is gone when this run of Ansible ends."""
        _ = variables
        releases = []
        for term in terms:
            folder = Path(term).resolve()
            if not folder.is_dir():
                raise AnsibleLookupError(f"{folder}: there is no such application")
            content = archive(folder)
            digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LETTERS]
            file = Path(constants.DEFAULT_LOCAL_TMP) / f"{folder.name}-{digest}.tar"
            if not file.exists():
                handle, name = tempfile.mkstemp(dir=constants.DEFAULT_LOCAL_TMP)
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                Path(name).replace(file)
            releases.append({"digest": digest, "file": str(file)})
        return releases
