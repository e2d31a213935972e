"""The one interface between the project and a place: what the provider, the checks and the drills ask of it.

Every `ensure_*` makes what is missing, mends what differs and leaves what fits, so it can be run again at any moment;
every `read_*` only looks. A target that cannot do something raises `NotSupported` with the reason; it never pretends.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from infra.specs import CarrierNetworkSpec, NodeSpec, PortSpec, SegmentSpec

Progress = Callable[[str], None]


class TargetError(Exception):
    """The root of what goes wrong at a place; the message says what, where and what to do."""


class NotSupported(TargetError):
    """The place cannot do this by its nature (for example: change the network of an existing host)."""


class LabNotRunning(TargetError):
    """Nothing stands at this place, or not all of it."""


class LabHeldByOther(TargetError):
    """Another clone on this host holds the lab; the message names it."""


@dataclasses.dataclass(frozen=True)
class Completed:
    """The end of a command on a node."""

    returncode: int
    stdout: str
    stderr: str


@dataclasses.dataclass(frozen=True)
class Traffic:
    """What has passed a point since it was made; `bytes` are those of Ethernet frames without checksum."""

    packets: int
    bytes: int
    dropped: int = 0


class Started(Protocol):
    """A command at work on a place; called, it waits for the end and returns the exit code."""

    def __call__(self) -> int:
        """Wait for the end and return the exit code."""

    def stop(self) -> int:
        """End it now (SIGTERM, then SIGKILL) and return the exit code."""


@dataclasses.dataclass(frozen=True)
class Observed:
    """What stands there now, in the words of the spec, and every difference from it in plain words.

    `values` has the spec's keys with the values found; `drift` is empty where all is as asked. A node's values have
    `instance` too: it changes when the node was made anew, so that what was provisioned on it is gone.
    """

    id: str
    values: dict[str, Any]
    drift: tuple[str, ...] = ()


class Target(Protocol):
    """A place. Ids are the inventory's; names on the host are the target's own business."""

    name: str

    def surroundings(self) -> list[str]:
        """Return what this machine lacks to work on the place, one clear line each; nothing where all is there."""

    def claim(self) -> None:
        """Take the place for this clone; raises LabHeldByOther."""

    def limits(self) -> list[str]:
        """Return what this place cannot realise, each as a sentence with the reason (delay, PPPoE, …)."""

    def ensure_segment(self, spec: SegmentSpec, progress: Progress) -> Observed:
        """Make or mend a segment."""

    def read_segment(self, spec: SegmentSpec) -> Observed | None:
        """Look at a segment; None where it does not exist. A circuit left cut is drift."""

    def remove_segment(self, segment_id: str) -> None:
        """Remove a segment; nothing happens where there is none."""

    def ensure_carrier_network(self, spec: CarrierNetworkSpec, progress: Progress) -> Observed:
        """Make or mend a carrier network."""

    def read_carrier_network(self, spec: CarrierNetworkSpec) -> Observed | None:
        """Look at a carrier network; None where it does not exist."""

    def remove_carrier_network(self, network_id: str) -> None:
        """Remove a carrier network."""

    def carrier_counters(self, network_id: str) -> dict[str, int]:
        """Return the packets a carrier network has seen since it was made: `ike`, `esp` (also in UDP) and `other`."""

    def segment_traffic(self, segment_id: str) -> dict[str, Traffic]:
        """Return what has passed a circuit, `a-to-z` and `z-to-a`."""

    def plugged_into(self, segment_id: str) -> dict[str, str]:
        """Return which ports (`node/port`) are plugged into a segment, each with the end (`a` or `z`) that it is at."""

    def ensure_node(self, spec: NodeSpec, progress: Progress) -> Observed:
        """Make or mend a node with its ports, addresses and routes; returns when systemd has booted."""

    def ports_here(self, spec: NodeSpec) -> tuple[PortSpec, ...]:
        """Return a node's ports as this place names and addresses them, in the order of the spec."""

    def read_node(self, spec: NodeSpec) -> Observed | None:
        """Look at a node; None where it does not exist."""

    def remove_node(self, node_id: str) -> None:
        """Remove a node but never its data volumes."""

    def ensure_volume(self, volume: str, progress: Progress) -> Observed:
        """Make a data volume where it is missing."""

    def read_volume(self, volume: str) -> Observed | None:
        """Look at a data volume; None where it does not exist."""

    def remove_volume(self, volume: str) -> None:
        """Remove a data volume for good; only called with the flag that says so."""

    def run(self, node_id: str, command: Sequence[str], timeout_s: float = 60.0, stdin: str | None = None) -> Completed:
        """Run a command on a node (as root, in its system); raises LabNotRunning where the node is not up."""

    def start(self, node_id: str, command: Sequence[str], stdout_file: str) -> Started:
        """Start a command from this machine's files in the node's network, output to a file.

        For probes: cheap, and alive while the node's system crashes.
        """

    def running(self) -> tuple[str, ...]:
        """Return the ids of the nodes that are up."""

    def connection_variables(self, node_id: str) -> dict[str, Any]:
        """Return the Ansible connection variables of a node."""

    def testinfra_uri(self, node_id: str) -> str:
        """Return the testinfra host specification of a node."""

    def cut_segment(self, segment_id: str) -> None:
        """Cut inside the carrier: nothing passes, all ports stay up."""

    def mend_segment(self, segment_id: str) -> None:
        """Undo `cut_segment`."""

    def port_down(self, node_id: str, interface: str) -> None:
        """Set a port down at the node."""

    def port_up(self, node_id: str, interface: str) -> None:
        """Undo `port_down`, with addresses and routes as before."""

    def crash_node(self, node_id: str) -> None:
        """Stop a node at once, its links down too."""

    def restore_node(self, node_id: str) -> None:
        """Undo `crash_node`; returns when its system has booted."""
