"""What a killed run leaves: processes, the stack's lock, operations that never ended. Standard library only.

Only what is certainly dead is removed: a lock whose process lives, here or on another host, stops the run.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from environment import ROOT, STATE, VENV, toolchain_folder
from progress import Log, StageFailed

RUN_VARIABLE = "MUNICIPAL_TWIN_RUN"
GRACE_S = 5.0


class StackBusy(StageFailed):
    """Another Pulumi command that lives works on the stack."""


def this_run() -> str:
    """Return the mark that this run's processes carry in their environment."""
    return f"{os.getpid()}-{Path('/proc/self').stat().st_ctime_ns}"


def orphans(run: str, root: Path = ROOT) -> list[int]:
    """Return the processes of this clone's earlier runs; the caller holds the clone's lock, so those runs are dead.

    A container's monitor carries the mark too and must live: only Pulumi's processes and this clone's own are named.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = dict(
                pair.split(b"=", 1) for pair in (folder / "environ").read_bytes().split(b"\0") if b"=" in pair
            )
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # it ended meanwhile
        if environ.get(b"MUNICIPAL_TWIN_ROOT") != os.fsencode(root):
            continue
        if environ.get(RUN_VARIABLE.encode(), run.encode()) == run.encode():
            continue
        own = (str(root / VENV.name), str(toolchain_folder()))
        if any(word.startswith(own) or Path(word).name.startswith("pulumi") for word in words[:2]):
            found.append(int(folder.name))
    return found


def end(pids: list[int]) -> None:
    """Kill processes and wait until they are gone; raises StageFailed where one stays."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + GRACE_S
    while left := [pid for pid in pids if alive(pid)]:
        if time.monotonic() > deadline:
            raise StageFailed(f"processes {left} of a killed run do not end", "end them and run again")
        time.sleep(0.05)


def alive(pid: int, named: str = "") -> bool:
    """Say whether a process runs (and bears this name), not counting one that only waits to be collected."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    name, state = stat.split("(", 1)[1].rsplit(")", 1)
    return state.split()[0] not in "ZX" and name.startswith(named)


def clear(log: Log, pulumi: Callable[..., str], stack: str) -> str:
    """Remove what dead runs left of processes, locks and pending operations; return what was done."""
    done = []
    pids = orphans(this_run())
    if pids:
        end(pids)
        done.append(f"{len(pids)} processes of a killed run ended")
    dead = _dead_locks(_locks())
    if dead:
        pulumi(log, "cancel", "--yes", "--stack", stack)
        for path in dead:
            path.unlink(missing_ok=True)
        done.append(f"{len(dead)} dead lock removed")
    pending = _pending(log, pulumi, stack)
    if pending:
        done.append(f"{pending} operations that never ended forgotten")
    return "; ".join(done) or "nothing"


def _locks() -> list[Path]:
    return sorted((STATE / "pulumi" / ".pulumi" / "locks").rglob("*.json"))


def _dead_locks(paths: list[Path]) -> list[Path]:
    """Return the locks whose process is dead; raises StageFailed where one lives on after a moment's grace."""
    dead = []
    deadline = time.monotonic() + GRACE_S
    for path in paths:
        try:
            lock: dict[str, Any] = json.loads(path.read_text())
        except FileNotFoundError:
            continue
        except ValueError:
            lock = {}  # its writer was killed in the middle
        pid, host = int(lock.get("pid", 0)), lock.get("hostname", os.uname().nodename)
        while host != os.uname().nodename or alive(pid, "pulumi"):
            if not path.exists():
                break
            if time.monotonic() > deadline:
                raise StackBusy(
                    f"process {pid} on {host} is working on this stack: a second run must wait",
                    "wait until it ends; if that host is gone for good: `pulumi cancel --yes`",
                )
            time.sleep(0.1)
        dead.append(path)
    return dead


def _pending(log: Log, pulumi: Callable[..., str], stack: str) -> int:
    """Put the state back without its pending operations: `create` adopts by label what was made already."""
    if not _state_may_hold_pending():
        return 0
    exported = json.loads(pulumi(log, "stack", "export", "--stack", stack, keep=False))
    operations = exported.get("deployment", {}).pop("pending_operations", None) or []
    if not operations:
        return 0
    for operation in operations:
        log.write(f"pending: {operation.get('type')} {operation.get('resource', {}).get('urn')}")
    file = STATE / "without-pending.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(exported, handle)
    try:
        pulumi(log, "stack", "import", "--stack", stack, "--file", str(file))
    finally:
        file.unlink()
    return len(operations)


def _state_may_hold_pending() -> bool:
    """Look into the state files, which saves asking Pulumi each time."""
    files = (STATE / "pulumi" / ".pulumi" / "stacks").rglob("*.json")
    return any('"pending_operations":' in path.read_text(errors="replace") for path in files)
