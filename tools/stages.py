"""The stages behind `make up`, `setup`, `venv` and `down`. Standard library only: it runs before any set-up.

Every stage looks first and does only what is missing, so all may be interrupted and run again at any moment.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import kernel_features
import preflight
import pulumi_command
import stack
import system_packages
import virtual_environment
from environment import ROOT, STATE, VENV, prepare_state
from progress import Log, Stage, StageFailed, run_stages

LOCK_GRACE_S = 5.0
PR_SET_PDEATHSIG = 1


class Busy(Exception):
    """Another run of this clone is at work; carries its process number."""


def look(log: Log, groups: Sequence[str], *, lab: bool) -> str:
    """Say what is missing or too small and what will be installed; raises StageFailed where it is no use to go on."""
    found = preflight.findings(lab=lab)
    if lab and os.geteuid() == 0:
        none = kernel_features.namespaces()
        found += [none] if none else []
    _judge(log, found)
    names = system_packages.missing(groups)
    if names:
        log.say(f"will install {len(names)} system packages (about 1 min):")
        width = max(map(len, names))
        for name, reason in names.items():
            log.say(f"  {name:{width}}  {reason}")
    if not virtual_environment.ready():
        log.say("will make the virtual environment (about 1 min)")
    if pulumi_command.to_be_built():
        log.say("will build the Pulumi command from its Go modules (about 5 min)")
    if lab and not _images_there():
        log.say("will build the node images (about 4 min)")
    return "fit"


def _images_there() -> bool:
    command = ["podman", "image", "exists", "localhost/municipal-twin/base:latest"]
    return shutil.which("podman") is not None and subprocess.run(command, check=False).returncode == 0


def _judge(log: Log, found: Sequence[preflight.Finding]) -> None:
    fatal = [finding for finding in found if finding.fatal]
    for finding in found:
        if not finding.fatal or len(fatal) > 1:
            log.say(f"{finding.what}; {finding.remedy}")
    if fatal:
        raise StageFailed("; ".join(finding.what for finding in fatal), "; ".join(finding.remedy for finding in fatal))


def try_kernel(log: Log) -> str:
    """Try what the lab asks of the kernel."""
    _judge(log, kernel_features.missing())
    return "all there"


def images(log: Log) -> str:
    """Build the node images that are missing."""
    log.run([str(VENV / "bin" / "python"), "tools/images/build.py", "--all"], cwd=ROOT, show=True)
    return "ready"


def kernels(log: Log) -> str:
    """Compile the kernels of the simulation, so that nobody waits for it later."""
    log.run([str(VENV / "bin" / "python"), "-m", "simulation.warm"], cwd=ROOT)
    return "ready"


def setup_stages(groups: Sequence[str]) -> list[Stage]:
    """Return the stages that make a machine ready for the lab."""
    return [
        ("preflight", "", lambda log: look(log, groups, lab=True)),
        ("system packages", "", lambda log: system_packages.install(log, groups)),
        ("kernel features", "", try_kernel),
        ("virtual environment", "about 1 min the first time", virtual_environment.install),
        ("compiled kernels", "about 20 s the first time", kernels),
        ("Pulumi command", "about 5 min the first time", pulumi_command.ensure),
        ("node images", "about 4 min the first time", images),
    ]


def venv_stages() -> list[Stage]:
    """Return the stages that make simulation, drawings and gate work where no lab can be."""
    return [
        ("preflight", "", lambda log: look(log, (), lab=False)),
        ("virtual environment", "about 1 min the first time", virtual_environment.install),
        ("compiled kernels", "about 20 s the first time", kernels),
    ]


@contextmanager
def alone() -> Iterator[None]:
    """Hold this clone for one run; raises Busy where another holds it."""
    with (STATE / "lock").open("a+") as lock:
        deadline = time.monotonic() + LOCK_GRACE_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    lock.seek(0)
                    raise Busy(lock.read().strip()) from None
                time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _die_with_make() -> None:
    """End when `make` is killed; what this run started ends with it in turn."""
    if "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> int:
    """Run the stages of the goal named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goal", choices=["setup", "venv", "up", "down"])
    parser.add_argument("--tests", action="store_true", help="also what only the tests need")
    parser.add_argument("--estate", default="fuji-fujinomiya")
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="PATH=VALUE")
    parser.add_argument("--keep-data", action="store_true", help="with down: keep the databases' volumes")
    options = parser.parse_args()
    old = preflight.python()
    if old is not None:
        print(f"{old.what}; {old.remedy}", file=sys.stderr)
        return 1
    _die_with_make()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    groups = ["lab", "tests"] if options.tests else ["lab"]
    goals: dict[str, Callable[[], list[Stage]]] = {
        "setup": lambda: setup_stages(groups),
        "venv": venv_stages,
        "up": lambda: [*setup_stages(groups), *stack.up_stages(options.estate, options.overrides)],
        "down": lambda: down_stages(keep_data=options.keep_data),
    }
    stages = goals[options.goal]()
    try:
        prepare_state()
        with alone():
            return run_stages(stages, Log(STATE / "logs", options.goal))
    except Busy as busy:
        print(f"another run of this clone is at work (process {busy}): wait for it or end it", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror}; mend that and run again", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def down_stages(*, keep_data: bool) -> list[Stage]:
    """Return the stages of `make down`: without an environment but with containers about, that is made first."""
    stages = stack.down_stages(keep_data=keep_data)
    if (VENV / "bin" / "python").exists():
        return stages
    if shutil.which("podman") is None:
        return [("state", "", lambda _log: stack.forget(keep_data=keep_data))]
    return [("virtual environment", "the sweep needs it", virtual_environment.install), *stages]


if __name__ == "__main__":
    sys.exit(main())
