"""Shortest paths of one router over its own view of the link states (RFC 2328, 16.1), with equal-cost next hops.

A link-state content is an integer: bit `arc.id` for every neighbour that is Full, then one bit for every LAN attached.
A link counts only where the neighbour's content has one back; at the first hop over a segment with more than two
routers FRR wants that very segment back (ospfd, `ospf_nexthop_calculation`), elsewhere any link of the pair will do.
"""

from __future__ import annotations

import heapq

from simulation.control_plane.layout import Layout

Routes = tuple[tuple[int, ...] | None, ...]


def routes(layout: Layout, root: int, view: tuple[int, ...]) -> Routes:
    """Return for every LAN the arcs of the next hops of `root`, sorted; () where unreachable, None where attached."""
    key = (root, view)
    found = layout.spf_cache.get(key)
    if found is None:
        found = layout.spf_cache[key] = _routes(layout, root, view)
    return found


def distances(layout: Layout, root: int, view: tuple[int, ...]) -> tuple[dict[int, int], dict[int, frozenset[int]]]:
    """Return the cost to every reachable router and the first arcs of all shortest paths to it."""
    cost = {root: 0}
    first: dict[int, frozenset[int]] = {root: frozenset()}
    queue = [(0, root)]
    done: set[int] = set()
    while queue:
        here_cost, here = heapq.heappop(queue)
        if here in done:
            continue
        done.add(here)
        for arc in layout.arcs_of[here]:
            if not view[here] >> arc.id & 1 or not view[arc.neighbour] & layout.back[here, arc.neighbour]:
                continue
            if here == root and arc.shared and not view[arc.neighbour] >> (arc.id ^ 1) & 1:
                continue
            hops = frozenset((arc.id,)) if here == root else first[here]
            total = here_cost + arc.cost
            known = cost.get(arc.neighbour)
            if known is None or total < known:
                cost[arc.neighbour], first[arc.neighbour] = total, hops
                heapq.heappush(queue, (total, arc.neighbour))
            elif total == known:
                first[arc.neighbour] |= hops
    return cost, first


def lan_bit(layout: Layout, lan: int) -> int:
    """Return the bit of an attached LAN in a content."""
    return 1 << (len(layout.arcs) + lan)


def _routes(layout: Layout, root: int, view: tuple[int, ...]) -> Routes:
    cost, first = distances(layout, root, view)
    result: list[tuple[int, ...] | None] = []
    for lan in range(len(layout.lans)):
        bit = lan_bit(layout, lan)
        if view[root] & bit:
            result.append(None)
            continue
        near = [router for router in cost if view[router] & bit]
        least = min((cost[router] for router in near), default=0)
        hops = frozenset().union(*(first[router] for router in near if cost[router] == least))
        result.append(tuple(sorted(hops)))
    return tuple(result)
