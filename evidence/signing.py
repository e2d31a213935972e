"""The clone's Ed25519 key: made once, private to root, with its public half beside it for whoever verifies.

Leaves what is signed to `evidence.chain`.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from evidence.errors import EvidenceDamaged

PRIVATE = "signing-key.pem"
PUBLIC = "public-key.pem"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """Return the folder's key, made now if there is none; call it under the chain's lock.

    Raises EvidenceDamaged where the key file is none, or is gone while records signed with it are there.
    """
    path = folder / PRIVATE
    if path.exists():
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except ValueError as error:
            raise EvidenceDamaged(f"{path} is not a private key; restore it from the backup of the clone") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise EvidenceDamaged(f"{path} is not an Ed25519 key; restore it from the backup of the clone")
    else:
        if (folder / PUBLIC).exists():
            raise EvidenceDamaged(
                f"{path} is gone but records signed with it are here; restore it, or move the folder away to begin anew"
            )
        key = Ed25519PrivateKey.generate()
        write_synced(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = folder / PUBLIC
    if not public.exists():
        write_synced(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return key


def write_synced(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file in one step that survives a power cut; only its owner can read it unless `mode` says otherwise."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, mode)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
