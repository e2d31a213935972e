"""Forwarding in fixed states: who gets through, over what, at what rate; loops and missing gateways lose."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulation.control_plane.forwarding import ForwardingState, Reach, reach
from simulation.control_plane.layout import Layout, Pair
from simulation.control_plane.physical import PhysicalState
from simulation.control_plane.replication import Replication
from simulation.draws import Draws, Streams


def _state(layout: Layout) -> ForwardingState:
    """Return the converged state."""
    whole = Replication(layout, Draws(Streams(1, 1), 0))
    fibs = tuple(router.fib for router in whole.routers)
    return ForwardingState(PhysicalState(), fibs, tuple(whole.gateways.holders), tuple(whole.clock.keyed))


def _pair(layout: Layout, city: str, direction: str = "to_dc") -> Pair:
    return next(pair for pair in layout.pairs if (pair.city, pair.direction) == (city, direction))


def _reach(layout: Layout, city: str, **changes: object) -> Reach:
    return reach(layout, dataclasses.replace(_state(layout), **changes), _pair(layout, city))


def test_whole_estate_uses_both_circuits_of_the_logical_line(deck_layout: Layout) -> None:
    """Fuji's flows spread over both circuits: 2 Gbps together, 1 Gbps for Fujinomiya's main circuit."""
    fuji = _reach(deck_layout, "fuji")
    assert (fuji.certain, fuji.circuits, fuji.capacity_bps) == (True, ("fuji-wan-1", "fuji-wan-2"), 2e9)
    fujinomiya = _reach(deck_layout, "fujinomiya")
    assert (fujinomiya.circuits, fujinomiya.capacity_bps) == (("fujinomiya-main",), 1e9)


def test_unnoticed_cut_hits_the_flows_on_that_circuit(deck_layout: Layout) -> None:
    """Before anyone notices, half of the equal-cost paths lead into the cut: about half of the flows are lost."""
    physical = PhysicalState()
    physical.fail("circuit-cut", "fuji-wan-1")
    found = _reach(deck_layout, "fuji", physical=physical)
    assert found.certain is None
    assert (found.circuits, found.capacity_bps) == (("fuji-wan-2",), 1e9)
    random = np.random.default_rng(2)
    choices = {router: random.random(10_000) for router in range(len(deck_layout.routers))}
    assert found.arrives(choices).mean() == pytest.approx(0.5, abs=3.29 * np.sqrt(0.25 / 10_000))


def test_loop_loses(deck_layout: Layout) -> None:
    """Two routers that point at each other deliver nothing."""
    layout = deck_layout
    state = _state(layout)
    main, backup = layout.routers.index("fm-rt-main"), layout.routers.index("fm-rt-backup")
    towards = next(arc.id for arc in layout.arcs_of[main] if arc.neighbour == backup)
    fibs = list(state.fibs)
    fibs[main] = tuple((towards,) for _ in layout.lans)
    fibs[backup] = tuple((towards ^ 1,) for _ in layout.lans)
    assert _reach(layout, "fujinomiya", fibs=tuple(fibs)).certain is False


def test_no_gateway_loses(deck_layout: Layout) -> None:
    """Hosts without a gateway reach nothing beyond their LAN."""
    nobody = (None,) * len(deck_layout.lans)
    assert _reach(deck_layout, "fuji", holders=nobody).certain is False


def test_tunnel_without_keys_loses(deck_layout: Layout) -> None:
    """Routes over a tunnel whose security association is gone lead nowhere."""
    layout = deck_layout
    state = _state(layout)
    tunnel = next(index for index, path in enumerate(layout.paths) if path.tunnel)
    backup = layout.routers.index("fm-rt-backup")
    over = next(arc.id for arc in layout.arcs_of[backup] if arc.adjacency == tunnel)
    fibs = list(state.fibs)
    fibs[backup] = tuple((over,) for _ in layout.lans)
    holders = tuple(
        backup if lan.id == "fujinomiya-hall-counters" else h for lan, h in zip(layout.lans, state.holders, strict=True)
    )
    keyed = tuple(index != tunnel for index in range(len(layout.paths)))
    with_keys = _reach(layout, "fujinomiya", fibs=tuple(fibs), holders=holders)
    assert (with_keys.certain, with_keys.capacity_bps) == (True, 300e6)
    assert _reach(layout, "fujinomiya", fibs=tuple(fibs), holders=holders, keyed=keyed).certain is False


def test_kernel_leaves_a_next_hop_whose_port_is_down(deck_layout: Layout) -> None:
    """A dead port among equal-cost next hops loses nothing: the others take its flows at once."""
    physical = PhysicalState()
    physical.fail("port-down", "fb-rt-1/wan1")
    assert _reach(deck_layout, "fuji", physical=physical).certain is True


def test_cut_campus_link_parts_hosts_from_their_gateway(deck_layout: Layout) -> None:
    """The hall's terminals stand behind the campus link; without it no router helps."""
    physical = PhysicalState()
    physical.fail("circuit-cut", "fuji-campus")
    assert _reach(deck_layout, "fuji", physical=physical).certain is False
