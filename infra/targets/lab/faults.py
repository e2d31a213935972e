"""Breaks nodes and puts them back.

A crash takes the node's links down first, then its system, then all that its kernel remembered. Circuits are cut by
`segments.py`, ports set down by `ports.py`.
"""

from __future__ import annotations

from infra.targets.lab import containers, nodes, ports
from infra.targets.lab.place import Place
from infra.targets.target import Progress


def crash(place: Place, node_id: str) -> None:
    """Stop a node as a power failure would.

    The links go first, in one batch of milliseconds: from then on nothing leaves the node, whatever its software still
    does while Podman kills it.
    """
    spec = place.asked(node_id)
    with place.lock(f"node/{node_id}"):
        ports.links_down(place, spec)
        containers.kill(place, node_id)
        ports.reset(place, spec)


def restore(place: Place, node_id: str, progress: Progress) -> None:
    """Bring a crashed node back as it was asked for; returns when its system has booted."""
    with place.lock(f"node/{node_id}"):
        nodes.ensure(place, place.asked(node_id), progress)
