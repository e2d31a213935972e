"""Kernel settings of a node's network."""

from __future__ import annotations

from collections.abc import Iterator

from infra.targets.lab.kernel_settings import kernel_settings
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield the settings of the node's role."""
    for key, value in kernel_settings(design.node.role).items():
        yield design.parameter("kernel", key, value)


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield the settings found."""
    for key, value in answer.said["settings"].items():
        if value is not None:
            yield design.parameter("kernel", key, value)
