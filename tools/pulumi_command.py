"""An installed Pulumi command that is new enough, or one built from the Go modules in `tools/`. Standard library only."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from environment import ROOT, toolchain_folder
from progress import Log, StageFailed

VERSION = (3, 259, 0)
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
SDK = "github.com/pulumi/pulumi/sdk/v3"


def installed_version() -> tuple[int, ...] | None:
    """Return the version of the `pulumi` on PATH that brings its own Python language host, or None."""
    command = shutil.which("pulumi")
    if command is None or Path(command).parent == toolchain_folder():
        return None
    if shutil.which("pulumi-language-python") is None:
        return None
    shown = subprocess.run([command, "version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", shown.strip())
    return tuple(map(int, match.groups())) if match else None


def ensure(log: Log) -> str:
    """Use the installed command or build one; return a few words on which."""
    version = installed_version()
    if version is not None and version >= VERSION:
        return f"installed {'.'.join(map(str, version))} is used"
    folder = toolchain_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "pulumi").exists():
            return "built before"
        _build(folder, log)
    return f"built {'.'.join(map(str, VERSION))}"


def _build(folder: Path, log: Log) -> None:
    if shutil.which("go") is None:
        raise StageFailed("go is not installed", "apt install golang-go, or install pulumi 3.259 or later")
    version = "v" + ".".join(map(str, VERSION))
    flags = f"-s -w -X {SDK}/go/common/version.Version={version}"
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        env = {**os.environ, "GOFLAGS": "-mod=readonly"}
        modules = (("pulumi", PACKAGE), ("pulumi-language-python", LANGUAGE_HOST))
        for name, package in modules:
            command = ["go", "build", "-ldflags", flags, "-o", f"{work}/{name}", package]
            log.run(command, cwd=ROOT / "tools" / name, env=env)
        found = log.run(["go", "mod", "download", "-json", f"{SDK}@{version}"], cwd=ROOT / "tools" / "pulumi", env=env)
        source = Path(json.loads(found[found.index("{") :])["Dir"]) / "python" / "cmd" / "pulumi-language-python-exec"
        shutil.copy(source, work)
        for path in Path(work).iterdir():
            path.chmod(0o755)
        staged = Path(tempfile.mkdtemp(dir=folder.parent))
        for path in Path(work).iterdir():
            path.rename(staged / path.name)
        staged.chmod(0o755)
        staged.rename(folder)
