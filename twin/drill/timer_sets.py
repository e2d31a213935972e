"""Sets of timers that were never used while the model was made: drills with them show whether it generalises.

A set is a YAML file of dotted paths and values. To drill with one, the lab is brought up with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.errors import LabNotReady, TwinError
from twin.settings import ROOT

SETS = ROOT / "twin" / "timer_sets"


class TimerSetInvalid(TwinError):
    """A file of timers is not a mapping of dotted paths to values."""


def timer_sets() -> dict[str, dict[str, str]]:
    """Return the sets that come with the project, by name."""
    return {path.stem: read_timer_set(path) for path in sorted(SETS.glob("*.yaml"))}


def read_timer_set(path: Path) -> dict[str, str]:
    """Return what a set replaces, as `--set` takes it; raises TimerSetInvalid."""
    import yaml

    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise TimerSetInvalid(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict) or not found or not all(isinstance(key, str) for key in found):
        raise TimerSetInvalid(f"{path}: expected a mapping of dotted paths, such as `timers.bfd.interval: 100 ms`")
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in found.items()}


def bring_up(estate: str, overrides: Mapping[str, str]) -> None:
    """Bring the lab up with these values replaced, as `make up` does; raises LabNotReady where that fails."""
    pairs = [word for path, value in overrides.items() for word in ("--set", f"{path}={value}")]
    command = [sys.executable, str(ROOT / "tools" / "stages.py"), "up", "--estate", estate, *pairs]
    code = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode
    if code != 0:
        raise LabNotReady(f"`make up` with other timers ended with {code}; its own lines say why")
