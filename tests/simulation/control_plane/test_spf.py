"""Shortest paths against networkx, and what a one-sided view does to them."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from simulation.control_plane.layout import Layout
from simulation.control_plane.spf import distances, lan_bit, routes

Contents = tuple[int, ...]


def _whole(layout: Layout) -> list[int]:
    """Return every router's link state with all neighbours Full and all LANs attached."""
    contents = [0] * len(layout.routers)
    for arc in layout.arcs:
        contents[arc.router] |= 1 << arc.id
    for index, lan in enumerate(layout.lans):
        for router in lan.attachments:
            contents[router] |= lan_bit(layout, index)
    return contents


def _without(contents: list[int], arcs: list[int]) -> Contents:
    """Return the contents with adjacencies gone at both ends."""
    gone = sum(1 << arc | 1 << (arc ^ 1) for arc in arcs)
    return tuple(content & ~gone for content in contents)


def _graph(layout: Layout, view: Contents) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(layout.routers)))
    for arc in layout.arcs:
        if view[arc.router] >> arc.id & 1:
            graph.add_edge(arc.router, arc.neighbour, key=arc.id, weight=arc.cost)
    return graph


@pytest.fixture(params=["deck_layout", "small_layout"])
def layout(request: pytest.FixtureRequest) -> Layout:
    """Both estates."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("seed", range(25))
def test_costs_and_first_hops_are_those_of_networkx(layout: Layout, seed: int) -> None:
    """With any set of adjacencies gone, cost and equal-cost first hops to every router are networkx's."""
    chosen = random.Random(seed).sample(range(0, len(layout.arcs), 2), k=seed % (len(layout.paths) - 1))
    view = _without(_whole(layout), chosen)
    graph = _graph(layout, view)
    for root in range(len(layout.routers)):
        cost, first = distances(layout, root, view)
        expected = nx.single_source_dijkstra_path_length(graph, root)
        assert cost == expected
        for target in set(expected) - {root}:
            hops = {
                arc.id
                for arc in layout.arcs_of[root]
                if view[root] >> arc.id & 1
                and nx.has_path(graph, arc.neighbour, target)
                and arc.cost + nx.dijkstra_path_length(graph, arc.neighbour, target) == expected[target]
            }
            assert first[target] == hops


def test_attached_lan_needs_no_hop(layout: Layout) -> None:
    """A router reaches its own LANs directly, and every other LAN by some hop while all is whole."""
    view = tuple(_whole(layout))
    for root in range(len(layout.routers)):
        for lan, hops in zip(layout.lans, routes(layout, root, view), strict=True):
            assert (hops is None) == (root in lan.attachments)
            assert hops is None or hops


def test_link_named_by_one_end_only_is_not_used(deck_layout: Layout) -> None:
    """Once one end of Fujinomiya's main circuit has withdrawn it, the other end leaves it too."""
    layout = deck_layout
    main = next(arc for arc in layout.arcs if arc.port == "dc-rt-1/main")
    contents = _whole(layout)
    contents[main.router] &= ~(1 << main.id)
    far = main.neighbour
    hall = next(index for index, lan in enumerate(layout.lans) if lan.id == "dc-fujinomiya-core")
    assert routes(layout, far, tuple(_whole(layout)))[hall] == (main.id ^ 1,)
    assert main.id ^ 1 not in (routes(layout, far, tuple(contents))[hall] or ())


def test_parallel_circuits_hide_a_one_sided_withdrawal(small_layout: Layout) -> None:
    """Between two routers with two circuits any link back counts: an end that noticed nothing uses both."""
    layout = small_layout
    first = next(arc for arc in layout.arcs if arc.port == "centre-rt/wan1")
    contents = _whole(layout)
    contents[first.router] &= ~(1 << first.id)
    servers = next(index for index, lan in enumerate(layout.lans) if lan.id == "hamabe-servers")
    assert first.id ^ 1 in (routes(layout, first.neighbour, tuple(contents))[servers] or ())


def test_shared_segment_wants_its_own_link_back(deck_layout: Layout) -> None:
    """Over a segment with more than two routers the first hop needs the neighbour's link on that very segment."""
    layout = deck_layout
    arc = next(arc for arc in layout.arcs if arc.port == "fb-rt-1/wan1" and layout.routers[arc.neighbour] == "dc-rt-1")
    contents = _whole(layout)
    contents[arc.neighbour] &= ~(1 << (arc.id ^ 1))
    servers = next(index for index, lan in enumerate(layout.lans) if lan.id == "dc-fuji-core")
    whole = routes(layout, arc.router, tuple(_whole(layout)))[servers]
    assert whole is not None
    assert arc.id in whole
    assert routes(layout, arc.router, tuple(contents))[servers] == tuple(hop for hop in whole if hop != arc.id)
