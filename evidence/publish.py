"""A copy of the evidence for others to check: the records, the signed head and the public key, never the private one.

Leaves checking to `evidence/verify.py`.
"""

from __future__ import annotations

from pathlib import Path

from evidence.chain import HEAD, RECORDS, Chain, read, settled
from evidence.errors import EvidenceNotWritable, OtherEvidence
from evidence.signing import PUBLIC, write_synced

PUBLISHED = (RECORDS, PUBLIC, HEAD)


def publish(folder: Path, to: Path, *, replace: bool = False) -> Chain:
    """Copy the evidence in `folder` to the folder `to`, readable by all, and return the chain copied.

    A copy of an earlier state of the same chain is brought up to date. Raises EvidenceDamaged where the chain does not
    fit together, OtherEvidence where `to` holds another chain and `replace` is not set, EvidenceNotWritable where the
    disk refuses.
    """
    with settled(folder) as (chain, _):
        if not replace:
            _refuse_other(chain, to)
        try:
            to.mkdir(parents=True, exist_ok=True)
            for name in PUBLISHED:
                write_synced(to / name, (folder / name).read_bytes(), mode=0o644)
        except OSError as error:
            raise EvidenceNotWritable(f"the copy in {to} cannot be written: {error.strerror or error}") from error
    return chain


def _refuse_other(chain: Chain, to: Path) -> None:
    """Refuse to write over a chain that is no earlier state of this one."""
    there = read(to)
    if there.records and there.head not in {record.digest for record in chain.records}:
        raise OtherEvidence(
            f"{to} holds other evidence (head {there.head[:16]}, not in this chain); "
            "choose another folder, or give --replace"
        )
