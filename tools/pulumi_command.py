"""An installed Pulumi command that is new enough, or one built from the Go modules beside this. Standard library only.

The built one lies in a folder that clones share. Its name changes with this file and the modules, so that a change
builds anew.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from environment import ROOT, toolchain_folder
from progress import Log, StageFailed

VERSION = (3, 259, 0)
SDK = "github.com/pulumi/pulumi/sdk/v3"
# The language host left this module after 3.79; that one serves today's command and SDK.
BUILDS = {
    "pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "pulumi-language-python": f"{SDK}/python/cmd/pulumi-language-python",
}


def installed_version() -> tuple[int, ...] | None:
    """Return the version of the `pulumi` on PATH that brings its own Python language host, or None."""
    command = shutil.which("pulumi")
    host = shutil.which("pulumi-language-python")
    if command is None or host is None or Path(command).parent == toolchain_folder():
        return None
    shown = subprocess.run([command, "version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", shown.strip())
    return tuple(map(int, match.groups())) if match else None


def built() -> bool:
    """Say whether a command was built from what is here."""
    return (toolchain_folder() / "pulumi").exists()


def to_be_built() -> bool:
    """Say whether `ensure` would build."""
    return not built() and (installed_version() or (0,)) < VERSION


def ensure(log: Log) -> str:
    """Use what is there or build it, once however many clones ask; return in a few words which."""
    if built():
        return "built before"
    if not to_be_built():
        return "the installed one is used"
    folder = toolchain_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.say("another clone builds it: waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if built():
            return "built meanwhile by another clone"
        for left in folder.parent.glob("half-*"):
            shutil.rmtree(left, ignore_errors=True)
        _build(folder, log)
    return f"built {'.'.join(map(str, VERSION))}"


def _build(folder: Path, log: Log) -> None:
    """Build into a folder beside the final one and put it there whole."""
    version = "v" + ".".join(map(str, VERSION))
    flags = f"-s -w -X {SDK}/go/common/version.Version={version}"
    env = {"GOTOOLCHAIN": "auto", **os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
    work = Path(tempfile.mkdtemp(prefix="half-", dir=folder.parent))
    try:
        for name, package in BUILDS.items():
            command = ["go", "build", "-ldflags", flags, "-o", str(work / name), package]
            log.run(command, cwd=ROOT / "tools" / name, env=env)
        source = log.run(["go", "list", "-m", "-f", "{{.Dir}}", SDK], cwd=ROOT / "tools" / "pulumi", env=env)
        script = Path(source.splitlines()[-1]) / "python" / "cmd" / "pulumi-language-python-exec"
        shutil.copyfile(script, work / script.name)
    except StageFailed as failure:
        shutil.rmtree(work, ignore_errors=True)
        remedy = (
            "run again (it goes on where it stopped); it needs the Go module proxy, or install pulumi 3.259 or later"
        )
        raise StageFailed(f"the Pulumi command cannot be built ({failure.why})", remedy, failure.tail) from failure
    for path in (*work.iterdir(), work):
        path.chmod(0o755)
    work.rename(folder)
