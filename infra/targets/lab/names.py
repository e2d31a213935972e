"""What things of the lab are called on the host, so that they can be found again by name and label alone."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

LAB_LABEL = "municipal-twin.lab"
OWNER_LABEL = "municipal-twin.owner"
CLONE_LABEL = "municipal-twin.clone"
NODE_LABEL = "municipal-twin.node"
DIGEST_LABEL = "municipal-twin.digest"

DEFAULT_PREFIX = "twin"
IMAGES = "localhost/municipal-twin"
NAMESPACE_FOLDER = Path("/run/netns")
RECORD_FOLDER = Path("/run/municipal-twin")


def digest(text: str, length: int) -> str:
    """Return the first hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def mac_address(port_key: str) -> str:
    """Return a stable, locally administered MAC address for a port (`node/interface`)."""
    digits = digest(port_key, 10)
    return ":".join(["02", *(digits[i : i + 2] for i in range(0, 10, 2))])


def far_end(port_key: str) -> str:
    """Return the name of a port's other end, inside the segment (Linux allows 15 characters)."""
    return f"p{digest(port_key, 10)}"


@dataclasses.dataclass(frozen=True)
class Names:
    """The names of one lab; a prefix of its own keeps the tests' things apart from a running lab's."""

    prefix: str = DEFAULT_PREFIX

    @property
    def lab(self) -> str:
        """The value of the lab's label."""
        return "lab" if self.prefix == DEFAULT_PREFIX else self.prefix

    @property
    def record_folder(self) -> Path:
        """The folder of what must not outlive the host's uptime."""
        return RECORD_FOLDER / self.prefix

    def container(self, node: str) -> str:
        """Return the container of a node."""
        return f"{self.prefix}-{node}"

    def node_namespace(self, node: str) -> str:
        """Return the network namespace of a node."""
        return f"{self.prefix}-n-{node}"

    def segment_namespace(self, segment: str) -> str:
        """Return the network namespace that holds a segment's bridges."""
        return f"{self.prefix}-s-{segment}"

    def carrier_namespace(self, network: str) -> str:
        """Return the network namespace of a carrier network."""
        return f"{self.prefix}-c-{network}"

    def volume(self, volume: str) -> str:
        """Return the Podman volume of a data volume."""
        return f"{self.prefix}-{volume}"

    def is_namespace(self, name: str) -> bool:
        """Tell whether a network namespace is one of this lab's, by its name."""
        return name.startswith(tuple(f"{self.prefix}-{kind}-" for kind in "nsc"))
