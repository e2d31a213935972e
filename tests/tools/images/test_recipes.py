"""Image recipes: packages come from the roles, and a tag changes with all that the image is made of."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tools" / "images"


def _module(name: str) -> ModuleType:
    """Load a module of tools/images, which is a folder of scripts and no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


recipes = _module("recipes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small set of recipes and roles that a test may change."""
    (tmp_path / "provision.sh").write_text("true\n")
    roles = {"base": ["python3"], "router": ["frr", "keepalived"]}
    for role, packages in roles.items():
        path = tmp_path / "playbooks" / "roles" / role / "vars" / "packages.yml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump({f"{role}__packages": packages}))
    images = {"base": {"roles": ["base"]}, "router": {"from": "base", "roles": ["router"]}}
    (tmp_path / "images.yaml").write_text(
        yaml.safe_dump({"release": "trixie", "components": ["main"], "images": images, "removed": []})
    )
    return tmp_path


def _load(folder: Path, *names: str) -> dict[str, object]:
    found = recipes.load_recipes(folder / "images.yaml", folder / "playbooks", list(names) or None)
    return {recipe.name: recipe for recipe in found}


def _change_packages(folder: Path, role: str, packages: list[str]) -> None:
    path = folder / "playbooks" / "roles" / role / "vars" / "packages.yml"
    path.write_text(yaml.safe_dump({f"{role}__packages": packages}))


def test_parents_come_first(folder: Path) -> None:
    """An image asked for by name brings its parent along, and before itself."""
    assert list(_load(folder, "router")) == ["base", "router"]


def test_tag_is_stable(folder: Path) -> None:
    """The same recipe gives the same tag, so that a second build finds the first."""
    assert _load(folder)["router"].tag == _load(folder)["router"].tag


def test_tag_follows_the_role(folder: Path) -> None:
    """A package added to a role makes another image of it, and leaves its parent as it was."""
    before = _load(folder)
    _change_packages(folder, "router", ["frr", "keepalived", "conntrack"])
    after = _load(folder)
    assert after["router"].tag != before["router"].tag
    assert after["base"].tag == before["base"].tag


def test_tag_follows_the_parent(folder: Path) -> None:
    """A package added to the parent makes other images of all that stand on it."""
    before = _load(folder)
    _change_packages(folder, "base", ["python3", "curl"])
    assert _load(folder)["router"].tag != before["router"].tag


def test_tag_follows_the_steps(folder: Path) -> None:
    """Another script inside the image makes another image."""
    before = _load(folder)
    (folder / "provision.sh").write_text("false\n")
    assert _load(folder)["base"].tag != before["base"].tag


def test_order_of_packages_does_not_matter(folder: Path) -> None:
    """A list put into another order is the same image."""
    before = _load(folder)
    _change_packages(folder, "router", ["keepalived", "frr"])
    assert _load(folder)["router"].tag == before["router"].tag


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ({"base": {"roles": ["nobody"]}}, "package list cannot be read"),
        ({"base": {"from": "router"}, "router": {"from": "base"}}, "in a circle"),
        ({"base": {"form": "router"}}, "unknown keys form"),
        ({"base": {"from": "rooter"}}, "no image called 'rooter'"),
    ],
)
def test_bad_recipe_is_named(folder: Path, images: dict[str, object], message: str) -> None:
    """What is wrong with a recipe is said in one line that names it."""
    document = yaml.safe_load((folder / "images.yaml").read_text())
    (folder / "images.yaml").write_text(yaml.safe_dump({**document, "images": images}))
    with pytest.raises(recipes.RecipeError, match=message):
        _load(folder)


def test_recipes_name_no_address() -> None:
    """Mirrors, keys and proxies are the host's affair: no recipe or step names one."""
    for path in (FOLDER / "images.yaml", FOLDER / "provision.sh"):
        assert "://" not in path.read_text()


def test_every_image_of_the_project_has_its_packages() -> None:
    """Each role that an image names declares its packages."""
    found = recipes.load_recipes(FOLDER / "images.yaml", ROOT / "playbooks")
    assert {recipe.name for recipe in found} >= {"base", "router", "db", "app", "terminal", "host"}
    assert all(recipe.packages for recipe in found)
