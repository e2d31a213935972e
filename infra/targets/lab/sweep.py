"""Removes everything of the lab from this host by label and name alone, whatever state is left of it.

python -m infra.targets.lab.sweep [--keep-data] [--whoever]
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from infra.targets.lab import host, leftovers
from infra.targets.lab.claim import Claim
from infra.targets.lab.names import DEFAULT_PREFIX, LAB_LABEL, NAMESPACE_FOLDER, Names
from infra.targets.lab.namespaces import Namespace, all_names
from infra.targets.lab.podman import Podman
from infra.targets.target import LabHeldByOther, Progress, TargetError

CLONE_ROOT = Path(__file__).resolve().parents[3]


def sweep(
    *,
    keep_data: bool,
    progress: Progress,
    names: Names | None = None,
    podman: Podman | None = None,
    clone_root: Path = CLONE_ROOT,
    whoever: bool = False,
) -> list[str]:
    """Remove all of the lab and return what was removed, in plain words; with `keep_data` its volumes stay.

    Raises LabHeldByOther where another clone holds the lab (unless `whoever`), TargetError where something is left.
    """
    names, podman = names or Names(), podman or Podman()
    claim = Claim(names, podman, clone_root)
    if not whoever:
        claim.look()
    removed: list[str] = []

    def note(what: str) -> None:
        removed.append(what)
        progress(f"removed {what}")

    steps: list[Callable[[], list[str]]] = [
        lambda: _containers(names, podman),
        lambda: _processes(names),
        lambda: _namespaces(names),
        lambda: [] if keep_data else _volumes(names, podman),
        lambda: _mounts(names),
    ]
    problems = []
    for step in steps:
        try:
            for what in step():
                note(what)
        except TargetError as error:
            problems.append(str(error))
    if not problems:
        shutil.rmtree(names.record_folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            names.record_folder.parent.rmdir()
    else:
        raise TargetError(f"not all of the lab could be removed: {'; '.join(problems)}")
    return removed


def _containers(names: Names, podman: Podman) -> list[str]:
    ours = [found for found in podman.containers(fresh=True).values() if found.labels.get(LAB_LABEL) == names.lab]
    for container in ours:
        # After /run was emptied Podman takes for stopped what still runs.
        if not container.running:
            leftovers.end_processes_of(container.id)
    if ours:
        podman.run("rm", "--force", "--time", "0", *(container.id for container in ours))
    for container in ours:
        leftovers.end_processes_of(container.id)
    return [f"container {found.name}" for found in ours] + _half_made(names, podman)


def _half_made(names: Names, podman: Podman) -> list[str]:
    """Remove what a killed `podman run` left in the storage: it has a name but no labels yet."""
    shown = host.run(
        podman.command("ps", "--all", "--external", "--filter", "status=unknown", "--format", "{{.ID}} {{.Names}}"),
        check=False,
    )
    removed = []
    for line in shown.stdout.splitlines():
        id_, _, name = line.partition(" ")
        if name.startswith(f"{names.prefix}-"):
            podman.run("rm", "--force", "--storage", id_, check=False)
            removed.append(f"half-made container {name}")
    return removed


def _processes(names: Names) -> list[str]:
    inodes = {inode for name in all_names() if names.is_namespace(name) and (inode := Namespace(name).inode)}
    count = leftovers.end_processes_in(inodes)
    return [f"{count} processes left in its networks"] if count else []


def _namespaces(names: Names) -> list[str]:
    removed = []
    for name in all_names():
        if names.is_namespace(name):
            Namespace(name).remove()
            removed.append(f"network namespace {name}")
    return removed


def _volumes(names: Names, podman: Podman) -> list[str]:
    ours = [name for name, labels in podman.volumes(fresh=True).items() if labels.get(LAB_LABEL) == names.lab]
    if ours:
        podman.run("volume", "rm", *ours)
    return [f"volume {name} with its data" for name in ours]


def _mounts(names: Names) -> list[str]:
    """Undo mounts of namespaces whose removal was interrupted."""
    removed = []
    for line in Path("/proc/self/mounts").read_text().splitlines():
        folder = Path(line.split()[1])
        if folder.parent == NAMESPACE_FOLDER and names.is_namespace(folder.name):
            host.run(["umount", "--lazy", str(folder)])
            folder.unlink(missing_ok=True)
            removed.append(f"mount {folder}")
    return removed


def main() -> int:
    """Sweep from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.targets.lab.sweep", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--keep-data", action="store_true", help="keep the data volumes")
    parser.add_argument("--whoever", action="store_true", help="also what another clone has made")
    parser.add_argument("--prefix", default=DEFAULT_PREFIX, help="of the names of a lab that tests have made")
    options = parser.parse_args()
    try:
        removed = sweep(
            keep_data=options.keep_data,
            whoever=options.whoever,
            names=Names(options.prefix),
            progress=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except LabHeldByOther as error:
        print(f"nothing of this clone stands; {error}", file=sys.stderr)
        return 0
    except TargetError as error:
        print(error, file=sys.stderr)
        return 1
    if not removed:
        print("nothing to remove", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
