"""The fidelity page of the repository is what the evidence beside it says, and that evidence holds."""

from __future__ import annotations

from pathlib import Path

from evidence.chain import read
from evidence.verify import verify
from twin.drill.report import fidelity_report

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "fidelity.md"
EVIDENCE = Path("docs/fidelity")


def test_page_is_written_from_the_evidence_beside_it() -> None:
    """Nobody edited the page, and no drill that the evidence holds was left out of it."""
    records = read(ROOT / EVIDENCE).records
    assert PAGE.read_text(encoding="utf-8") == fidelity_report("fuji-fujinomiya", records, EVIDENCE)


def test_evidence_in_the_repository_holds() -> None:
    """The chain is whole, its head signed, every drill's prediction sealed before it; the private key is not there."""
    result = verify(ROOT / EVIDENCE)
    assert result["findings"] == []
    assert sorted(path.name for path in (ROOT / EVIDENCE).iterdir()) == ["head.json", "public-key.pem", "records.jsonl"]
