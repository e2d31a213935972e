"""Check a folder of evidence: `python3 evidence/verify.py FOLDER`. Imports nothing of the project, on purpose.

Needs the standard library, and `cryptography` for the signature. Checks that every line is a record whose digest is
right and that names the one before; that every torn line is owned up to by the record after it; that the head is
signed; that every drill's prediction was sealed before it. Exit 0: all holds; 1: findings; 2: cannot check.
An older copy of the whole folder is consistent in itself: give `--expect` a digest from a printed report to see that
the chain still holds it, and `--key` the fingerprint of the key that you were given.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FIELDS = {"seq", "time", "kind", "payload", "previous", "digest"}


def spell(value: Any) -> bytes:
    """Return the one spelling of a value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def check_lines(content: bytes) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """Return the records, the findings and the notes of a chain's content."""
    records: list[dict[str, Any]] = []
    findings: list[str] = []
    torn: list[dict[str, Any]] = []
    notes: list[str] = []
    lines = content.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        record = _parse(line)
        if record is None:
            torn.append({"line": number, "size": len(line), "sha256": sha256(line)})
            continue
        if torn and not (record["kind"] == "recovered" and record["payload"].get("torn") == torn):
            findings.append(f"line {torn[0]['line']}: not an unchanged record, and the next record does not name it")
        elif torn:
            notes.append(f"line {torn[0]['line']}: torn by a crash, owned up to by record {record['seq']}")
        torn = []
        before = records[-1]["digest"] if records else "0" * 64
        if record["previous"] != before or record["seq"] != len(records) + 1:
            findings.append(f"line {number}: record {record['seq']} does not follow the record before it")
        records.append(record)
    if torn:
        notes.append(f"line {torn[0]['line']}: torn by a crash; the next record will say so")
    return records, findings, notes


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line if its digest is right and the line is its one spelling.

    In another spelling a line could say two things: of a name that stands twice readers take the first or the last.
    """
    try:
        record = json.loads(line)
        if not isinstance(record, dict) or set(record) != FIELDS or not isinstance(record["payload"], dict):
            return None
        body = {key: value for key, value in record.items() if key != "digest"}
        return record if sha256(spell(body)) == record["digest"] and spell(record) == line else None
    except ValueError:
        return None


def check_seals(records: list[dict[str, Any]]) -> list[str]:
    """Return the drills whose prediction was not sealed before them, and predictions that are not what was sealed."""
    findings = []
    sealed: set[str] = set()
    for record in records:
        payload = record["payload"]
        if record["kind"] == "prediction":
            if sha256(spell(payload.get("prediction"))) != payload.get("prediction_digest"):
                findings.append(f"record {record['seq']}: the prediction is not the one whose digest it names")
            sealed.add(str(payload.get("prediction_digest")))
        elif record["kind"] == "drill" and payload.get("sealed_prediction") not in sealed:
            findings.append(f"record {record['seq']}: its prediction was not sealed before the run")
        elif record["kind"] == "drill" and sha256(spell(payload.get("predicted"))) != payload["sealed_prediction"]:
            findings.append(f"record {record['seq']}: shows another prediction than the sealed one")
    return findings


def check_head(folder: Path, records: list[dict[str, Any]]) -> tuple[list[str], list[str], str]:
    """Return findings and notes about the signed head, and the fingerprint of the key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = serialization.load_pem_public_key((folder / "public-key.pem").read_bytes())
    except (OSError, ValueError) as error:
        return [f"public-key.pem cannot be read: {error}"], [], ""
    if not isinstance(key, Ed25519PublicKey):
        return ["public-key.pem is not an Ed25519 key"], [], ""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    fingerprint = sha256(raw)
    last = records[-1]["digest"] if records else None
    reasons = []
    for name in ("head.json", "head.pending.json"):
        try:
            head = json.loads((folder / name).read_bytes())
            key.verify(bytes.fromhex(head.pop("signature")), spell(head))
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, AttributeError, TypeError, InvalidSignature):
            reasons.append(f"{name}: the signature is not of this key")
            continue
        if head.get("digest") == last and head.get("seq") == len(records):
            pending = ["the last append was interrupted after its record was written"] if "pending" in name else []
            return [], pending, fingerprint
        if name == "head.json":
            reasons.append(f"head.json signs record {head.get('seq')}, the file ends at record {len(records)}")
    return reasons or ["no signed head"], [], fingerprint


def verify(folder: Path, expect: list[str] | None = None, key: str | None = None) -> dict[str, Any]:
    """Check a folder and return `{holds, records, head, key, findings, notes}`; raises OSError, ImportError."""
    content = (folder / "records.jsonl").read_bytes()
    records, findings, notes = check_lines(content)
    findings += check_seals(records)
    about_head, more_notes, fingerprint = check_head(folder, records)
    findings += about_head
    notes += more_notes
    known = {record["digest"] for record in records}
    findings += [f"digest {digest} is not in the chain" for digest in expect or [] if digest not in known]
    if key and key != fingerprint:
        findings.append(f"the key's fingerprint is {fingerprint}, not {key}")
    head = records[-1]["digest"] if records else None
    return {
        "holds": not findings, "records": len(records), "head": head, "key": fingerprint,
        "findings": findings, "notes": notes,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Check the folder named on the command line and print what was found."""
    parser = argparse.ArgumentParser(description="Check a folder of evidence.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(".state/evidence"))
    parser.add_argument("--expect", action="append", help="a digest that the chain must hold; may be repeated")
    parser.add_argument("--key", help="the fingerprint that the public key must have")
    options = parser.parse_args(arguments)
    try:
        result = verify(options.folder, options.expect, options.key)
    except OSError as error:
        print(f"cannot check {options.folder}: {error.strerror} ({error.filename})", file=sys.stderr)
        return 2
    except ImportError:
        print("cannot check the signature: install Python's `cryptography`", file=sys.stderr)
        return 2
    for finding in result["findings"]:
        print(f"finding: {finding}")
    for note in result["notes"]:
        print(f"note: {note}")
    word = "holds" if result["holds"] else "DOES NOT HOLD"
    print(f"the chain {word}: {result['records']} records, head {result['head']}, key {result['key']}")
    return 0 if result["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
