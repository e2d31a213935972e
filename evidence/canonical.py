"""One spelling of every record, so that its digest can be computed again anywhere.

JSON with sorted keys, no spaces, UTF-8, no NaN; numbers as Python's shortest round-trip form. The digest is SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of a value; raises ValueError for what JSON cannot hold (NaN, infinity)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
