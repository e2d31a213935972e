"""Killed, doubled or mislaid runs of the real Pulumi command: cleared, refused or explained, each in one line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = """\
name: municipal-twin
main: program/
runtime: {name: python, options: {virtualenv: .venv}}
config:
  estate: {default: none}
  set: {default: "[]"}
"""
PROGRAM = """\
import pathlib, time
import pulumi
pathlib.Path(__file__).with_name("started").touch()
while pathlib.Path(__file__).with_name("wait").exists():
    time.sleep(0.1)
pulumi.export("estate", pulumi.Config().require("estate"))
"""
RUN = """\
import sys; sys.path.insert(0, "tools")
import environment, progress, stack
environment.prepare_state()
sys.exit(progress.run_stages(stack.{call}, progress.Log(environment.STATE / "logs", "test")))
"""
UP = 'up_stages("seaside", [])'


@pytest.fixture
def project(clone: Path) -> Iterator[Path]:
    """A clone whose Pulumi program waits while a file `wait` lies beside it."""
    (clone / "Pulumi.yaml").write_text(PROJECT)
    (clone / "program").mkdir()
    (clone / "program" / "__main__.py").write_text(PROGRAM)
    yield clone
    (clone / "program" / "wait").unlink(missing_ok=True)


def _run(project: Path, call: str = UP) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN.format(call=call)]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)


def _start_waiting(project: Path) -> subprocess.Popen[bytes]:
    """Start a run in a process group of its own; return once its program waits."""
    (project / "program" / "wait").touch()
    (project / "program" / "started").unlink(missing_ok=True)
    command = [sys.executable, "-c", RUN.format(call=UP)]
    runner = subprocess.Popen(command, cwd=project, stderr=subprocess.DEVNULL, process_group=0)
    deadline = time.monotonic() + 60
    while not (project / "program" / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return runner


def _locks(project: Path) -> list[Path]:
    return list((project / ".state/pulumi/.pulumi/locks").rglob("*.json"))


def _processes(project: Path) -> list[str]:
    """Return the commands that still work for a clone."""
    mark = f"MUNICIPAL_TWIN_ROOT={project}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found


@pytest.mark.parametrize("whole_group", [False, True], ids=["the command alone", "its whole group"])
def test_killed_run_is_cleared_by_the_next(project: Path, *, whole_group: bool) -> None:
    """After SIGKILL the next run ends what is left, removes the dead lock and completes."""
    runner = _start_waiting(project)
    if whole_group:
        os.killpg(runner.pid, signal.SIGKILL)
    else:
        runner.kill()
    runner.wait()
    assert len(_locks(project)) == 1
    (project / "program" / "wait").unlink()
    done = _run(project)
    assert done.returncode == 0, done.stderr
    assert "1 dead lock removed" in done.stderr
    assert _locks(project) == []
    assert _processes(project) == []


def test_pending_operations_are_forgotten(project: Path) -> None:
    """An operation that never ended is taken out of the state, and nothing else is."""
    assert _run(project).returncode == 0
    file = project / ".state/pulumi/.pulumi/stacks/municipal-twin/lab.json"
    state = json.loads(file.read_text())
    urn = "urn:pulumi:lab::municipal-twin::twin:compute:Node::n"
    operation = {"type": "creating", "resource": {"urn": urn, "type": "twin:compute:Node", "custom": True}}
    state["checkpoint"]["latest"]["pending_operations"] = [operation]
    file.write_text(json.dumps(state))
    done = _run(project)
    assert "1 operations that never ended forgotten" in done.stderr
    state = json.loads(file.read_text())
    assert "pending_operations" not in state["checkpoint"]["latest"]
    assert [resource["type"] for resource in state["checkpoint"]["latest"]["resources"]] == ["pulumi:pulumi:Stack"]


def test_second_run_is_refused_while_the_first_lives(project: Path) -> None:
    """While a Pulumi command works on the stack another run ends with one line that names it."""
    runner = _start_waiting(project)
    (lock,) = _locks(project)
    pid = json.loads(lock.read_text())["pid"]
    text = "import pathlib\nimport leftovers\nleftovers.orphans = lambda run: []\n"
    command = [sys.executable, "-c", RUN.format(call=UP).replace("import environment", f"{text}import environment")]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert (
        f"why: process {pid} on {os.uname().nodename} is working on this stack: a second run must wait" in done.stderr
    )
    (project / "program" / "wait").unlink()
    assert runner.wait(60) == 0


def test_second_make_of_a_clone_is_refused(project: Path) -> None:
    """Two `make up` of one clone: the second is told the first one's process and touches nothing."""
    text = "import sys, time; sys.path.insert(0, 'tools'); import environment, stages; environment.prepare_state()\n"
    holder = subprocess.Popen(
        [sys.executable, "-c", f"{text}with stages.alone(): print('held', flush=True); time.sleep(60)"],
        cwd=project,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    done = subprocess.run(["make", "up"], cwd=project, capture_output=True, text=True, check=False, timeout=60)
    holder.kill()
    holder.communicate()
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        f"another run of this clone is at work (process {holder.pid}): wait for it or end it"
    )


