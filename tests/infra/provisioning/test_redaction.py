"""No secret of the estate survives redaction; certificates, which are public, do."""

from __future__ import annotations

from pathlib import Path

from infra.provisioning.redaction import HIDDEN, Redaction


def test_secrets_are_hidden_whole_and_by_line(tmp_path: Path) -> None:
    """A password, a key and any line of a key disappear; a certificate and other words stay."""
    (tmp_path / "a.password").write_text("correct-horse-battery")
    (tmp_path / "n.key").write_text(
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nByqGSM49AgEG\n-----END PRIVATE KEY-----\n"
    )
    (tmp_path / "n.crt").write_text("PUBLICPUBLIC")
    redact = Redaction(tmp_path)
    said = redact("psql: correct-horse-battery; ByqGSM49AgEG; PUBLICPUBLIC; done")
    assert said == f"psql: {HIDDEN}; {HIDDEN}; PUBLICPUBLIC; done"


def test_no_folder_hides_nothing(tmp_path: Path) -> None:
    """Before there are secrets text passes as it is."""
    assert Redaction(tmp_path / "none")("words") == "words"
