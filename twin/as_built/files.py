"""Files that roles write on a node, and the certificates on it."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from pathlib import Path

from topology.as_built import Fact
from topology.secret_files import AUTHORITY
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign, Surroundings
from twin.as_built.observer import PLACE

FILES, CERTIFICATES = "files", "certificates"


def certificates(design: NodeDesign) -> dict[str, str]:
    """Return `path on the node → name among the secrets` of the certificates that belong there."""
    parts = design.variables.get("resident_registry__parts", [])
    found = {"/etc/ssl/certs/municipal-twin-ca.pem": AUTHORITY}
    if "service" in parts:
        found["/etc/resident-registry/server.crt"] = design.node.id
    if "database" in parts:
        found["/etc/postgresql/tls/server.crt"] = design.node.id
    return found


def declared(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield mode and digest of every file as the roles' templates give it, and the certificates that were issued."""
    for file in design.files(Surroundings.of(answer)):
        digest = hashlib.sha256(PLACE.sub(b"", file.content.encode())).hexdigest()
        yield design.parameter(FILES, file.path, f"{file.mode} {digest[:16]}")
    for path, name in certificates(design).items():
        issued = _fingerprint(design.whole.secrets / f"{name}.crt")
        if issued:
            yield design.parameter(CERTIFICATES, path, issued[:32])


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield the files found, and the certificates where it is known what was issued."""
    for path, found in answer.said["files"].items():
        if found:
            yield design.parameter(FILES, path, f"{found['mode']} {found['digest'][:16]}")
    known = certificates(design)
    for path, fingerprint in answer.said["certificates"].items():
        if fingerprint and path in known and _fingerprint(design.whole.secrets / f"{known[path]}.crt"):
            yield design.parameter(CERTIFICATES, path, fingerprint[:32])


def _fingerprint(path: Path) -> str | None:
    """Return the SHA-256 fingerprint of a certificate, None where it is not on this machine."""
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii"))).hexdigest()
    except FileNotFoundError:
        return None
