"""Breaks nodes and puts them back.

A crash freezes the node's processes, takes its links down, ends its system, then clears all that its kernel
remembered. Circuits are cut by `segments.py`, ports set down by `ports.py`.
"""

from __future__ import annotations

from infra.targets.lab import containers, nodes, ports
from infra.targets.lab.place import Place
from infra.targets.target import Progress


def crash(place: Place, node_id: str) -> None:
    """Stop a node as a power failure would.

    Its software must not see its own end: a routing daemon that meets a link down on one port says farewell on the
    others, which no machine without power does. Killing it first would not do either, for Podman takes a while and the
    kernel would forward meanwhile.
    """
    spec = place.asked(node_id)
    with place.lock(f"node/{node_id}"):
        containers.freeze(place, node_id)
        ports.links_down(place, spec)
        containers.kill(place, node_id)
        ports.reset(place, spec)


def restore(place: Place, node_id: str, progress: Progress) -> None:
    """Bring a crashed node back as it was asked for; returns when its system has booted."""
    with place.lock(f"node/{node_id}"):
        nodes.ensure(place, place.asked(node_id), progress)
