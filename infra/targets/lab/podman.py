"""What the lab asks of Podman: commands, and lists of what is there, taken once for all nodes and kept a moment."""

from __future__ import annotations

import dataclasses
import functools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.targets.lab import host
from infra.targets.target import Completed

# A preview looks at every node within a second; one list serves all of them. Images change only when they are built.
_FRESH_S = {"containers": 1.0, "volumes": 1.0, "images": 5.0}
UNIFIED_CONTROLLERS = Path("/sys/fs/cgroup/cgroup.controllers")


@dataclasses.dataclass(frozen=True)
class Container:
    """A container as Podman lists it; `pid` is 0 unless it runs."""

    id: str
    name: str
    state: str
    pid: int
    image_id: str
    labels: Mapping[str, str]

    @property
    def running(self) -> bool:
        """Tell whether its system is up (or booting)."""
        return self.state == "running"


def unified_cgroups() -> bool:
    """Tell whether this host has the unified control groups (v2) alone; with hybrid or legacy ones it has not."""
    return UNIFIED_CONTROLLERS.exists()


class Podman:
    """Podman with global options (tests give it storage and run folders of its own)."""

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        self.options = options
        self._lock = threading.Lock()
        self._lists: dict[str, tuple[float, Any]] = {}

    def run(self, *arguments: str, check: bool = True, timeout_s: float = 120.0) -> Completed:
        """Run a Podman command that changes containers or volumes; what was listed of them is forgotten."""
        try:
            return host.run(self.command(*arguments), check=check, timeout_s=timeout_s)
        finally:
            self._forget("volumes" if arguments[0] == "volume" else "containers")

    def make(self, arguments: Sequence[str], name: str, image: str, labels: Mapping[str, str]) -> Completed:
        """Run `podman run --detach …`; what was listed before stays, with the new container in it.

        A list takes as much processor time as the making itself, and many are made at once.
        """
        done = host.run(self.command(*arguments), check=False)
        if done.returncode != 0:
            self._forget("containers")
            return done
        id_ = done.stdout.strip()
        try:
            pid = int((self._run_folder / "overlay-containers" / id_ / "userdata" / "pidfile").read_text())
        except (OSError, ValueError):
            self._forget("containers")
            return done
        made = Container(id_, name, "running", pid, self.image_ids().get(image, ""), labels)
        with self._lock:
            if "containers" in self._lists:
                taken, found = self._lists["containers"]
                self._lists["containers"] = (taken, {**found, name: made})
        return done

    def command(self, *arguments: str) -> list[str]:
        """Return a Podman command for this host: crun refuses the hybrid control groups of older hosts."""
        runtime = [] if unified_cgroups() else ["--runtime", "runc"]
        return ["podman", *self.options, *runtime, *arguments]

    def forget(self) -> None:
        """Drop all that was listed before."""
        with self._lock:
            self._lists.clear()

    def _forget(self, what: str) -> None:
        with self._lock:
            self._lists.pop(what, None)

    @functools.cached_property
    def _run_folder(self) -> Path:
        """The folder in which Podman keeps what must not outlive the host's uptime."""
        shown = host.run(self.command("info", "--format", "{{.Store.RunRoot}}"), check=False)
        return Path(shown.stdout.strip() or "/run/containers/storage")

    def containers(self, *, fresh: bool = False) -> dict[str, Container]:
        """Return all containers of this host by name."""
        found: dict[str, Container] = self._list("containers", self._containers, fresh=fresh)
        return found

    def image_ids(self) -> dict[str, str]:
        """Return the id of every image by name and tag."""
        found: dict[str, str] = self._list("images", self._images, fresh=False)
        return found

    def volumes(self, *, fresh: bool = False) -> dict[str, dict[str, str]]:
        """Return the labels of every volume by name."""
        found: dict[str, dict[str, str]] = self._list("volumes", self._volumes, fresh=fresh)
        return found

    def _list(self, what: str, read: Callable[[], Any], *, fresh: bool) -> Any:
        with self._lock:
            taken, found = self._lists.get(what, (0.0, None))
            if found is None or fresh or time.monotonic() - taken > _FRESH_S[what]:
                found = read()
                self._lists[what] = (time.monotonic(), found)
            return found

    def _show(self, *arguments: str) -> Any:
        return json.loads(host.run([*self.command(*arguments), "--format", "json"]).stdout or "[]")

    def _containers(self) -> dict[str, Container]:
        found = (
            Container(
                id=shown["Id"],
                name=shown["Names"][0],
                state=shown["State"],
                pid=shown["Pid"] if shown["State"] == "running" else 0,
                image_id=shown["ImageID"],
                labels=shown["Labels"] or {},
            )
            for shown in self._show("ps", "--all")
        )
        return {container.name: container for container in found}

    def _images(self) -> dict[str, str]:
        return {name: shown["Id"] for shown in self._show("images") for name in shown.get("Names") or ()}

    def _volumes(self) -> dict[str, dict[str, str]]:
        return {shown["Name"]: shown.get("Labels") or {} for shown in self._show("volume", "ls")}
