"""A place that is only a folder: a target for tests of the provider, which keeps what stands as JSON files.

Stands in for the place alone; the lab itself is tested by the tests marked `lab`. Journals every call, so that tests
can say what was touched; `MEMORY_PLACE` names the folder.
"""

# ruff: noqa: D102 - the docstrings of the interface speak for its methods

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from infra.specs import CarrierNetworkSpec, NodeSpec, SegmentSpec, to_json
from infra.targets.target import Completed, LabHeldByOther, LabNotRunning, Observed, Progress

Spec = SegmentSpec | CarrierNetworkSpec | NodeSpec


class MemoryPlace:
    """Implements the target's interface; `gate` lets a test hold every change at a barrier."""

    name = "memory"

    def __init__(self, folder: Path, gate: Callable[[str], None] | None = None) -> None:
        self.folder = folder
        self.gate = gate or (lambda _: None)
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def journal(self, entry: str) -> None:
        """Note a call."""
        with self._lock, (self.folder / "journal").open("a") as file:
            file.write(entry + "\n")

    def calls(self) -> list[str]:
        """Return the calls so far."""
        path = self.folder / "journal"
        return path.read_text().splitlines() if path.exists() else []

    def file(self, kind: str, id_: str) -> Path:
        """Return where a thing is kept."""
        return self.folder / f"{kind}-{id_}.json"

    def claim(self) -> None:
        """Refuse where the folder says that another holds it."""
        holder = self.folder / "held-by"
        if holder.exists():
            raise LabHeldByOther(f"another clone holds this place: {holder.read_text()}; take it down there")

    def limits(self) -> list[str]:
        """Return one sentence."""
        return ["delay is not realised: this place is a folder"]

    def surroundings(self) -> list[str]:
        """A folder lacks nothing."""
        return []

    def _ensure(self, kind: str, spec: Spec, progress: Progress) -> Observed:
        progress(f"{kind} {spec.id}: step 1/2")
        self.gate(spec.id)
        partial = self.folder / f"pid.{threading.get_ident()}"
        partial.write_text(str(os.getpid()))
        partial.replace(self.folder / "pid")
        while (self.folder / "hold").exists():
            time.sleep(0.02)
        progress(f"{kind} {spec.id}: step 2/2")
        self.journal(f"ensure {kind} {spec.id}")
        self.file(kind, spec.id).write_text(json.dumps(to_json(spec)))
        return Observed(spec.id, to_json(spec))

    def _read(self, kind: str, spec: Spec) -> Observed | None:
        self.journal(f"read {kind} {spec.id}")
        path = self.file(kind, spec.id)
        if not path.exists():
            return None
        found, asked = json.loads(path.read_text()), json.loads(json.dumps(to_json(spec)))
        drift = tuple(
            f"{kind} {spec.id}: {key} is {found.get(key)!r}, asked for {asked[key]!r}"
            for key in asked
            if key != "cite" and found.get(key) != asked[key]
        )
        return Observed(spec.id, found, drift)

    def _remove(self, kind: str, id_: str) -> None:
        self.journal(f"remove {kind} {id_}")
        self.file(kind, id_).unlink(missing_ok=True)

    def ensure_segment(self, spec: SegmentSpec, progress: Progress) -> Observed:
        return self._ensure("segment", spec, progress)

    def read_segment(self, spec: SegmentSpec) -> Observed | None:
        return self._read("segment", spec)

    def remove_segment(self, segment_id: str) -> None:
        self._remove("segment", segment_id)

    def ensure_carrier_network(self, spec: CarrierNetworkSpec, progress: Progress) -> Observed:
        return self._ensure("carrier", spec, progress)

    def read_carrier_network(self, spec: CarrierNetworkSpec) -> Observed | None:
        return self._read("carrier", spec)

    def remove_carrier_network(self, network_id: str) -> None:
        self._remove("carrier", network_id)

    def ensure_node(self, spec: NodeSpec, progress: Progress) -> Observed:
        return self._ensure("node", spec, progress)

    def read_node(self, spec: NodeSpec) -> Observed | None:
        return self._read("node", spec)

    def remove_node(self, node_id: str) -> None:
        self._remove("node", node_id)

    def ensure_volume(self, volume: str, progress: Progress) -> Observed:
        progress(f"volume {volume}")
        self.journal(f"ensure volume {volume}")
        self.file("volume", volume).touch()
        return Observed(volume, {"id": volume})

    def read_volume(self, volume: str) -> Observed | None:
        return Observed(volume, {"id": volume}) if self.file("volume", volume).exists() else None

    def remove_volume(self, volume: str) -> None:
        self._remove("volume", volume)

    def run(self, node_id: str, command: Sequence[str], timeout_s: float = 60.0, stdin: str | None = None) -> Completed:
        del timeout_s, stdin
        if not self.file("node", node_id).exists():
            raise LabNotRunning(f"node {node_id} is not up")
        self.journal(f"run {node_id} {command[0]}")
        answer = self.folder / f"answer-{node_id}.json"
        return Completed(0, answer.read_text() if answer.exists() else "{}", "")

    def running(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem.removeprefix("node-") for path in self.folder.glob("node-*.json")))

    def connection_variables(self, node_id: str) -> dict[str, Any]:
        del node_id
        # Never this machine itself: a port of it where nothing listens, so a playbook run ends as unreachable.
        return {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}


def open_target(name: str, clone_root: Path | None = None, options: dict[str, Any] | None = None) -> MemoryPlace:
    """Open the place that `MEMORY_PLACE` names; the provider calls this through its hook for tests."""
    del name, clone_root, options
    return MemoryPlace(Path(os.environ["MEMORY_PLACE"]))
