"""A stack of its own for a test: the real Pulumi command on a fresh file backend, the place only a folder."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from memory_place import MemoryPlace

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "a passphrase for tests alone"


def _toolchain() -> dict[str, str]:
    """Return the environment of the clone's own tools."""
    spec = importlib.util.spec_from_file_location("toolchain_environment", ROOT / "tools" / "environment.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = module.environment()
    return found


class Stack:
    """Runs Pulumi commands on a stack `test` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clone = folder / "clone"
        self.project = folder / "project"
        for made in (self.clone, self.project, folder / "backend", folder / "home"):
            made.mkdir()
        self.memory = MemoryPlace(folder / "place")
        # Alone in a folder, for the folder `tests` would put its own `infra` before the project's.
        modules = folder / "modules"
        modules.mkdir()
        (modules / "memory_place.py").write_text((ROOT / "tests" / "memory_place.py").read_text())
        project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
        project["main"] = str(ROOT / "infra")
        project["runtime"]["options"]["virtualenv"] = str(ROOT / ".venv")
        project["plugins"]["providers"][0]["path"] = str(ROOT / "infra" / "plugin")
        (self.project / "Pulumi.yaml").write_text(yaml.safe_dump(project, sort_keys=False))
        self.env = {
            **_toolchain(),
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(folder / "home"),
            "MUNICIPAL_TWIN_ROOT": str(self.clone),
            "MUNICIPAL_TWIN_TARGET_MODULE": "memory_place",
            "MEMORY_PLACE": str(self.memory.folder),
            "PYTHONPATH": str(modules),
            # Compiled once for all stacks, not for each anew.
            "NUMBA_CACHE_DIR": str(ROOT / ".state" / "kernels"),
        }
        self.env.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        self.env.pop("MUNICIPAL_TWIN_REMOVE_DATA", None)
        self.run("stack", "init", "test")
        self.run("config", "set", "target", "memory")

    def run(self, *arguments: str, expect: int | None = 0, **env: str) -> str:
        """Run a command and return all that it says; fails the test where it ends otherwise than expected."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.project,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = done.stdout + done.stderr
        if expect is not None and done.returncode != expect:
            pytest.fail(f"pulumi {' '.join(arguments)} ended with {done.returncode}:\n{said}", pytrace=False)
        if expect is None and done.returncode == 0:
            pytest.fail(f"pulumi {' '.join(arguments)} was expected to fail:\n{said}", pytrace=False)
        return said

    def up(self, *arguments: str, expect: int | None = 0, **env: str) -> str:
        """Run `pulumi up` without asking."""
        return self.run("up", "--yes", "--skip-preview", *arguments, expect=expect, **env)

    def set(self, *overrides: str) -> None:
        """Replace values of the estate for the runs that follow."""
        self.run("config", "set", "set", json.dumps(list(overrides)))

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the state's resources by name, secrets closed."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        return {item["urn"].rsplit("::", 1)[1]: item for item in deployment.get("resources", [])}
