"""What goes into each image: the recipes of images.yaml joined with the package lists of the Ansible roles.

Names and digests are settled here, before anything is built; building is build.py's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import yaml

REPOSITORY = "localhost/municipal-twin"


class RecipeError(Exception):
    """A recipe or a role's package list that cannot be built from."""


@dataclass(frozen=True)
class Recipe:
    """One image: its parent, what is installed and what is put right afterwards."""

    name: str
    parent: str | None
    release: str
    components: tuple[str, ...]
    packages: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    disabled: tuple[str, ...]
    masked: tuple[str, ...]
    removed: tuple[str, ...]
    parent_digest: str
    steps_digest: str

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change whenever this image or one that it stands on would."""
        text = json.dumps(self.__dict__, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def tag(self) -> str:
        """The image's full name with its digest."""
        return f"{REPOSITORY}/{self.name}:{self.digest}"


def role_packages(playbooks: Path, role: str) -> list[str]:
    """Read the packages that a role declares; raise RecipeError where it declares none."""
    path = playbooks / "roles" / role / "vars" / "packages.yml"
    try:
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"{path}: the role's package list cannot be read: {error.strerror}") from error
    key = f"{role}__packages"
    packages = declared.get(key) if isinstance(declared, dict) else None
    if not isinstance(packages, list) or not packages or not all(isinstance(name, str) for name in packages):
        raise RecipeError(f"{path}: expected a list of package names under {key}")
    return packages


def load_recipes(recipe_file: Path, playbooks: Path, names: list[str] | None = None) -> list[Recipe]:
    """Return the named recipes (all when None) and their parents, parents first; raise RecipeError on a bad one.

    Only the roles of the images asked for are read, so an image can be built while another is being written.
    """
    document = yaml.safe_load(recipe_file.read_text(encoding="utf-8"))
    entries = document["images"]
    steps_digest = _steps_digest(recipe_file.parent)
    made: dict[str, Recipe] = {}

    def make(name: str, asked_by: tuple[str, ...] = ()) -> Recipe:
        if name in made:
            return made[name]
        if name in asked_by:
            raise RecipeError(f"{recipe_file}: images stand on each other in a circle: {' → '.join((*asked_by, name))}")
        if name not in entries:
            raise RecipeError(f"{recipe_file}: no image called {name!r}; there are {', '.join(sorted(entries))}")
        entry = entries[name]
        unknown = set(entry) - {"from", "roles", "packages", "files", "disabled", "masked"}
        if unknown:
            raise RecipeError(f"{recipe_file}: images.{name}: unknown keys {', '.join(sorted(unknown))}")
        parent = make(entry["from"], (*asked_by, name)) if "from" in entry else None
        packages = list(entry.get("packages", []))
        for role in entry.get("roles", []):
            packages += role_packages(playbooks, role)
        made[name] = Recipe(
            name=name,
            parent=parent.name if parent else None,
            release=document["release"],
            components=tuple(document["components"]),
            packages=tuple(sorted(set(packages))),
            files=tuple(sorted(entry.get("files", {}).items())),
            disabled=tuple(entry.get("disabled", [])),
            masked=tuple(entry.get("masked", [])),
            removed=tuple(document["removed"]),
            parent_digest=parent.digest if parent else "",
            steps_digest=steps_digest,
        )
        return made[name]

    for name in names or list(entries):
        make(name)
    return list(made.values())


def _steps_digest(folder: Path) -> str:
    """Digest of the script that runs inside an image: other steps make another image."""
    return hashlib.sha256((folder / "provision.sh").read_bytes()).hexdigest()[:16]
