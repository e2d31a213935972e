"""Structures as binary decision diagrams: exact probabilities however often a component occurs, and quick evaluation.

One table of nodes for all services, each node once; a walk from a root asks each component at most once. Source:
Bryant, Graph-based algorithms for Boolean function manipulation, IEEE Transactions on Computers 35, 1986; for
reliability Rauzy, Reliability Engineering and System Safety 40, 1993.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from simulation.availability.structure import AtLeast, Need, Works
from simulation.compiled import bare
from simulation.errors import MechanismInvalid

FALSE, TRUE = 0, 1


class Diagram:
    """The diagram of several needs over components; `roots` are in the order of the needs.

    The order of the components is that of their first appearance in the needs, which keeps things that belong together
    side by side.
    """

    def __init__(self, needs: Sequence[Need], components: Sequence[str]) -> None:
        """Build it; raises MechanismInvalid for a component that is not known."""
        number = {name: index for index, name in enumerate(components)}
        met = list(dict.fromkeys(name for need in needs for name in need.components()))
        unknown = [name for name in met if name not in number]
        if unknown:
            raise MechanismInvalid([f"component `{name}` is needed, but is none" for name in unknown])
        self._level = {number[name]: level for level, name in enumerate(met)}
        # A node is (component, node if it is down, node if it works); the first two are the answers.
        self._nodes: list[tuple[int, int, int]] = [(-1, FALSE, FALSE), (-1, TRUE, TRUE)]
        self._place: dict[tuple[int, int, int], int] = {}
        self._known: dict[tuple[int, int, int], int] = {}
        self._root_of: dict[int, int] = {}
        self._component = number
        self.roots = tuple(self._built(need) for need in needs)

    def __len__(self) -> int:
        return len(self._nodes)

    @property
    def nodes(self) -> tuple[tuple[int, int, int], ...]:
        """By node its component, the node if it is down, and the node if it works; the first two are the answers."""
        return tuple(self._nodes)

    def unmet(self, root: int, away: Sequence[float]) -> float:
        """Return the chance that a need is not met, where component n is away with chance `away[n]`, independently.

        Small chances keep their digits: nothing near 1 is taken from 1.
        """
        return self._unmet(away)[root]

    def importances(self, root: int, away: Sequence[float]) -> list[float]:
        """Return for each component how much its chance moves that of the need (Birnbaum 1969): their derivative."""
        unmet = self._unmet(away)
        reached = [0.0] * len(self._nodes)
        reached[root] = 1.0
        moved = [0.0] * len(away)
        for node in range(len(self._nodes) - 1, 1, -1):
            component, down, up = self._nodes[node]
            moved[component] += reached[node] * (unmet[down] - unmet[up])
            reached[down] += reached[node] * away[component]
            reached[up] += reached[node] * (1 - away[component])
        return moved

    def _unmet(self, away: Sequence[float]) -> list[float]:
        """Return for each node the chance that the answer below it is no; what a node leads to stands before it."""
        unmet = [1.0, 0.0]
        for component, down, up in self._nodes[2:]:
            unmet.append(away[component] * unmet[down] + (1 - away[component]) * unmet[up])
        return unmet

    def _built(self, need: Need) -> int:
        if isinstance(need, Works):
            return self._node(self._component[need.name], FALSE, TRUE)
        if not isinstance(need, AtLeast):
            raise MechanismInvalid([f"a need of an unknown kind: {type(need).__name__}"])
        # Needs share parts: the same object is built once.
        root = self._root_of.get(id(need))
        if root is None:
            root = self._root_of[id(need)] = self._counted(need)
        return root

    def _counted(self, need: AtLeast) -> int:
        parts = [self._built(part) for part in need.of]
        if need.least == len(parts):
            return functools.reduce(lambda rest, part: self._either(part, rest, FALSE), reversed(parts), TRUE)
        if need.least == 1:
            return functools.reduce(lambda rest, part: self._either(part, TRUE, rest), reversed(parts), FALSE)
        # Row k holds the node for "at least k of those seen so far".
        rows = [TRUE] + [FALSE] * need.least
        for root in parts:
            for count in range(need.least, 0, -1):
                rows[count] = self._either(root, rows[count - 1], rows[count])
        return rows[need.least]

    def _either(self, test: int, met: int, unmet: int) -> int:
        """Return the node for: if `test` then `met`, else `unmet`."""
        if test in (FALSE, TRUE):
            return met if test == TRUE else unmet
        if met == unmet:
            return met
        key = (test, met, unmet)
        found = self._known.get(key)
        if found is None:
            parts = [self._nodes[node] for node in key]
            top = min((part[0] for part in parts if part[0] >= 0), key=self._level.__getitem__)
            down = [part[1] if part[0] == top else node for node, part in zip(key, parts, strict=True)]
            up = [part[2] if part[0] == top else node for node, part in zip(key, parts, strict=True)]
            found = self._known[key] = self._node(top, self._either(*down), self._either(*up))
        return found

    def _node(self, component: int, down: int, up: int) -> int:
        if down == up:
            return down
        key = (component, down, up)
        found = self._place.get(key)
        if found is None:
            found = self._place[key] = len(self._nodes)
            self._nodes.append(key)
        return found


@bare
def met(root: int, node: Any, component: Any) -> bool:
    """Return whether a need is met where these components work: one walk down its diagram.

    `node` holds records with `component`, and the nodes `down` and `up` for its two states; `component` with `works`.
    """
    place = root
    while place > TRUE:
        place = node[place].up if component[node[place].component].works else node[place].down
    return bool(place == TRUE)
