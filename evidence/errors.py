"""What can go wrong with the evidence."""

from __future__ import annotations


class EvidenceError(Exception):
    """The root of every error that this package raises."""


class EvidenceDamaged(EvidenceError):
    """What is on disk is not what was written; the message names the line. Nothing is appended to a damaged chain."""


class OtherEvidence(EvidenceError):
    """A folder holds evidence of another origin, which is not written over unasked."""


class EvidenceNotWritable(EvidenceError):
    """The folder cannot be written (rights, full disk); what was there stays as it was."""
