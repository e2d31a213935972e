"""The Pulumi stack of a clone: selected, freed from what a killed run left, brought up, taken down. Standard library only."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from environment import ROOT, STATE, VENV, environment
from progress import Log, Stage, StageFailed

STACK = "lab"


def up_stages(estate: str, overrides: list[str]) -> list[Stage]:
    """Return the stages that follow the set-up in `make up`."""

    def select_stack(log: Log) -> str:
        return select(log, estate, overrides)

    return [
        ("stack", "", select_stack),
        ("what a killed run left", "", clear_leftovers),
        ("pulumi up", "about 4 min the first time", up),
    ]


def down_stages(keep_data: bool) -> list[Stage]:
    """Return the stages of `make down`."""

    def destroy_stage(log: Log) -> str:
        return destroy(log, keep_data)

    def sweep_stage(log: Log) -> str:
        return sweep(log, keep_data)

    return [("pulumi destroy", "", destroy_stage), ("sweep by label", "", sweep_stage)]


def _pulumi(log: Log, *arguments: str, show: bool = False) -> str:
    return log.run(["pulumi", *arguments], cwd=ROOT, env=environment(), show=show)


def select(log: Log, estate: str, overrides: list[str]) -> str:
    """Select or make the stack on the local backend and set what this run asks for."""
    try:
        _pulumi(log, "stack", "select", "--create", STACK, "--non-interactive")
    except StageFailed as failure:
        raise _explained(failure) from failure
    _pulumi(log, "config", "set", "--stack", STACK, "estate", estate, "--non-interactive")
    _pulumi(log, "config", "set", "--stack", STACK, "set", json.dumps(overrides), "--non-interactive")
    return f"{STACK}, estate {estate}"


def _explained(failure: StageFailed) -> StageFailed:
    if "passphrase" in failure.why:
        return StageFailed(
            "the passphrase in .state/passphrase does not open this stack",
            "put the right passphrase back (docs/guides/state.md), or `make down` and start anew",
        )
    return failure


def _lock_files() -> list[Path]:
    return sorted((STATE / "pulumi" / ".pulumi" / "locks").rglob("*.json"))


def clear_leftovers(log: Log) -> str:
    """Remove the lock of a run that is dead, and the pending operations that it left."""
    done = []
    for path in _lock_files():
        lock = json.loads(path.read_text())
        if lock.get("hostname") == os.uname().nodename and not Path(f"/proc/{lock.get('pid')}").exists():
            _pulumi(log, "cancel", "--yes", "--stack", STACK, "--non-interactive")
            done.append(f"lock of dead process {lock.get('pid')}")
        else:
            raise StageFailed(
                f"process {lock.get('pid')} on {lock.get('hostname')} is working on this stack",
                "wait for it; if it is gone for good: `pulumi cancel`",
            )
    exported = json.loads(_pulumi(log, "stack", "export", "--stack", STACK))
    pending = exported.get("deployment", {}).get("pending_operations") or []
    if pending:
        done.append(f"{len(pending)} pending operations")
        for operation in pending:
            log.write(f"pending: {operation.get('type')} {operation.get('resource', {}).get('urn')}\n")
        exported["deployment"].pop("pending_operations")
        _import(log, exported)
    return ", ".join(done) if done else "nothing"


def _import(log: Log, exported: object) -> None:
    """Put the state back without its pending operations: `create` adopts by label what was made already."""
    file = STATE / "import.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(exported, handle)
    try:
        _pulumi(log, "stack", "import", "--stack", STACK, "--file", str(file))
    finally:
        file.unlink()


def up(log: Log) -> str:
    """Run `pulumi up`: gate, estate, provisioning, verification."""
    try:
        _pulumi(log, "up", "--yes", "--stack", STACK, "--non-interactive", "--color", "never", "--skip-preview", show=True)
    except StageFailed as failure:
        raise StageFailed(
            "`pulumi up` failed; its own lines above name the resource and the reason",
            "mend what they name and run `make up` again: it goes on where it stopped",
        ) from failure
    return "stands"


def destroy(log: Log, keep_data: bool) -> str:
    """Run `pulumi destroy` where there is a state; a lost state is left to the sweep."""
    command = environment()
    if not _stack_exists(command):
        return "no state"
    try:
        clear_leftovers(log)
        _pulumi(log, "config", "set", "--stack", STACK, "removeData", "false" if keep_data else "true", "--non-interactive")
        if not keep_data:
            _pulumi(log, "state", "unprotect", "--all", "--yes", "--stack", STACK, "--non-interactive")
        _pulumi(log, "destroy", "--yes", "--stack", STACK, "--non-interactive", "--skip-preview", "--color", "never", show=True)
        _pulumi(log, "stack", "rm", "--yes", "--force", STACK, "--non-interactive")
    except StageFailed as failure:
        log.write(f"{failure.why}\n")
        return "failed, left to the sweep (see the log)"
    return "done"


def _stack_exists(env: dict[str, str]) -> bool:
    shown = subprocess.run(
        ["pulumi", "stack", "ls", "--json"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    try:
        return any(stack["name"].split("/")[-1] == STACK for stack in json.loads(shown.stdout))
    except (ValueError, TypeError, KeyError):
        return False


def sweep(log: Log, keep_data: bool) -> str:
    """Remove all that carries the lab's label, state or no state."""
    python = VENV / "bin" / "python"
    if not python.exists():
        return "nothing is set up, nothing to remove"
    command = [str(python), "-m", "infra.targets.lab.sweep", *(["--keep-data"] if keep_data else [])]
    log.run(command, cwd=ROOT, env=environment(), show=True)
    return "nothing of the lab is left" + (" but its data" if keep_data else "")
