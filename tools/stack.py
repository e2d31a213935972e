"""The Pulumi stack of a clone: selected, brought up, taken down, forgotten. Standard library only."""

from __future__ import annotations

import json
import shutil

import leftovers
from environment import ROOT, STATE, VENV, environment
from progress import Log, Stage, StageFailed

PROJECT = "municipal-twin"
STACK = "lab"
SETTINGS = ROOT / f"Pulumi.{STACK}.yaml"


def pulumi(log: Log, *arguments: str, show: bool = False, keep: bool = True, remove_data: bool = False) -> str:
    """Run the Pulumi command on this clone's backend, its processes marked as this run's."""
    env = {**environment(), leftovers.RUN_VARIABLE: leftovers.this_run()}
    if remove_data:
        env["MUNICIPAL_TWIN_REMOVE_DATA"] = "1"
    command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
    try:
        return log.run(command, cwd=ROOT, env=env, show=show, keep=keep)
    except StageFailed as failure:
        if any("passphrase" in line for line in failure.tail):
            raise StageFailed(
                "the passphrase in .state/passphrase is not the one that this stack was made with",
                "put the right one back, or go on with what stands and a new one: docs/guides/state.md",
            ) from failure
        if any("failed to load checkpoint" in line for line in failure.tail):
            raise StageFailed(
                "the state of this stack is damaged",
                "put a backup back, or go on with what stands and a new one: docs/guides/state.md",
                failure.tail,
            ) from failure
        if any("currently locked" in line for line in failure.tail):
            raise leftovers.StackBusy("another `pulumi` is working on this stack: a second run must wait") from failure
        raise


def up_stages(estate: str, overrides: list[str]) -> list[Stage]:
    """Return the stages that follow the set-up in `make up`."""
    return [
        ("stack", "", lambda log: select(log, estate, overrides)),
        ("what a killed run left", "", lambda log: leftovers.clear(log, pulumi, STACK)),
        ("pulumi up", "about 4 min the first time", up),
    ]


def down_stages(*, keep_data: bool) -> list[Stage]:
    """Return the stages of `make down`; the sweep and the last one need no state."""
    return [
        ("pulumi destroy", "", lambda log: destroy(log, keep_data=keep_data)),
        ("sweep by label", "", lambda log: sweep(log, keep_data=keep_data)),
        ("state", "", lambda _log: forget(keep_data=keep_data)),
    ]


def exists() -> bool:
    """Say whether the stack has a state on the backend."""
    return (STATE / "pulumi" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json").exists()


def select(log: Log, estate: str, overrides: list[str]) -> str:
    """Select or make the stack on the local backend and set what this run asks for."""
    wanted = {"estate": estate, "set": json.dumps(overrides)}
    asked = STATE / "asked"
    if exists() and SETTINGS.exists() and asked.exists() and asked.read_text(encoding="utf-8") == _settled(wanted):
        return f"{STACK}, estate {estate}, as before"
    asked.unlink(missing_ok=True)
    if not exists():
        _forget_salt()
    pulumi(log, "stack", "select", "--create", STACK)
    pairs = [word for name, value in wanted.items() for word in ("--plaintext", f"{name}={value}")]
    pulumi(log, "config", "set-all", "--stack", STACK, *pairs)
    asked.write_text(_settled(wanted), encoding="utf-8")
    return f"{STACK}, estate {estate}"


def _forget_salt() -> None:
    """Take out of the settings what ties them to the passphrase of a state that is gone: a new one may have another."""
    if SETTINGS.exists():
        lines = SETTINGS.read_text(encoding="utf-8").splitlines(keepends=True)
        SETTINGS.write_text("".join(line for line in lines if not line.startswith("encryptionsalt:")), encoding="utf-8")


def _settled(wanted: dict[str, str]) -> str:
    """Return what was asked for with the settings that it led to, so that a change by hand is noticed."""
    return f"{json.dumps(wanted)}\n{SETTINGS.read_text(encoding='utf-8')}"


def up(log: Log) -> str:
    """Run `pulumi up`: gate, estate, provisioning, verification."""
    try:
        pulumi(log, "up", "--yes", "--stack", STACK, "--skip-preview", show=True)
    except StageFailed as failure:
        if failure.remedy or isinstance(failure, leftovers.StackBusy):
            raise
        raise StageFailed(
            "`pulumi up` failed; its lines above name the resource and the reason",
            "mend what they name and run `make up` again: it goes on where it stopped",
        ) from failure
    return "the estate stands"


def destroy(log: Log, *, keep_data: bool) -> str:
    """Run `pulumi destroy` where there is a state; what it cannot remove is left to the sweep."""
    if not exists():
        return "no state, left to the sweep"
    if shutil.which("pulumi", path=environment()["PATH"]) is None:
        return "no Pulumi command, left to the sweep"
    try:
        leftovers.clear(log, pulumi, STACK)
        if keep_data:
            pulumi(log, "destroy", "--yes", "--stack", STACK, "--skip-preview", "--exclude-protected", show=True)
        else:
            pulumi(log, "state", "unprotect", "--all", "--yes", "--stack", STACK)
            pulumi(log, "destroy", "--yes", "--stack", STACK, "--skip-preview", show=True, remove_data=True)
    except leftovers.StackBusy:
        raise
    except StageFailed as failure:
        log.say(f"left to the sweep: {failure.why}")
        return "not all removed"
    return "done"


def sweep(log: Log, *, keep_data: bool) -> str:
    """Remove all that carries the lab's label, state or no state."""
    leftovers.end(leftovers.orphans(leftovers.this_run()))
    command = [str(VENV / "bin" / "python"), "-m", "infra.targets.lab.sweep", *(["--keep-data"] if keep_data else [])]
    try:
        log.run(command, cwd=ROOT, env=environment(), show=True)
    except StageFailed as failure:
        why = failure.tail[-1] if failure.tail else failure.why
        raise StageFailed(why, "mend that and run `make down` again; what is left carries the lab's label") from failure
    return "nothing of the lab is left" + (" but its data" if keep_data else "")


def forget(*, keep_data: bool) -> str:
    """Remove the stack's state and settings, for what they describe is gone; kept data keeps its secrets there."""
    if keep_data:
        return "kept, with the secrets of the data"
    backend = STATE / "pulumi" / ".pulumi"
    for place in (backend / "history" / PROJECT / STACK, backend / "backups" / PROJECT / STACK):
        shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(backend / "locks" / "organization" / PROJECT / STACK, ignore_errors=True)
    stacks = backend / "stacks" / PROJECT
    for path in (*stacks.glob(f"{STACK}.*"), SETTINGS, STATE / "asked"):
        path.unlink(missing_ok=True)
    if not any(stacks.glob("*.json")):
        shutil.rmtree(STATE / "secrets", ignore_errors=True)
    return "forgotten"
