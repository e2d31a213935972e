"""Security associations: they outlive a cut, not a crash, and not dead-peer detection."""

from __future__ import annotations

import dataclasses

from inventory.models.behaviour import Reaction
from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Replication
from simulation.control_plane.tunnels import GIVE_UP_S
from simulation.draws import Draws, Streams
from simulation.scenario import Fault

SETUP = Reaction.model_construct(low_s=2.0, mode_s=2.0, high_s=2.0, chance=1.0)


def _running(layout: Layout) -> tuple[Replication, int]:
    timers = layout.timers.model_copy(update={"reactions": {"tunnel-setup": SETUP}})
    running = Replication(dataclasses.replace(layout, timers=timers), Draws(Streams(9, 1), 0))
    return running, next(iter(layout.dpd_delay_s))


def _fault(kind: str, target: str) -> Fault:
    return Fault.model_construct(at_s=0.0, kind=kind, target=target, repair_after_s=None)


def test_keys_outlive_a_cut(deck_layout: Layout) -> None:
    """When the access line comes back within minutes the tunnel carries at once."""
    running, tunnel = _running(deck_layout)
    running._fail(_fault("circuit-cut", "fujinomiya-flets"))
    running.clock.env.run(until=60)
    running._repair(_fault("circuit-cut", "fujinomiya-flets"))
    assert running.clock.keyed[tunnel]


def test_dead_peer_detection_gives_up(deck_layout: Layout) -> None:
    """The association goes after the probe's delay and all retransmissions; then it is made anew."""
    running, tunnel = _running(deck_layout)
    running._fail(_fault("circuit-cut", "fujinomiya-flets"))
    running.clock.env.run(until=deck_layout.dpd_delay_s[tunnel] + GIVE_UP_S + 1)
    assert not running.clock.keyed[tunnel]
    running._repair(_fault("circuit-cut", "fujinomiya-flets"))
    assert not running.clock.keyed[tunnel]
    running.clock.env.run(until=running.clock.now_s + 2.1)
    assert running.clock.keyed[tunnel]


def test_crash_loses_the_keys(deck_layout: Layout) -> None:
    """A router that starts anew negotiates before its tunnel carries."""
    running, tunnel = _running(deck_layout)
    running._fail(_fault("node-crash", "dc-rt-2"))
    assert not running.clock.keyed[tunnel]
    running._repair(_fault("node-crash", "dc-rt-2"))
    assert not running.clock.keyed[tunnel]
    running.clock.env.run(until=2.1)
    assert running.clock.keyed[tunnel]
