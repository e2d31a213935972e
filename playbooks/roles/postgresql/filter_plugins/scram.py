"""SCRAM-SHA-256 verifiers, so that a database server gets a password's verifier and never the password."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from ansible.errors import AnsibleFilterError

ITERATIONS = 4096
_SALT_BYTES = 16


def scram_verifier(password: str, role: str) -> str:
    """Return what PostgreSQL keeps of `password` for `role` (RFC 5802, as in `pg_authid.rolpassword`).

    The salt follows from both, so the same password gives the same verifier and a second run finds nothing to change.
    Raises AnsibleFilterError unless the password is printable ASCII, for which SASLprep changes nothing.
    """
    if not password or not all(" " <= letter <= "~" for letter in password):
        raise AnsibleFilterError("the password's file must hold one line of printable ASCII")
    secret = password.encode()
    salt = hmac.digest(secret, f"salt of {role}".encode(), "sha256")[:_SALT_BYTES]
    salted = hashlib.pbkdf2_hmac("sha256", secret, salt, ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    parts = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    return "SCRAM-SHA-256${}:{}${}:{}".format(ITERATIONS, *parts)


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {"scram_verifier": scram_verifier}