def test_wrong_passphrase_is_one_line(project: Path) -> None:
    """A passphrase that does not open the stack is said as such, with the way out."""
    assert _run(project).returncode == 0
    (project / ".state/passphrase").write_text("not the one\n")
    done = _run(project)
    assert done.returncode == 1
    assert "why: the passphrase in .state/passphrase is not the one that this stack was made with" in done.stderr
    assert "what to do: put the right one back, or go on with what stands" in done.stderr


def test_damaged_state_is_one_line(project: Path) -> None:
    """A state that a crash or a full disk cut short is said as such, with the way out and Pulumi's words."""
    assert _run(project).returncode == 0
    os.truncate(project / ".state/pulumi/.pulumi/stacks/municipal-twin/lab.json", 300)
    done = _run(project)
    assert done.returncode == 1
    assert "why: the state of this stack is damaged" in done.stderr
    assert "failed to load checkpoint" in done.stderr
    assert "what to do: put a backup back, or go on with what stands" in done.stderr


def test_lost_state_and_passphrase_do_not_hold_up_a_new_stack(project: Path) -> None:
    """Settings that outlived state and passphrase give up their salt and keep what people set."""
    assert _run(project).returncode == 0
    settings = project / "Pulumi.lab.yaml"
    settings.write_text(settings.read_text().replace("config:", "config:\n  twin:removeData: 'true'"))
    shutil.rmtree(project / ".state/pulumi")
    (project / ".state/passphrase").unlink()
    done = _run(project)
    assert done.returncode == 0, done.stderr
    assert "twin:removeData" in settings.read_text()


def test_settings_follow_what_is_asked(project: Path) -> None:
    """A run with another estate, or after a change by hand, sets the settings anew; else they stay."""
    assert "estate seaside\n" in _run(project).stderr
    assert "estate seaside, as before" in _run(project).stderr
    assert "estate hills\n" in _run(project, 'up_stages("hills", [])').stderr
    settings = project / "Pulumi.lab.yaml"
    settings.write_text(settings.read_text().replace("hills", "changed"))
    assert "estate hills\n" in _run(project, 'up_stages("hills", [])').stderr
    assert "hills" in settings.read_text()
    settings.unlink()
    assert _run(project).returncode == 0


def test_forgetting_leaves_other_stacks_alone(project: Path) -> None:
    """`make down` removes the lab's state, settings and history, and no other stack's."""
    assert _run(project).returncode == 0
    stacks = project / ".state/pulumi/.pulumi/stacks/municipal-twin"
    (stacks / "hosts.json").write_text("{}")
    assert _run(project, "down_stages(keep_data=True)[2:]").returncode == 0
    assert (stacks / "lab.json").exists()
    assert _run(project, "down_stages(keep_data=False)[2:]").returncode == 0
    assert [path.name for path in stacks.iterdir()] == ["hosts.json"]
    assert not (project / "Pulumi.lab.yaml").exists()
