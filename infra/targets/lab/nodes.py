"""A node as a whole: network, data volumes and system, in this order, so that no system boots without links."""

from __future__ import annotations

from typing import Any

from infra.specs import NodeSpec, to_json
from infra.targets.lab import containers, ports, volumes
from infra.targets.lab.namespaces import Namespace, View
from infra.targets.lab.place import Place
from infra.targets.target import Observed, Progress, TargetError

_ATTEMPTS = 2


def ensure(place: Place, spec: NodeSpec, progress: Progress) -> Observed:
    """Make or mend a node; returns when its system has booted."""
    place.remember(spec)
    observed = None
    for _ in range(_ATTEMPTS):
        ports.ensure(place, spec, progress)
        for volume in spec.volumes:
            volumes.ensure(place, volume, progress)
        containers.ensure(place, spec, progress)
        observed = read(place, spec)
        if observed and not observed.drift:
            return observed
        # Somebody else is at work here too: an image was built anew meanwhile, a system restarted.
        place.podman.forget()
    raise TargetError(f"node {spec.id} could not be mended: {'; '.join(observed.drift) if observed else 'gone'}")


def read(place: Place, spec: NodeSpec) -> Observed | None:
    """Look at a node."""
    view = ports.look(place, spec)
    container = containers.find(place, spec.id)
    if view is None and container is None:
        return None
    drift = containers.differences(place, spec)
    drift += ports.differences(spec, view) if view else ["its network namespace is gone"]
    values = to_json(spec)
    values["instance"] = container.id if container else None
    if view:
        values |= _network_values(spec, view)
    return Observed(spec.id, values, tuple(f"node {spec.id}: {problem}" for problem in drift))


def remove(place: Place, node_id: str) -> None:
    """Remove a node with its network; its data volumes stay."""
    containers.remove(place, node_id)
    Namespace(place.names.node_namespace(node_id)).remove()
    place.forget(node_id)


def _network_values(spec: NodeSpec, view: View) -> dict[str, Any]:
    """Return ports, loopbacks and gateway as found; the shared address moves between routers and is left out."""
    found_ports = []
    for port, value in zip(spec.ports, to_json(spec)["ports"], strict=True):
        link = view.links.get(port.name)
        if link:
            own = port.address if port.address in link.addresses else ", ".join(link.addresses)
            found_ports.append({**value, "address": own, "mtu": link.mtu})
    default = next((route.get("gateway") for route in view.routes if route["dst"] == "default"), None)
    return {
        "ports": found_ports,
        "loopbacks": [address for address in spec.loopbacks if address in view.links["lo"].addresses],
        "gateway": default if spec.gateway else None,
    }
