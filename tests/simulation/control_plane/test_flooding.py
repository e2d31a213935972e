"""Link states in flight: everyone learns them, too quick a successor is dropped and comes again."""

from __future__ import annotations

import dataclasses

import pytest

from inventory.models.behaviour import Reaction
from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Replication
from simulation.draws import Draws, Streams

STREAMS = Streams(3, 16)
HOP = Reaction.model_construct(low_s=0.01, mode_s=0.01, high_s=0.01, chance=1.0)


def _running(layout: Layout, replication: int = 0) -> Replication:
    ospf = layout.timers.ospf.model_copy(update={"lsa_min_arrival_s": 0.1, "retransmit_s": 5.0})
    timers = layout.timers.model_copy(update={"reactions": {"flood-hop": HOP}, "ospf": ospf})
    return Replication(dataclasses.replace(layout, timers=timers), Draws(STREAMS, replication))


def _sequences(running: Replication, origin: int) -> list[int]:
    return [router.sequences[origin] for router in running.routers]


def test_everyone_learns_a_link_state_by_the_shortest_way(deck_layout: Layout) -> None:
    """Each hop takes its time: neighbours have it after one, Fujinomiya's routers through the data centre's."""
    running = _running(deck_layout)
    origin = deck_layout.routers.index("fb-rt-1")
    running.flooding.originate(running.routers[origin])
    running.clock.env.run(until=0.0101)
    near = {"fb-rt-1", "fb-rt-2", "dc-rt-1", "dc-rt-2"}
    got = {deck_layout.routers[n] for n, sequence in enumerate(_sequences(running, origin)) if sequence == 3}
    assert got == near
    running.clock.env.run(until=0.0301)
    assert set(_sequences(running, origin)) == {3}


def test_successor_within_min_arrival_comes_again_after_the_retransmission(deck_layout: Layout) -> None:
    """Two link states of one router within 100 ms: the second is dropped and taken 5 s later."""
    running = _running(deck_layout)
    origin, other = deck_layout.routers.index("fb-rt-1"), deck_layout.routers.index("fb-rt-2")
    router = running.routers[origin]
    running.flooding.originate(router)
    running.clock.env.run(until=0.05)
    running.flooding.originate(router)
    running.clock.env.run(until=5.0)
    assert running.routers[other].sequences[origin] == 3
    running.clock.env.run(until=5.1)
    assert running.routers[other].sequences[origin] == 4


def test_successor_after_min_arrival_is_taken_at_once(deck_layout: Layout) -> None:
    """After the 100 ms nothing is held up."""
    running = _running(deck_layout)
    origin = deck_layout.routers.index("fb-rt-1")
    running.flooding.originate(running.routers[origin])
    running.clock.env.run(until=0.2)
    running.flooding.originate(running.routers[origin])
    running.clock.env.run(until=0.3)
    assert set(_sequences(running, origin)) == {4}


def test_link_state_goes_round_a_cut(deck_layout: Layout) -> None:
    """With the main circuit cut Fujinomiya's main router hears the data centre over the tunnel."""
    running = _running(deck_layout)
    running.clock.physical.fail("circuit-cut", "fujinomiya-main")
    running._look()
    origin = deck_layout.routers.index("dc-rt-1")
    running.flooding.originate(running.routers[origin])
    running.clock.env.run(until=0.0301)
    assert running.routers[deck_layout.routers.index("fm-rt-main")].sequences[origin] == 3


@pytest.mark.parametrize("replication", range(4))
def test_everyone_holds_the_same_databases_when_all_is_quiet(deck_layout: Layout, replication: int) -> None:
    """After a crash, a restart and all retransmissions no two routers differ in what they know."""
    from simulation.scenario import Fault, Scenario

    crash = Fault.model_construct(at_s=1.0, kind="node-crash", target="dc-rt-1", repair_after_s=20.0)
    running = Replication(deck_layout, Draws(STREAMS, replication))
    running.run(Scenario.model_construct(name="x", horizon_s=200.0, judge="switch-over", faults=(crash,)))
    assert len({tuple(router.contents) for router in running.routers}) == 1
    assert all(router.full for router in running.routers)
