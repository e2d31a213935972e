"""What import-linter does not see: services import nothing of the project, scripts only what runs without a set-up."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"inventory", "topology", "simulation", "infra", "evidence", "twin"}
APPS = {path.name for path in (ROOT / "apps").iterdir() if path.is_dir()}


def _imported(text: str) -> set[str]:
    """Return the top-level names that a module imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("app", sorted(APPS))
def test_services_stand_alone(app: str) -> None:
    """A service imports neither the project's packages nor another service."""
    forbidden = PACKAGES | (APPS - {app})
    for path in (ROOT / "apps" / app).rglob("*.py"):
        assert _imported(path.read_text()) & forbidden == set(), path


def test_playbooks_work_without_simulation_provider_or_command_line() -> None:
    """The dynamic inventory brings along the estate, its network and the host variables, and nothing that builds."""
    code = f"import runpy, sys; runpy.run_path({str(ROOT / 'playbooks' / 'hosts.py')!r}); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(shown.stdout.split())
    assert "infra.provisioning.hostvars" in loaded
    assert {"simulation", "evidence", "twin", "pulumi", "infra.program", "infra.provider"} & loaded == set()
    for path in (ROOT / "playbooks").glob("*/**/*.py"):
        assert _imported(path.read_text()) & PACKAGES == set(), path


def test_set_up_needs_no_set_up() -> None:
    """The stages run before any package is installed: they import the standard library and each other."""
    tools = {path.stem for path in (ROOT / "tools").glob("*.py")}
    for path in (ROOT / "tools").glob("*.py"):
        assert _imported(path.read_text()) <= set(sys.stdlib_module_names) | tools, path


def test_a_forbidden_import_is_seen() -> None:
    """The look-out itself sees imports in functions and of submodules."""
    assert _imported("def f():\n    from infra.targets import lab\n    import twin.cli as c\n") == {"infra", "twin"}
