"""Build the container images of the lab's nodes: debootstrap, then one layer of packages per image.

An image's tag is the digest of its recipe, its package lists and its parent, so a second run finds what is there and
does nothing, and a run that was interrupted goes on with what is missing. Recipes are recipes.py's, mirrors are
host_packages.py's. Runs with the system's Python: only PyYAML is needed.

    python3 tools/images/build.py --all
    python3 tools/images/build.py router --json
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from host_packages import PackageSource, PackageSourceError, find_sources, write_apt_configuration
from recipes import REPOSITORY, Recipe, RecipeError, load_recipes

FOLDER = Path(__file__).resolve().parent
PLAYBOOKS = FOLDER.parents[1] / "playbooks"
LABEL = "municipal-twin.image"
WORK_CONTAINER = "municipal-twin-build-"
# Root file systems do not belong into a /tmp that may be memory.
WORK_FOLDER = Path("/var/tmp")  # noqa: S108 - only folders of unguessable names are made in it
WORK_PREFIX = "municipal-twin-image-"
LOCK = Path("/run/lock/municipal-twin-images.lock")
SEEN_AS = "/run/build"
# The host's own limits make package scripts that walk all descriptors take minutes.
LIMITS = ("--ulimit", "nofile=16384:16384", "--ulimit", "nproc=4096:4096")
BUILDS_AT_ONCE = 2
NEEDED_DISK_BYTES = 4 * 2**30


class BuildError(Exception):
    """An image could not be built; the text says at which step and why."""


class Builder:
    """Builds recipes with Podman, keeping the host's package sources at hand."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._sources: list[PackageSource] = []

    def say(self, text: str) -> None:
        """Print one line of progress with the seconds since the start."""
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", file=sys.stderr, flush=True)

    def build(self, recipes: list[Recipe]) -> dict[str, str]:
        """Build what is missing, parents first, and return each image's tag; raise BuildError."""
        tags = {recipe.name: recipe.tag for recipe in recipes}
        missing = [recipe for recipe in recipes if not image_exists(recipe.tag)]
        if missing:
            self._check_surroundings()
            self._sweep()
            self._sources = find_sources(missing[0].release)
        while missing:
            waiting_for = {recipe.name for recipe in missing}
            ready = [recipe for recipe in missing if recipe.parent not in waiting_for]
            with ThreadPoolExecutor(BUILDS_AT_ONCE) as pool:
                list(pool.map(lambda recipe: self._build_one(recipe, tags), ready))
            missing = [recipe for recipe in missing if recipe not in ready]
        for recipe in recipes:
            podman("tag", recipe.tag, f"{REPOSITORY}/{recipe.name}:latest")
        return tags

    def _build_one(self, recipe: Recipe, tags: dict[str, str]) -> None:
        started = time.monotonic()
        self.say(f"{recipe.name}: {len(recipe.packages)} packages on top of {recipe.parent or recipe.release}")
        parent = tags[recipe.parent] if recipe.parent else self._bootstrap(recipe)
        with work_folder() as folder:
            self._write_build_files(folder, recipe)
            container = f"{WORK_CONTAINER}{recipe.name}"
            upgrade = "no" if recipe.parent else "yes"
            step = f"APT_CONFIG={SEEN_AS}/apt.conf UPGRADE={upgrade} exec sh {SEEN_AS}/provision.sh"
            try:
                podman(
                    *("run", "--name", container, "--network", "host"),
                    *("--http-proxy=false", *LIMITS, "--volume", f"{folder}:{SEEN_AS}:ro"),
                    *(*runtime(), parent, "sh", "-c", step),
                    step=f"{recipe.name}: installing packages",
                )
                self._commit(container, recipe)
            finally:
                podman("rm", "--force", "--ignore", "--volumes", container)
        self.say(f"{recipe.name}: ready after {time.monotonic() - started:.0f} s as {recipe.tag}")

    def _bootstrap(self, recipe: Recipe) -> str:
        """Return the tag of the release's minimal system, made with debootstrap where it is missing."""
        tag = f"{REPOSITORY}/bootstrap:{recipe.release}"
        if image_exists(tag):
            return tag
        main = next(source for source in self._sources if source.suite == recipe.release)
        with work_folder() as folder:
            root = folder / "root"
            keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
            # Without a script of the release's own name an older debootstrap would stop; Debian's are all alike.
            script = "/usr/share/debootstrap/scripts/sid"
            self.say(f"bootstrap: debootstrap {recipe.release}")
            command = ["debootstrap", "--variant=minbase", f"--keyring={keyring}", "--include=ca-certificates"]
            run([*command, recipe.release, str(root), main.site, script], "bootstrap: debootstrap")
            with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as archive:
                podman(
                    *("import", "--change", f"LABEL {LABEL}=bootstrap", "-", tag),
                    stdin=archive.stdout,
                    step="bootstrap: import",
                )
        return tag

    def _write_build_files(self, folder: Path, recipe: Recipe) -> None:
        write_apt_configuration(folder, self._sources, recipe.components, SEEN_AS)
        shutil.copy(FOLDER / "provision.sh", folder)
        for name in ("packages", "disabled", "masked", "removed"):
            (folder / name).write_text("".join(f"{line}\n" for line in getattr(recipe, name)), encoding="utf-8")
        with tarfile.open(folder / "files.tar", "w") as archive:
            for path, content in recipe.files:
                entry = tarfile.TarInfo(path.lstrip("/"))
                entry.size, entry.mode = len(content.encode()), 0o644
                archive.addfile(entry, io.BytesIO(content.encode()))

    def _commit(self, container: str, recipe: Recipe) -> None:
        changes = (
            f"LABEL {LABEL}={recipe.name}",
            'CMD ["/sbin/init"]',
            "STOPSIGNAL SIGRTMIN+3",
            "ENV container=podman",
        )
        options = [part for change in changes for part in ("--change", change)]
        podman("commit", "--quiet", *options, container, recipe.tag, step=f"{recipe.name}: commit")

    def _check_surroundings(self) -> None:
        for command in ("podman", "debootstrap", "tar"):
            if not shutil.which(command):
                raise BuildError(f"{command} is not installed; apt-get install podman debootstrap tar")
        free = shutil.disk_usage(WORK_FOLDER).free
        if free < NEEDED_DISK_BYTES:
            raise BuildError(f"{WORK_FOLDER} has {free / 2**30:.1f} GiB free, building images takes up to 4 GiB")

    def _sweep(self) -> None:
        """Remove what an interrupted build left; the lock is held, so no other build owns it."""
        # Found by name: a label would be inherited by the image and then by every node that is made from it.
        left = podman("ps", "--all", "--format", "{{.Names}}", "--filter", f"name=^{WORK_CONTAINER}").split()
        if left:
            podman("rm", "--force", "--volumes", *left)
        for folder in WORK_FOLDER.glob(f"{WORK_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], step: str, stdin: IO[bytes] | None = None) -> str:
    """Run a command and return its output; raise BuildError naming the step and the last lines it said."""
    done = subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
        raise BuildError(f"{step} failed with exit code {done.returncode}:\n  " + "\n  ".join(said))
    return done.stdout


def podman(*arguments: str, step: str = "", stdin: IO[bytes] | None = None) -> str:
    """Run one Podman command."""
    return run(["podman", *arguments], step or f"podman {arguments[0]}", stdin)


def runtime() -> tuple[str, ...]:
    """Options that choose an OCI runtime: crun refuses a hybrid of cgroup versions, runc takes it."""
    version = podman("info", "--format", "{{.Host.CgroupsVersion}}").strip()
    return ("--runtime", "runc") if version == "v1" and shutil.which("runc") else ()


def image_exists(tag: str) -> bool:
    """Say whether Podman has the image."""
    return subprocess.run(["podman", "image", "exists", tag], check=False).returncode == 0


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """A folder on disk that containers may read; removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=WORK_FOLDER) as name:
        yield Path(name)


@contextlib.contextmanager
def only_one(say: Callable[[str], None]) -> Iterator[None]:
    """Hold the host's build lock, waiting for another build to end."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build of images is running: waiting for it to end")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def list_images(recipes: list[Recipe]) -> list[dict[str, object]]:
    """Describe each image: its tag and whether it is there."""
    return [
        {"name": recipe.name, "tag": recipe.tag, "built": image_exists(recipe.tag), "packages": list(recipe.packages)}
        for recipe in recipes
    ]


def remove_images() -> list[str]:
    """Remove every image made here and return their names; raise BuildError where a node still uses one."""
    listing = podman("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"label={LABEL}").split()
    names = [name for name in listing if name.startswith(f"{REPOSITORY}/")]
    used = podman("ps", "--all", "--format", "{{.Names}} {{.Image}}").splitlines()
    holders = [line.split()[0] for line in used if line.split()[-1] in names]
    if holders:
        raise BuildError(f"nodes still stand on the images: {', '.join(sorted(holders))}; run `make down` first")
    if names:
        podman("rmi", *names, step="removing images")
    return names


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the container images of the lab's nodes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="images to build")
    parser.add_argument("--all", action="store_true", help="build every image of images.yaml")
    parser.add_argument("--list", action="store_true", help="list the images and whether they are built")
    parser.add_argument("--remove", action="store_true", help="remove every image built here")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    chosen = parser.parse_args(arguments)
    if not (chosen.names or chosen.all or chosen.list or chosen.remove):
        parser.error("name an image, or say --all, --list or --remove")
    return chosen


def main(arguments: list[str] | None = None) -> int:
    """Run the command: 0 when done, 1 when a build failed, 2 when used wrongly."""
    chosen = parse(arguments)
    builder = Builder()
    try:
        if chosen.remove:
            with only_one(builder.say):
                result: object = remove_images()
        else:
            recipes = load_recipes(FOLDER / "images.yaml", PLAYBOOKS, chosen.names or None)
            if chosen.list:
                result = list_images(recipes)
            else:
                with only_one(builder.say):
                    result = builder.build(recipes)
    except (BuildError, PackageSourceError, RecipeError, OSError, yaml.YAMLError) as error:
        print(f"images: {error}", file=sys.stderr)
        return 1
    if chosen.json:
        print(json.dumps(result, indent=2))
    else:
        print_plain(result)
    return 0


def print_plain(result: object) -> None:
    """Print a result for a person to read."""
    if isinstance(result, dict):
        for tag in result.values():
            print(tag)
    elif isinstance(result, list):
        for entry in result:
            print(entry if isinstance(entry, str) else f"{'built' if entry['built'] else '-':6} {entry['tag']}")


if __name__ == "__main__":
    sys.exit(main())
