"""The ways between nodes of a network: the least sets of routers, circuits and carrier networks that join them.

Derived from the wiring graph. What shares a layer-2 side is joined; routers, circuits and carrier networks pass on,
hosts do not. Leaves what each of them needs itself to `dependencies`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import networkx as nx

from simulation.errors import MechanismInvalid

MOST = 4000
"""So many ways between two places are listed; more are refused rather than worked on without end."""

_SECTION = {"node": "devices", "carrier": "carrier_networks", "circuit": "circuits"}


class Ways:
    """A wiring graph, ready to be asked for ways; elements are dotted paths such as `circuits.main-line`."""

    def __init__(self, graph: nx.MultiGraph[str]) -> None:
        """Collect which elements are on which sides."""
        self.sides: dict[str, set[str]] = {}
        self.hosts: set[str] = set()
        self._on: dict[str, list[str]] = {}
        ports: dict[str, str] = {}
        attached: list[tuple[str, str]] = []
        for a, z, key, data in graph.edges(keys=True, data=True):
            kind = data["kind"]
            if kind == "circuit":
                self._put(f"circuits.{key}", a)
                self._put(f"circuits.{key}", z)
            elif kind == "carrier":
                side, carrier = (a, z) if a.startswith("side:") else (z, a)
                self._put(_path(carrier), side)
            elif kind in {"port", "attached"}:
                port, other = (a, z) if a.startswith("interface:") else (z, a)
                if kind == "port":
                    ports[port] = other
                else:
                    attached.append((port, other))
        for port, side in attached:
            self._put(_path(ports[port]), side)
        for vertex, data in graph.nodes(data=True):
            if vertex.startswith("node:"):
                self.sides.setdefault(_path(vertex), set())
                if data["role"] != "router":
                    self.hosts.add(_path(vertex))

    def between(self, starts: Collection[str], goals: Collection[str]) -> tuple[frozenset[str], ...]:
        """Return the least sets of elements that join any start to any goal, both included, by size and name.

        Starts and goals are dotted paths of devices. No set contains another. Raises MechanismInvalid beyond `MOST`.
        """
        found: set[frozenset[str]] = set()
        for start in sorted(starts):
            for elements in self._from([start], set(), frozenset(goals)):
                found.add(frozenset(elements))
                if len(found) > MOST:
                    raise MechanismInvalid([f"more than {MOST} ways from `{start}`: too many to list"])
        least: list[frozenset[str]] = []
        for way in sorted(found, key=lambda way: (len(way), sorted(way))):
            if not any(shorter <= way for shorter in least):
                least.append(way)
        return tuple(least)

    def _from(self, way: list[str], passed: set[str], goals: frozenset[str]) -> Iterator[list[str]]:
        """Yield the ways that go on from the last element; `passed` are the sides of all elements before it.

        An element on a side that was passed could have been reached sooner, so the way with it is not least.
        """
        last = way[-1]
        if last in goals:
            yield list(way)
            return
        following = {name: None for side in sorted(self.sides.get(last, ())) for name in self._on[side]}
        behind = passed | self.sides.get(last, set())
        for name in following:
            if name in way or self.sides[name] & passed or (name in self.hosts and name not in goals):
                continue
            way.append(name)
            yield from self._from(way, behind, goals)
            way.pop()

    def _put(self, element: str, side: str) -> None:
        sides = self.sides.setdefault(element, set())
        if side not in sides:
            sides.add(side)
            self._on.setdefault(side, []).append(element)


def _path(vertex: str) -> str:
    """Return the dotted path of a vertex of the graph."""
    kind, _, id_ = vertex.partition(":")
    return f"{_SECTION[kind]}.{id_}"
