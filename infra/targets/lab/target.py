"""The lab as a target: each method checks whose lab it is, then hands on to the module of its noun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.specs import CarrierNetworkSpec, NodeSpec, PortSpec, SegmentSpec
from infra.targets.lab import carrier_network, containers, faults, limits, nodes, ports, processes, segments, volumes
from infra.targets.lab import surroundings as host_surroundings
from infra.targets.lab.claim import Claim
from infra.targets.lab.connection import connection_variables
from infra.targets.lab.names import DEFAULT_PREFIX, LAB_LABEL, NODE_LABEL, Names
from infra.targets.lab.namespaces import Namespace
from infra.targets.lab.place import Place
from infra.targets.lab.podman import Podman
from infra.targets.target import Completed, Observed, Progress, Traffic


class LabTarget:
    """The lab of this host, held by the clone at `clone_root`; safe to use from many threads."""

    name = "lab"

    def __init__(self, clone_root: Path, prefix: str = DEFAULT_PREFIX, podman_options: tuple[str, ...] = ()) -> None:
        names, podman = Names(prefix), Podman(podman_options)
        self._claim = Claim(names, podman, clone_root)
        self.place = Place(names, podman, self._claim.labels)

    def surroundings(self) -> list[str]:
        """Return what this host lacks for a lab."""
        return host_surroundings.surroundings()

    def claim(self) -> None:
        """Take the lab for this clone; raises LabHeldByOther."""
        self._claim.take()

    def limits(self) -> list[str]:
        """Return what this host's kernel cannot realise."""
        return limits.limits()

    def ensure_segment(self, spec: SegmentSpec, progress: Progress) -> Observed:
        """Make or mend a segment."""
        self.claim()
        with self.place.lock(f"segment/{spec.id}"):
            return segments.ensure(self.place, spec, progress)

    def read_segment(self, spec: SegmentSpec) -> Observed | None:
        """Look at a segment."""
        self._claim.look()
        return segments.read(self.place, spec)

    def remove_segment(self, segment_id: str) -> None:
        """Remove a segment."""
        self.claim()
        segments.remove(self.place, segment_id)

    def ensure_carrier_network(self, spec: CarrierNetworkSpec, progress: Progress) -> Observed:
        """Make or mend a carrier network."""
        self.claim()
        with self.place.lock(f"carrier/{spec.id}"):
            return carrier_network.ensure(self.place, spec, progress)

    def read_carrier_network(self, spec: CarrierNetworkSpec) -> Observed | None:
        """Look at a carrier network."""
        self._claim.look()
        return carrier_network.read(self.place, spec)

    def remove_carrier_network(self, network_id: str) -> None:
        """Remove a carrier network."""
        self.claim()
        carrier_network.remove(self.place, network_id)

    def carrier_counters(self, network_id: str) -> dict[str, int]:
        """Return the packets that a carrier network has seen: `ike`, `esp`, `other`."""
        self._claim.look()
        return carrier_network.counters(self.place, network_id)

    def segment_traffic(self, segment_id: str) -> dict[str, Traffic]:
        """Return what has passed a circuit, `a-to-z` and `z-to-a`."""
        self._claim.look()
        return segments.traffic(self.place, segment_id)

    def plugged_into(self, segment_id: str) -> dict[str, str]:
        """Return which ports are plugged into a segment, each with its end."""
        self._claim.look()
        return segments.plugged(self.place, segment_id)

    def ensure_node(self, spec: NodeSpec, progress: Progress) -> Observed:
        """Make or mend a node; returns when its system has booted."""
        self.claim()
        with self.place.lock(f"node/{spec.id}"):
            return nodes.ensure(self.place, spec, progress)

    def ports_here(self, spec: NodeSpec) -> tuple[PortSpec, ...]:
        """Return a node's ports: the lab makes them as asked."""
        return spec.ports

    def read_node(self, spec: NodeSpec) -> Observed | None:
        """Look at a node."""
        self._claim.look()
        return nodes.read(self.place, spec)

    def remove_node(self, node_id: str) -> None:
        """Remove a node; its data volumes stay."""
        self.claim()
        with self.place.lock(f"node/{node_id}"):
            nodes.remove(self.place, node_id)

    def ensure_volume(self, volume: str, progress: Progress) -> Observed:
        """Make a data volume where it is missing."""
        self.claim()
        return volumes.ensure(self.place, volume, progress)

    def read_volume(self, volume: str) -> Observed | None:
        """Look at a data volume."""
        self._claim.look()
        return volumes.read(self.place, volume)

    def remove_volume(self, volume: str) -> None:
        """Remove a data volume for good."""
        self.claim()
        volumes.remove(self.place, volume)

    def run(self, node_id: str, command: Sequence[str], timeout_s: float = 60.0, stdin: str | None = None) -> Completed:
        """Run a command in a node's system, as its root."""
        self._claim.look()
        return containers.run(self.place, node_id, list(command), timeout_s, stdin)

    def start(self, node_id: str, command: Sequence[str], stdout_file: str) -> processes.Process:
        """Start a command of this host's files in a node's network, its output to a file."""
        self._claim.look()
        return processes.start(Namespace(self.place.names.node_namespace(node_id)), command, stdout_file)

    def running(self) -> tuple[str, ...]:
        """Return the ids of the nodes that are up."""
        self._claim.look()
        found = self.place.podman.containers().values()
        ours = (node for node in found if node.labels.get(LAB_LABEL) == self.place.names.lab and node.running)
        return tuple(sorted(node.labels[NODE_LABEL] for node in ours))

    def connection_variables(self, node_id: str) -> dict[str, Any]:
        """Return how Ansible reaches a node."""
        return connection_variables(self.place.names.container(node_id))

    def testinfra_uri(self, node_id: str) -> str:
        """Return how testinfra reaches a node."""
        return f"podman://{self.place.names.container(node_id)}"

    def cut_segment(self, segment_id: str) -> None:
        """Cut a circuit inside the carrier; all ports stay up."""
        self.claim()
        segments.cut(self.place, segment_id)

    def mend_segment(self, segment_id: str) -> None:
        """Undo `cut_segment`."""
        self.claim()
        segments.mend(self.place, segment_id)

    def port_down(self, node_id: str, interface: str) -> None:
        """Set a port down at the node."""
        self.claim()
        ports.port_down(self.place, node_id, interface)

    def port_up(self, node_id: str, interface: str) -> None:
        """Undo `port_down`."""
        self.claim()
        ports.port_up(self.place, node_id, interface)

    def crash_node(self, node_id: str) -> None:
        """Stop a node as a power failure would."""
        self.claim()
        faults.crash(self.place, node_id)

    def restore_node(self, node_id: str) -> None:
        """Undo `crash_node`; returns when its system has booted."""
        self.claim()
        faults.restore(self.place, node_id, lambda _: None)
