"""A failed check fails the verification by name; a run of no check is no success."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import checks
from infra.errors import Interrupted, VerificationFailed

_CHECKS = '''
"""Checks for the test of their runner."""
import pytest

def test_passes(): pass

@pytest.mark.parametrize("router", ["dc-rt-1", "dc-rt-2"])
def test_neighbours(router): assert router == "dc-rt-1", "no neighbour in state Full"

@pytest.mark.skip(reason="this kernel has no netem")
def test_delay(): pass
'''
_OPTIONS = '''
def pytest_addoption(parser):
    """Take the options that every run of checks is given."""
    for name in ("--estate", "--target"):
        parser.addoption(name)
    parser.addoption("--set", action="append")
    parser.addoption("--running", action="store_true")
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of checks in the place of the estate's own."""
    (tmp_path / "checks").mkdir()
    (tmp_path / "conftest.py").write_text(_OPTIONS)
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    monkeypatch.setattr(checks, "FOLDER", "checks")
    return tmp_path / "checks"


def test_failed_checks_are_named_with_their_words(folder: Path) -> None:
    """Passed, failed and skipped are counted; a failure has the words of its assertion, a skip its reason."""
    (folder / "test_x.py").write_text(_CHECKS)
    seen: list[str] = []
    found = checks.run_checks("e", ["a=b"], "lab", [], seen.append)
    assert found.passed == 2
    assert found.passed_names == ("test_x::test_passes", "test_x::test_neighbours[dc-rt-1]")
    assert found.skipped == {"test_x::test_delay": "this kernel has no netem"}
    assert "no neighbour in state Full" in found.failed["test_x::test_neighbours[dc-rt-2]"]
    with pytest.raises(VerificationFailed, match=r"test_neighbours\[dc-rt-2\]: .*no neighbour in state Full"):
        checks.raise_on_failure(found)
    assert any("test_neighbours[dc-rt-2] failed" in line for line in seen)


def test_run_that_cannot_start_is_told_with_its_last_lines(folder: Path) -> None:
    """Where pytest itself fails there are its own words."""
    (folder / "conftest.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(VerificationFailed, match="nothing_of_that_name"):
        checks.run_checks("e", [], "lab", [], lambda _: None)


def test_no_check_at_all_is_a_failure() -> None:
    """A verification that verified nothing does not pass."""
    with pytest.raises(VerificationFailed, match="0 checks passed"):
        checks.raise_on_failure(checks.Checked(0, {}, {}, 0.0))


def test_stop_ends_the_process(folder: Path) -> None:
    """A progress that asks to stop ends the pytest process and comes through."""
    (folder / "test_x.py").write_text(_CHECKS)

    def stop(_text: str) -> None:
        raise Interrupted("stopped as asked")

    with pytest.raises(Interrupted):
        checks.run_checks("e", [], "lab", [], stop)
