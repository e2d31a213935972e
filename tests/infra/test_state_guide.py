"""The guide to the state works as written: its commands are run in their order, on a place that is only a folder.

The clone has the project's own `activate`, tools and program. Its Makefile alone is another: `make up` leaves out the
set-up of the machine and counts as done where only provisioning failed, which finds no machines in a folder; `make
down` empties the folder where the real one sweeps the host.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from guide_pages import Step, steps, text_of

from infra.targets.lab.claim import clone_id

ROOT = Path(__file__).parents[2]
GUIDE = "docs/guides/state.md"
MAKEFILE = "KEEP_DATA ?= 0\nup down:\n\t@python3 place.py $@ $(KEEP_DATA)\n"
PLACE = """\
import os, pathlib, sys
sys.path.insert(0, "tools")
import environment, progress, stack

def sweep(log, *, keep_data):
    for path in pathlib.Path(os.environ["MEMORY_PLACE"]).glob("*.json"):
        if not (keep_data and path.name.startswith("volume-")):
            path.unlink()
    return "swept"

environment.prepare_state()
stack.sweep = sweep
goal, keep_data = sys.argv[1], sys.argv[2] == "1"
stages = stack.up_stages("fuji-fujinomiya", []) if goal == "up" else stack.down_stages(keep_data=keep_data)
log = progress.Log(environment.STATE / "logs", goal)
code = progress.run_stages(stages, log)
sys.exit(0 if code and goal == "up" and "error: provisioning failed" in log.path.read_text() else code)
"""
NEVER_PROVISIONED = "+ 2 to create"
"""What a preview says where all stands but what needs machines: provisioning and verification."""


class Clone:
    """A clone, the place that it builds, and someone's home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.state = self.folder / ".state"
        self.secrets = self.state / "secrets" / "fuji-fujinomiya"
        self.home = folder / "home"
        self.place = folder / "place"
        modules = folder / "modules"
        for made in (self.folder, self.home, self.place, modules):
            made.mkdir()
        shutil.copy(ROOT / "tests" / "memory_place.py", modules)
        shutil.copy(ROOT / "activate", self.folder)
        shutil.copytree(ROOT / "tools", self.folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        (self.folder / ".venv").symlink_to(ROOT / ".venv")
        project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
        project["main"] = str(ROOT / "infra")
        project["plugins"]["providers"][0]["path"] = str(ROOT / "infra" / "plugin")
        project["config"]["target"]["default"] = "memory"
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project, sort_keys=False))
        (self.folder / "Makefile").write_text(MAKEFILE)
        (self.folder / "place.py").write_text(PLACE)
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "MUNICIPAL_"))},
            "HOME": str(self.home),
            "XDG_CACHE_HOME": cache,
            "NO_COLOR": "1",
            "MUNICIPAL_TWIN_TARGET_MODULE": "memory_place",
            "MEMORY_PLACE": str(self.place),
            "PYTHONPATH": str(modules),
        }

    def run(self, command: str, *, fails: bool = False) -> str:
        """Run a command as a reader would, in a shell with the clone activated; return all that it says."""
        done = subprocess.run(
            ["bash", "-c", f". ./activate\n{command}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            cwd=self.folder, env=self._env, timeout=300,
        )  # fmt: skip
        if (done.returncode != 0) != fails:
            pytest.fail(f"{command} ended with {done.returncode}:\n{done.stdout}", pytrace=False)
        return done.stdout

    def follow(self, found: list[Step]) -> str:
        """Run the guide's commands; what it shows below one must come. Return all that they say."""
        said = []
        for step in found:
            said.append(self.run(step.command, fails=step.mark == "fails"))
            assert [line for line in step.shown if line not in said[-1]] == []
        return "\n".join(said)

    def secret_values(self) -> dict[str, bytes]:
        """Return the content of every file of a secret."""
        return {path.name: path.read_bytes() for path in self.secrets.iterdir() if path.suffix != ".crt"}

    def standing(self) -> set[str]:
        """Return what stands in the place."""
        return {path.name for path in self.place.glob("*.json")}

    def made(self) -> list[str]:
        """Return what was made or removed so far, in order."""
        return [line for line in (self.place / "journal").read_text().splitlines() if not line.startswith("read")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, Path]:
    """A clone whose estate stands and whose state is backed up as the guide says, and a copy of all of it."""
    folder = tmp_path_factory.mktemp("state-guide")
    (folder / "all").mkdir()
    clone = Clone(folder / "all")
    clone.run("make up")
    clone_id(clone.folder)
    clone.follow(steps(GUIDE, "Backup"))
    shutil.copytree(folder / "all", folder / "kept", symlinks=True)
    return clone, folder / "kept"


@pytest.fixture
def clone(built: tuple[Clone, Path]) -> Iterator[Clone]:
    """The clone as it was after the backup."""
    clone, kept = built
    yield clone
    shutil.rmtree(clone.folder.parent)
    shutil.copytree(kept, clone.folder.parent, symlinks=True)


def _lose(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_every_command_of_the_guide_is_followed_here() -> None:
    """All commands stand in the four parts that the tests below follow; what only the lab can show is marked."""
    parts = ("Backup", "Restore", "The passphrase is lost or wrong", "The state is lost")
    found = [step for part in parts for step in steps(GUIDE, part)]
    assert re.findall(r"^\$ (.*)", text_of(GUIDE), re.MULTILINE) == [step.command for step in found]
    assert [len(way) for way in _ways()] == [2, 3, 2]
    assert {step.mark for step in found} == {"plain", "fails", "lab"}


def test_backup_is_private_and_holds_no_open_secret(clone: Clone) -> None:
    """The folders and the passphrase are their owner's alone; the exported state shows no secret."""
    state, passphrase = clone.home / "lab-state", clone.home / "lab-passphrase"
    assert [path.stat().st_mode & 0o777 for path in (state, passphrase, passphrase / "passphrase")] == [
        0o700,
        0o700,
        0o600,
    ]
    text = (state / "lab.json").read_bytes()
    assert len(clone.secret_values()) > 5
    assert [name for name, value in clone.secret_values().items() if value in text] == []


def test_restore_brings_everything_back_after_all_was_lost(clone: Clone) -> None:
    """With `.state` and the settings gone, nothing is made twice, and the same secrets come out of the backup."""
    secrets, made = clone.secret_values(), clone.made()
    _lose(clone.state, clone.folder / "Pulumi.lab.yaml")
    *before, up = steps(GUIDE, "Restore")
    said = clone.follow(before)
    assert NEVER_PROVISIONED in said and "to delete" not in said and "to replace" not in said
    clone.follow([up])
    assert clone.secret_values() == secrets
    assert clone.made() == made
    assert NEVER_PROVISIONED in clone.run("pulumi preview")


def test_restore_mends_a_damaged_state(clone: Clone) -> None:
    """A state that was cut short is told by `make up`, and the same commands put it back."""
    os.truncate(clone.state / "pulumi/.pulumi/stacks/municipal-twin/lab.json", 5000)
    assert "why: the state of this stack is damaged" in clone.run("make up", fails=True)
    said = clone.follow(steps(GUIDE, "Restore")[:-1])
    assert NEVER_PROVISIONED in said and "to update" not in said


@pytest.mark.parametrize("damage", ["lost", "wrong"])
def test_passphrase_is_told_and_put_back(clone: Clone, damage: str) -> None:
    """Pulumi's and `make up`'s words are the guide's; the copy opens the state again, and export needs none."""
    passphrase = clone.state / "passphrase"
    passphrase.write_text("another\n") if damage == "wrong" else passphrase.unlink()
    found = steps(GUIDE, "The passphrase is lost or wrong")
    fail, back = found[:2], found[2:4]
    assert all(step.mark == "fails" and step.shown for step in fail)
    clone.follow(fail)
    clone.run("pulumi stack export --stack lab --file exported.json")
    assert NEVER_PROVISIONED in clone.follow(back)
    assert passphrase.stat().st_mode & 0o777 == 0o600


def _ways() -> list[list[Step]]:
    """Return the three ways to go on without the passphrase: the one that keeps all, the data, nothing."""
    _, _, _, _, *rest = steps(GUIDE, "The passphrase is lost or wrong")
    ends = [number for number, step in enumerate(rest, 1) if step.command == "make up"]
    return [rest[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def test_lost_passphrase_costs_nothing_that_stands(clone: Clone) -> None:
    """The first way takes over all that stands with the secrets that it has, under a passphrase of its own."""
    secrets, standing, passphrase = clone.secret_values(), clone.standing(), (clone.state / "passphrase").read_text()
    (clone.state / "passphrase").unlink()
    said = clone.follow(_ways()[0])
    assert "its data is kept" in said
    assert not [line for line in clone.made() if line.startswith("remove")]
    assert (clone.secret_values(), clone.standing()) == (secrets, standing)
    assert (clone.state / "passphrase").read_text() != passphrase
    assert NEVER_PROVISIONED in clone.run("pulumi preview")


def test_lost_passphrase_and_new_secrets_keep_the_data(clone: Clone) -> None:
    """The second way takes everything down but the volumes; the next lab has them and no secret of the old one."""
    secrets, standing = clone.secret_values(), clone.standing()
    (clone.state / "passphrase").unlink()
    down, *rest = _ways()[1]
    assert "left to the sweep: the passphrase in .state/passphrase is not the one" in clone.follow([down])
    volumes = {name for name in standing if name.startswith("volume-")}
    assert clone.standing() == volumes and len(volumes) == 2
    assert "its data is kept" in clone.follow(rest)
    assert clone.standing() == standing
    assert clone.secret_values().keys() == secrets.keys()
    assert set(clone.secret_values().values()).isdisjoint(secrets.values())


def test_lost_passphrase_and_nothing_kept(clone: Clone) -> None:
    """The third way leaves nothing, not even the data, and begins anew with other secrets."""
    secrets, standing = clone.secret_values(), clone.standing()
    (clone.state / "passphrase").unlink()
    down, *rest = _ways()[2]
    clone.follow([down])
    assert clone.standing() == set()
    assert not clone.secrets.exists() and not (clone.folder / "Pulumi.lab.yaml").exists()
    assert "its data is kept" not in clone.follow(rest)
    assert clone.standing() == standing
    assert set(clone.secret_values().values()).isdisjoint(secrets.values())


@pytest.mark.parametrize("secrets_too", [False, True])
def test_lost_state_takes_over_what_stands(clone: Clone, *, secrets_too: bool) -> None:
    """Without a state `make up` removes nothing; secrets are kept where their files are, else made anew."""
    secrets, standing = clone.secret_values(), clone.standing()
    _lose(clone.state / "pulumi", *([clone.secrets] if secrets_too else []))
    clone.follow([step for step in steps(GUIDE, "The state is lost") if step.mark != "lab"])
    assert not [line for line in clone.made() if line.startswith("remove")]
    assert clone.standing() == standing
    assert (clone.secret_values() == secrets) is not secrets_too
    assert NEVER_PROVISIONED in clone.run("pulumi preview")


def test_lost_state_does_not_hinder_down(clone: Clone) -> None:
    """`make down` without a state ends well and leaves nothing."""
    _lose(clone.state / "pulumi")
    clone.run("make down")
    assert clone.standing() == set()
