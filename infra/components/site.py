"""One site: the LANs that start there, its routers and its terminals."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pulumi

from infra.components.component import Footing, child, refuse
from infra.records import NodeInputs
from infra.resources import Node, Segment
from infra.specs import SegmentSpec


@dataclasses.dataclass(frozen=True)
class SiteConfig:
    """The segments whose first end is the site, and the nodes that stand there and are no servers."""

    id: str
    segments: tuple[SegmentSpec, ...]
    nodes: tuple[NodeInputs, ...]

    def __post_init__(self) -> None:
        """Segments must start here and be no circuits; raises InputsInvalid."""
        findings = [
            ("segments", f"{segment.id} starts at {segment.ends[0]} ({segment.cite})")
            for segment in self.segments
            if segment.ends[0] != self.id
        ]
        findings += [
            ("segments", f"{segment.id} is a {segment.kind}, expected a LAN ({segment.cite})")
            for segment in self.segments
            if segment.kind not in ("lan", "transit")
        ]
        refuse(self.id, findings)


class Site(pulumi.ComponentResource):
    """A site with its LANs; its nodes are added when all segments are known, for they reach over several sites.

    It does not manage circuits between sites, nor the servers that stand in it.
    """

    def __init__(self, config: SiteConfig, footing: Footing) -> None:
        """Register the site and its LANs."""
        super().__init__("twin:estate:Site", config.id, None, footing.options())
        self.config = config
        self.segments = {
            segment.id: Segment(segment.id, segment, child(self, footing.before)) for segment in config.segments
        }
        self.nodes: dict[str, Node] = {}
        self.register_outputs({"segments": sorted(self.segments), "nodes": [node.id for node in config.nodes]})

    def add_nodes(self, segments: Mapping[str, Segment]) -> None:
        """Register the site's nodes, each after the segments that it attaches to."""
        for node in self.config.nodes:
            after = [segments[port.segment] for port in node.ports if port.segment in segments]
            self.nodes[node.id] = Node(node.id, node, child(self, after))
