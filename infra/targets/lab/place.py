"""What every part of the lab works with: its names, its Podman, its owner, and what was asked for last.

The specs asked for are kept under /run, so that a fault can be undone without knowing the estate; they go with a
reboot, as the network does, and come back with it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import threading
from pathlib import Path
from typing import Any

from infra.specs import NodeSpec, PortSpec, to_json
from infra.targets.lab.names import Names
from infra.targets.lab.podman import Podman
from infra.targets.target import LabNotRunning


@dataclasses.dataclass
class Place:
    """One lab on this host."""

    names: Names
    podman: Podman
    labels: dict[str, str]
    _locks: dict[str, threading.RLock] = dataclasses.field(default_factory=dict)
    _guard: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def lock(self, id_: str) -> threading.RLock:
        """Return the lock of one thing, so that two threads never mend the same one."""
        with self._guard:
            return self._locks.setdefault(id_, threading.RLock())

    def remember(self, spec: NodeSpec) -> None:
        """Keep a node's spec for `asked`."""
        path = self._path(spec.id)
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        text = json.dumps(to_json(spec), sort_keys=True)
        with contextlib.suppress(FileNotFoundError):
            if path.read_text() == text:
                return
        partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        partial.write_text(text)
        partial.replace(path)

    def forget(self, node_id: str) -> None:
        """Drop a node's spec."""
        self._path(node_id).unlink(missing_ok=True)

    def asked(self, node_id: str) -> NodeSpec:
        """Return the spec of a node as asked for last; raises LabNotRunning where there is none."""
        try:
            found: dict[str, Any] = json.loads(self._path(node_id).read_text())
        except FileNotFoundError as error:
            raise LabNotRunning(f"node {node_id} does not stand; `make up` brings it back") from error
        ports = tuple(PortSpec(**port) for port in found.pop("ports"))
        loopbacks = tuple(found.pop("loopbacks"))
        return NodeSpec(**found, ports=ports, loopbacks=loopbacks)

    def _path(self, node_id: str) -> Path:
        return self.names.record_folder / "nodes" / f"{node_id}.json"
