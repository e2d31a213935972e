"""The verifier finds every change, needs nothing of the project, and agrees with who writes."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evidence import verify as verifier
from evidence.chain import append, read
from evidence.errors import EvidenceDamaged
from evidence.seal import seal

SCRIPT = Path(verifier.__file__)
CONTEXT = {"scenario": "fuji-one-cut", "estate_digest": "0" * 64}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a chain with a sealed prediction and its drill."""
    folder = tmp_path / "evidence"
    append(folder, "gate", {"holds": True, "rows": []})
    prediction = {"scenario": "fuji-one-cut", "cities": {"fuji": {"outage_s": {"median": 0.75}}}}
    sealed = seal(folder, prediction, CONTEXT)
    drill = {"sealed_prediction": sealed.prediction_digest, "predicted": prediction, "verdict": "agrees"}
    append(folder, "drill", drill)
    return folder


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_imports_nothing_of_the_project() -> None:
    """The verifier's imports are the standard library and cryptography."""
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names) | {"cryptography"}


def test_can_be_read_in_one_sitting() -> None:
    """An outsider who is to trust it reads it first: it stays under 200 lines."""
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 200


def test_line_that_says_two_things_is_found(folder: Path) -> None:
    """A name that stands twice keeps the digest right, for the last counts; whoever reads the first is deceived."""
    log = folder / "records.jsonl"
    content = log.read_bytes()
    log.write_bytes(content.replace(b'{"digest"', b'{"kind":"nothing","digest"', 1))
    findings = verifier.verify(folder)["findings"]
    assert findings[0] == "line 1: not an unchanged record, and the next record does not name it"
    with pytest.raises(EvidenceDamaged):
        read(folder)


def test_runs_alone_from_another_place(folder: Path, tmp_path: Path) -> None:
    """A copy of the one file checks a copy of the folder."""
    alone = tmp_path / "alone"
    alone.mkdir()
    copy = shutil.copy(SCRIPT, alone / "verify.py")
    done = subprocess.run(
        [sys.executable, "-I", str(copy), str(folder)], capture_output=True, text=True, check=False, cwd=alone
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("the chain holds: 3 records")


@pytest.mark.parametrize("line", [0, 1, 2])
def test_any_changed_figure_is_found(folder: Path, line: int) -> None:
    """One changed character in any record breaks the chain."""
    log = folder / "records.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[line] = lines[line].replace('"time":"2', '"time":"3')
    log.write_text("".join(lines), encoding="utf-8")
    done = _run(str(folder))
    assert done.returncode == 1
    assert "finding: " in done.stdout


def test_changed_record_with_a_new_digest_is_found(folder: Path) -> None:
    """Computing the chain anew after a change does not help without the key."""
    log = folder / "records.jsonl"
    previous, lines = "0" * 64, []
    for text in log.read_text(encoding="utf-8").splitlines():
        record = json.loads(text)
        record.pop("digest")
        record["previous"] = previous
        if record["kind"] == "drill":
            record["payload"]["verdict"] = "disagrees"
        previous = verifier.sha256(verifier.spell(record))
        lines.append(verifier.spell({**record, "digest": previous}).decode() + "\n")
    log.write_text("".join(lines), encoding="utf-8")
    findings = verifier.verify(folder)["findings"]
    assert findings == ["head.json signs record 3, the file ends at record 3"] or "head.json" in findings[0]


def test_removed_and_swapped_records_are_found(folder: Path) -> None:
    """Leaving a record out or changing the order is found."""
    log = folder / "records.jsonl"
    first, second, third = log.read_bytes().splitlines(keepends=True)
    for content in (first + third, second + first + third, first + second):
        log.write_bytes(content)
        assert not verifier.verify(folder)["holds"]


def test_drill_without_an_earlier_seal_is_found(folder: Path) -> None:
    """A drill whose prediction was sealed after it, or never, or which shows another one, is a finding."""
    prediction = {"scenario": "fuji-one-cut", "cities": {}}
    digest = verifier.sha256(verifier.spell(prediction))
    append(folder, "drill", {"sealed_prediction": digest, "predicted": prediction})
    seal(folder, prediction, CONTEXT)
    append(folder, "drill", {"sealed_prediction": digest, "predicted": {**prediction, "seed": 2}})
    assert verifier.verify(folder)["findings"] == [
        "record 4: its prediction was not sealed before the run",
        "record 6: shows another prediction than the sealed one",
    ]


def test_other_key_is_found(folder: Path, tmp_path: Path) -> None:
    """A chain signed by another key is found by its fingerprint, and a swapped public key by the signature."""
    good = verifier.verify(folder)["key"]
    assert verifier.verify(folder, key=good)["holds"]
    append(tmp_path / "other", "gate", {})
    shutil.copy(tmp_path / "other" / "public-key.pem", folder / "public-key.pem")
    findings = verifier.verify(folder, key=good)["findings"]
    assert findings[0] == "head.json: the signature is not of this key"
    assert findings[1].endswith(f"not {good}")


def test_older_copy_is_found_by_a_printed_digest(folder: Path) -> None:
    """A rolled-back folder is consistent, but lacks the digest that a report printed."""
    older = folder.with_name("older")
    shutil.copytree(folder, older)
    printed = append(folder, "gate", {"holds": True}).digest
    assert verifier.verify(folder, expect=[printed])["holds"]
    assert _run(str(older)).returncode == 0
    assert _run(str(older), "--expect", printed).returncode == 1


def test_place_without_evidence_is_wrong_use(tmp_path: Path) -> None:
    """Where there is no chain the verifier says so and ends with 2."""
    done = _run(str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
