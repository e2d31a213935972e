"""A run of ansible-playbook that ends before any task says why: by its exit code or signal, and its last words."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.errors import ProvisioningFailed
from infra.provisioning import play
from infra.provisioning.ending import ending
from infra.provisioning.redaction import Redaction

Failed = Callable[[str], str]


@pytest.fixture
def failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Failed:
    """Return what runs a shell script in place of ansible-playbook and returns how provisioning failed."""
    command = tmp_path / "bin" / "ansible-playbook"
    command.parent.mkdir()
    before = play.playbook_environment

    def environment(*given: object) -> dict[str, str]:
        env = before(*given)
        return {**env, "PATH": f"{command.parent}{os.pathsep}{env['PATH']}"}

    monkeypatch.setattr(play, "playbook_environment", environment)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "a.password").write_text("correct-horse-battery")

    def run(script: str) -> str:
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        with pytest.raises(ProvisioningFailed) as caught:
            play.play(
                "fuji-fujinomiya", (), ["dc-rt-1"], connections=None, redact=Redaction(tmp_path / "secrets"),
                log_folder=tmp_path / "logs", progress=lambda _: None,
            )  # fmt: skip
        return str(caught.value)

    return run


def test_last_words_are_shown_with_the_exit_code(failed: Failed, tmp_path: Path) -> None:
    """An error on stderr comes through whole, without empty lines and secrets, and stands in the log as well."""
    words = "echo first; echo; echo 'ERROR: the password correct-horse-battery was refused' >&2; echo; exit 1"
    assert failed(words).splitlines()[:4] == [
        "provisioning failed:",
        "  ansible-playbook ended as `failed` with exit code 1 before any task failed; the last it printed:",
        "    first",
        "    ERROR: the password (secret) was refused",
    ]
    log = (tmp_path / "logs" / "provisioning.log").read_text()
    assert log.count("ERROR: the password (secret) was refused") == 1
    assert log.endswith("with exit code 1\n")


def test_only_the_last_of_many_lines_are_shown(failed: Failed) -> None:
    """What is shown stays short, and a last line without an end counts."""
    said = failed("seq 100; printf 'the very last'; exit 4")
    assert "    94\n    95\n" in said and "    93\n" not in said
    assert "    100\n    the very last\n" in said


def test_silence_is_said(failed: Failed) -> None:
    """A run that printed nothing is told as such instead of with an empty line."""
    assert "ended as `failed` with exit code 3 before any task failed; it printed nothing\n" in failed("exit 3")


def test_killing_signal_is_named(failed: Failed) -> None:
    """SIGKILL, which the kernel sends where memory runs out, is named with that hint; what was printed is shown."""
    said = failed("echo working; kill -KILL $$")
    assert "ansible-playbook was killed by SIGKILL, as the kernel does where memory runs out" in said
    assert "    working\n" in said
    assert "killed by SIGTERM before" in failed("kill $$")


def test_nothing_of_a_run_stays_nor_of_one_that_was_killed_before(failed: Failed, tmp_path: Path) -> None:
    """What a run printed may hold secrets, so its own folder goes with it, if need be when the next one starts."""
    killed = tmp_path / "ansible-killed" / "artifacts"
    killed.mkdir(parents=True)
    (killed / "stdout").write_text("correct-horse-battery")

    failed("exit 1")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "logs", "secrets"]


def test_missing_command_is_said(failed: Failed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no ansible-playbook the shell's words are shown."""
    monkeypatch.setattr(play, "playbook_environment", lambda *_: {"PATH": "/nowhere"})
    assert "not found" in failed("")


@pytest.mark.parametrize("place", ["logs", "logs/provisioning.log"])
def test_log_that_cannot_be_written_is_said(failed: Failed, tmp_path: Path, place: str) -> None:
    """A folder that cannot be made and a full disk are named in one line, not as a defect."""
    if place == "logs":
        (tmp_path / "logs").touch()
        expected = f"{tmp_path}/logs: File exists"
    else:
        (tmp_path / "logs").mkdir()
        (tmp_path / place).symlink_to("/dev/full")
        expected = f"{tmp_path}/logs: No space left on device"
    assert f"its log not be written: {expected}; mend that" in failed("echo words; exit 1")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "ansible-playbook was killed by a signal"),
        (-15, "ansible-playbook was killed by SIGTERM"),
        (143, "ansible-playbook was killed by SIGTERM"),
        (250, "ansible-playbook ended as `failed` with exit code 250"),
    ],
)
def test_codes_in_words(code: int | None, words: str) -> None:
    """A negative code and one of a shell are signals; Ansible's own codes are not."""
    assert ending("failed", code) == words
