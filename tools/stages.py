"""The stages behind `make up`, `make setup` and `make down`. Standard library only, for it makes the virtual environment.

Every stage looks first and does only what is missing, so it can be interrupted and run again at any moment.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys

import pulumi_command
import stack
from environment import ROOT, STATE, VENV, prepare_state, toolchain_folder
from preflight import machine_findings
from progress import Log, Stage, StageFailed, run_stages


def preflight(log: Log) -> str:
    """Say what is missing or too small; stop where it is fatal."""
    findings = machine_findings(ROOT)
    for finding in findings:
        log.write(f"{finding}\n")
        print(f"      {finding.what}: {finding.remedy}", file=sys.stderr)
    fatal = [finding for finding in findings if finding.fatal]
    if fatal:
        raise StageFailed("; ".join(finding.what for finding in fatal), fatal[0].remedy)
    missing = _missing_packages()
    if missing:
        print("      will install (about 1 min):", file=sys.stderr)
        for name, reason in missing.items():
            print(f"        {name}: {reason}", file=sys.stderr)
    if pulumi_command.installed_version() is None and not (toolchain_folder() / "pulumi").exists():
        print("      will build the Pulumi command from its Go modules (about 6 min)", file=sys.stderr)
    return "fit"


def _missing_packages() -> dict[str, str]:
    packages = json.loads((ROOT / "tools" / "packages.json").read_text())
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Status}\n"], capture_output=True, text=True, check=False
    ).stdout
    present = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    if f"{sys.prefix}".startswith("/usr") and sys.prefix == sys.base_prefix:
        packages["python3-venv"] = "makes the project's virtual environment"
    return {name: reason for name, reason in packages.items() if name not in present}


def system_packages(log: Log) -> str:
    """Install what Debian has and this machine lacks."""
    missing = _missing_packages()
    if not missing:
        return "all there"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    remedy = "check this machine's package sources (apt-get update) and run again"
    try:
        log.run(["apt-get", "-q", "update"], env=env)
        log.run(["apt-get", "-q", "-y", "--no-install-recommends", "install", *missing], env=env)
    except StageFailed as failure:
        raise StageFailed(failure.why, remedy) from failure
    return f"{len(missing)} installed"


def virtual_environment(log: Log) -> str:
    """Install the locked requirements, by hash, and the project itself."""
    wanted = hashlib.sha256(
        (ROOT / "requirements.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    ).hexdigest()
    stamp = VENV / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return "all there"
    if not (VENV / "bin" / "python").exists() or not stamp.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        log.run([sys.executable, "-m", "venv", str(VENV)])
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    log.run([*pip, "--require-hashes", "-r", "requirements.txt"], cwd=ROOT)
    log.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], cwd=ROOT)
    stamp.write_text(wanted)
    return "installed"


def images(log: Log) -> str:
    """Build the node images that are missing."""
    log.run([str(VENV / "bin" / "python"), "tools/images/build.py", "--all"], cwd=ROOT, show=True)
    return "ready"


SETUP: list[Stage] = [
    ("preflight", "", preflight),
    ("system packages", "", system_packages),
    ("virtual environment", "about 1 min the first time", virtual_environment),
    ("Pulumi command", "about 6 min the first time", pulumi_command.ensure),
    ("node images", "about 4 min the first time", images),
]


def main() -> int:
    """Run the stages of the goal named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goal", choices=["setup", "up", "down"])
    parser.add_argument("--estate", default="fuji-fujinomiya")
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="PATH=VALUE")
    parser.add_argument("--keep-data", action="store_true", help="with down: keep the databases' volumes")
    options = parser.parse_args()
    prepare_state()
    log = Log(STATE / "logs", options.goal)
    if options.goal == "setup":
        return run_stages(SETUP, log)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another `make up` or `make down` of this clone is at work; wait for it or end it", file=sys.stderr)
            return 1
        if options.goal == "down":
            return run_stages(stack.down_stages(options.keep_data), log)
        return run_stages([*SETUP, *stack.up_stages(options.estate, options.overrides)], log)


if __name__ == "__main__":
    sys.exit(main())
