"""What is physically there at an instant: circuits cut, ports without link, nodes stopped. Knows no protocol."""

from __future__ import annotations

from simulation.control_plane.layout import AdjacencyPath, Attachment


class PhysicalState:
    """Cut circuits, ports down and nodes crashed; every question is answered from these three sets alone."""

    def __init__(self) -> None:
        """Start with everything whole."""
        self.cut: set[str] = set()
        self.ports_down: set[str] = set()
        self.crashed: set[str] = set()

    def fail(self, kind: str, target: str) -> None:
        """Let a fault happen."""
        self._set(kind).add(target)

    def repair(self, kind: str, target: str) -> None:
        """Undo a fault."""
        self._set(kind).discard(target)

    def key(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Return the state as a value, for caches."""
        return frozenset(self.cut), frozenset(self.ports_down), frozenset(self.crashed)

    def carries(self, path: AdjacencyPath) -> bool:
        """Tell whether packets pass between the two ends of an adjacency (its tunnel's keys aside)."""
        return not (
            any(circuit in self.cut for circuit in path.crossed)
            or any(port in self.ports_down for port in path.ports)
            or any(port in self.ports_down for port in path.tunnel_ports)
            or any(node in self.crashed for node in path.nodes)
        )

    def linked(self, at: Attachment) -> bool:
        """Tell whether a port has its link and its node runs."""
        return at.port not in self.ports_down and at.node not in self.crashed

    def meets(self, one: Attachment, other: Attachment, circuit: str | None) -> bool:
        """Tell whether two ports of a LAN reach each other; `circuit` joins the LAN's halves."""
        if not (self.linked(one) and self.linked(other)):
            return False
        return one.end == other.end or circuit not in self.cut

    def _set(self, kind: str) -> set[str]:
        return {"circuit-cut": self.cut, "port-down": self.ports_down, "node-crash": self.crashed}[kind]
