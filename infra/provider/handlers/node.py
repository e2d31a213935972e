"""`twin:compute:Node`: a router, server or terminal host with its ports, addresses and default route."""

from __future__ import annotations

import ipaddress

from infra.provider.handlers.standing import StandingHandler
from infra.records import NodeInputs
from infra.targets.target import Observed, Progress, Target

LEAST_MEMORY_BYTES = 64 * 1024 * 1024


class NodeHandler(StandingHandler[NodeInputs]):
    """The system it boots from and what it is given mean replacement; its network changes in place.

    Data volumes stay when the node is replaced or removed.
    """

    token = "twin:compute:Node"  # noqa: S105 - a type's name
    inputs = NodeInputs
    replaced_by = frozenset({"inventory_id", "role", "image", "cpus", "memory_bytes", "volumes"})

    def problems(self, inputs: NodeInputs) -> list[tuple[str, str]]:
        """Ports have names of their own and addresses with prefix lengths; memory is enough to boot."""
        found = []
        names = [port.name for port in inputs.ports]
        for index, port in enumerate(inputs.ports):
            try:
                ipaddress.IPv4Interface(port.address)
            except ValueError:
                found.append(
                    (f"ports[{index}].address", f"is {port.address!r}, expected an address such as 10.0.0.1/24")
                )
            if "/" not in port.address:
                found.append((f"ports[{index}].address", f"is {port.address!r}, expected a prefix length with it"))
            if names.index(port.name) != index:
                found.append((f"ports[{index}].name", f"is {port.name!r}, which another port has already"))
        if inputs.memory_bytes < LEAST_MEMORY_BYTES:
            found.append(("memory_bytes", f"is {inputs.memory_bytes}, expected at least {LEAST_MEMORY_BYTES}"))
        return found

    def resource_id(self, inputs: NodeInputs) -> str:
        """The inventory's id."""
        return inputs.id

    def ensure(self, target: Target, inputs: NodeInputs, progress: Progress) -> Observed:
        """Make or mend the node; returns when its system has booted."""
        return target.ensure_node(inputs.spec(), progress)

    def look(self, target: Target, inputs: NodeInputs) -> Observed | None:
        """Look at the node."""
        return target.read_node(inputs.spec())

    def remove(self, target: Target, inputs: NodeInputs) -> None:
        """Remove the node, its data volumes kept."""
        target.remove_node(inputs.id)
