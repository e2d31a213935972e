"""Where a packet goes, hop by hop, at one instant: gateway, route tables, equal-cost choices, links, loops.

The choice among equal paths is the kernel's hash over layers 3 and 4: for each flow and router a fixed number in
[0, 1), times the number of next hops. What is lost here is lost for a probe.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from simulation.control_plane.layout import Layout, Pair
from simulation.control_plane.physical import PhysicalState
from simulation.control_plane.spf import Routes

Leaf = tuple[str, ...] | None


@dataclasses.dataclass(frozen=True)
class Branch:
    """A router that spreads flows over several next hops; each child is a further branch or a leaf."""

    router: int
    children: tuple[Branch | Leaf, ...]


Tree = Branch | Leaf


@dataclasses.dataclass(frozen=True)
class Reach:
    """How one pair of hosts fares in one state: who gets through, over which circuits, at what rate."""

    tree: Tree
    circuits: tuple[str, ...]
    capacity_bps: float
    certain: bool | None

    def arrives(self, choices: dict[int, np.ndarray]) -> np.ndarray:
        """Return for each flow whether its packets arrive; `choices` holds the flows' numbers by router."""
        some = next(iter(choices.values()))
        return _arrives(self.tree, choices, np.ones(len(some), dtype=bool))


@dataclasses.dataclass(frozen=True)
class ForwardingState:
    """All that forwarding depends on at one instant."""

    physical: PhysicalState
    fibs: tuple[Routes, ...]
    holders: tuple[int | None, ...]
    keyed: tuple[bool, ...]


def reach(layout: Layout, state: ForwardingState, pair: Pair) -> Reach:
    """Follow all paths of a pair and return what becomes of its packets."""
    tree = _Walk(layout, state, pair).from_host()
    leaves = set(_leaves(tree))
    delivered = sorted(leaf for leaf in leaves if leaf is not None)
    certain = None if len({leaf is None for leaf in leaves}) > 1 else bool(delivered)
    circuits = tuple(sorted({circuit for leaf in delivered for circuit in leaf}))
    return Reach(tree, circuits, _capacity_bps(layout, delivered, pair), certain)


@dataclasses.dataclass(frozen=True)
class _Walk:
    """The way of one pair's packets in one state."""

    layout: Layout
    state: ForwardingState
    pair: Pair

    def from_host(self) -> Tree:
        """Start at the source: to the neighbour host, or to whoever holds the gateway."""
        pair, meets = self.pair, self.state.physical.meets
        lan = self.layout.lans[pair.source_lan]
        if pair.source_lan == pair.destination_lan:
            return () if meets(pair.source, pair.destination, lan.circuit) else None
        holder = self.state.holders[pair.source_lan]
        if holder is None or not meets(pair.source, lan.attachments[holder], lan.circuit):
            return None
        return self._from_router(holder, (), ())

    def _from_router(self, router: int, passed: tuple[int, ...], used: tuple[str, ...]) -> Tree:
        physical = self.state.physical
        lan = self.layout.lans[self.pair.destination_lan]
        attached = lan.attachments.get(router)
        if attached is not None and attached.port not in physical.ports_down:
            return used if physical.meets(attached, self.pair.destination, lan.circuit) else None
        if router in passed:
            return None
        children: list[Tree] = []
        for hop in self.state.fibs[router][self.pair.destination_lan] or ():
            arc = self.layout.arcs[hop]
            path = self.layout.paths[arc.adjacency]
            if arc.port in physical.ports_down:
                continue  # the kernel itself takes a next hop out of use when its port loses the link
            if self.state.keyed[arc.adjacency] and physical.carries(path):
                children.append(self._from_router(arc.neighbour, (*passed, router), (*used, *path.wan)))
            else:
                children.append(None)
        if not children:
            return None
        return children[0] if all(child == children[0] for child in children) else Branch(router, tuple(children))


def _leaves(tree: Tree) -> Iterator[Leaf]:
    if isinstance(tree, Branch):
        for child in tree.children:
            yield from _leaves(child)
    else:
        yield tree


def _arrives(tree: Tree, choices: dict[int, np.ndarray], like: np.ndarray) -> np.ndarray:
    if not isinstance(tree, Branch):
        return np.full_like(like, tree is not None)
    chosen = (choices[tree.router] * len(tree.children)).astype(int)
    result = np.zeros_like(like)
    for index, child in enumerate(tree.children):
        result |= (chosen == index) & _arrives(child, choices, like)
    return result


def _capacity_bps(layout: Layout, delivered: list[tuple[str, ...]], pair: Pair) -> float:
    """Return what all paths in use carry together (bit/s): each adds what its circuits have left."""
    left = dict(layout.rates_bps)
    total = 0.0
    for used in delivered:
        segments = used or (layout.lans[pair.source_lan].id, layout.lans[pair.destination_lan].id)
        rate = min(left[segment] for segment in segments)
        for segment in segments:
            left[segment] -= rate
        total += rate
    return total
