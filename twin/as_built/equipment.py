"""What a node is: whether it runs, its system, its memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from infra.provisioning.sources import ROOT
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

_IMAGES = ROOT / "tools" / "images" / "images.yaml"
# What firmware and kernel keep for themselves of a machine's memory.
_MEMORY_SHARE = 0.9


def declared(design: NodeDesign, answer: Answer | None) -> Iterator[Fact]:
    """Yield that it runs; and its system and memory, where it answers."""
    yield design.fact("equipment-list", _hardware(design), "state", "running")
    if answer:
        release = yaml.safe_load(_IMAGES.read_text(encoding="utf-8"))["release"]
        yield design.fact("equipment-list", _hardware(design), "system", f"debian {release}")
        yield design.fact(
            "equipment-list", _hardware(design), "memory", _memory(design.spec.memory_bytes), f"{design.owner}.memory"
        )


def observed(design: NodeDesign, answer: Answer | None) -> Iterator[Fact]:
    """Yield what it says of itself; a node that says nothing is down."""
    yield design.fact("equipment-list", _hardware(design), "state", "running" if answer else "down")
    if answer:
        fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', answer.said["release"], re.MULTILINE))
        release = fields.get("VERSION_CODENAME", fields.get("VERSION_ID", "?"))
        yield design.fact("equipment-list", _hardware(design), "system", f"{fields.get('ID', '?')} {release}")
        found = int(answer.said["memory_bytes"])
        asked = design.spec.memory_bytes
        enough = not answer.said["container"] and found >= asked * _MEMORY_SHARE
        yield design.fact("equipment-list", _hardware(design), "memory", _memory(asked if enough else found))


def _hardware(design: NodeDesign) -> str:
    """Return the assets that carry a node; of what the estate does not list, the node itself."""
    found = (id_ for id_, item in design.whole.estate.records.hardware.items() if design.node.id in item.carries)
    return ", ".join(f"hardware.{id_}" for id_ in found) or "node"


def _memory(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.0f} MiB"
