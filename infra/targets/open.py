"""Opens a target by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.targets.target import Target, TargetError

if TYPE_CHECKING:
    from inventory.models.estate import Estate

CLONE_ROOT = Path(__file__).resolve().parents[2]


def open_target(
    name: str, estate: Estate | None = None, clone_root: Path = CLONE_ROOT, options: Mapping[str, Any] | None = None
) -> Target:
    """Return the target `lab` or `hosts`; raises TargetError where there is none of that name or the options are wrong.

    `options` for `lab`: `prefix`, of all names on the host; for `hosts`: `file`, which names the machines (see
    `infra.targets.hosts.machines`), by default `hosts.yaml` beside the estate. The lab does not need the estate.
    """
    given = dict(options or {})
    if name == "lab":
        from infra.targets.lab.target import LabTarget

        return LabTarget(clone_root, **given)
    if name == "hosts":
        from infra.targets.hosts.target import HostsTarget

        folder = Path(estate.folder) if estate else clone_root
        return HostsTarget(Path(given.get("file", folder / "hosts.yaml")), clone_root / ".state")
    raise TargetError(f"there is no target {name!r}; there are lab and hosts")
