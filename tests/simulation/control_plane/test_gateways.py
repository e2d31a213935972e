"""VRRP against its closed form, from the hosts' view."""

from __future__ import annotations

import dataclasses

import pytest

from inventory.models.behaviour import Reaction
from simulation.control_plane.clockwork import Clockwork
from simulation.control_plane.gateways import Gateways, master_down_s, skew_s
from simulation.control_plane.layout import Layout
from simulation.draws import Draws, Streams

HALL = "fujinomiya-hall-counters"


def _instant(layout: Layout) -> Layout:
    """Return the layout with reactions that take no time."""
    return dataclasses.replace(layout, timers=layout.timers.model_copy(update={"reactions": {}}))


def _gateways(layout: Layout, replication: int = 0) -> tuple[Clockwork, Gateways, int]:
    clock = Clockwork(layout, Draws(Streams(5, 200), replication))
    gateways = Gateways(clock)
    return clock, gateways, next(index for index, lan in enumerate(layout.lans) if lan.id == HALL)


def test_master_down_interval_is_three_advertisements_and_the_skew() -> None:
    """3.609 s at priority 100 with advertisements of 1 s (RFC 5798, 6.1; keepalived's documentation)."""
    assert skew_s(1.0, 100) == pytest.approx(0.609375)
    assert master_down_s(1.0, 100) == pytest.approx(3.609375)
    assert master_down_s(0.3, 100) == pytest.approx(1.0828125)


@pytest.mark.parametrize("replication", range(20))
def test_backup_takes_over_within_the_last_advertisement_of_the_master_down_interval(
    deck_layout: Layout, replication: int
) -> None:
    """After a crash the address moves between master-down − advertisement and master-down, by the phase."""
    layout = _instant(deck_layout)
    clock, gateways, hall = _gateways(layout, replication)
    first, second = layout.lans[hall].routers
    timers = layout.timers.vrrp
    latest_s = master_down_s(timers.advertisement_s, layout.lans[hall].priorities[1])
    clock.running[first] = False
    gateways.look()
    clock.env.run(until=latest_s - timers.advertisement_s - 1e-6)
    assert gateways.holders[hall] == first
    clock.env.run(until=latest_s + 1e-6)
    assert gateways.holders[hall] == second


def test_master_that_is_back_in_time_keeps_the_address(deck_layout: Layout) -> None:
    """A silence shorter than the master-down interval changes nothing."""
    clock, gateways, hall = _gateways(_instant(deck_layout))
    first = gateways.holders[hall]
    assert first is not None
    clock.running[first] = False
    gateways.look()
    clock.env.run(until=0.5)
    clock.running[first] = True
    gateways.look()
    clock.env.run(until=60)
    assert gateways.holders[hall] == first


def test_preferred_router_waits_for_the_preempt_delay(deck_layout: Layout) -> None:
    """A router that is back heeds advertisements for the preempt delay, then waits out its own master-down interval."""
    layout = _instant(deck_layout)
    clock, gateways, hall = _gateways(layout)
    first, second = layout.lans[hall].routers
    clock.running[first] = False
    gateways.look()
    clock.env.run(until=5)
    clock.running[first] = True
    gateways.look()
    delay_s = layout.timers.vrrp.preempt_delay_s
    clock.env.run(until=5 + delay_s - 1e-3)
    assert gateways.holders[hall] == second
    own_s = master_down_s(layout.timers.vrrp.advertisement_s, layout.lans[hall].priorities[0])
    clock.env.run(until=5 + delay_s + own_s - layout.timers.vrrp.advertisement_s - 1e-3)
    assert gateways.holders[hall] == second
    clock.env.run(until=5 + delay_s + own_s + layout.timers.vrrp.advertisement_s + 1e-3)
    assert gateways.holders[hall] == first


def test_port_without_link_loses_the_address(deck_layout: Layout) -> None:
    """A router whose LAN port is down cannot advertise: the other takes over."""
    clock, gateways, hall = _gateways(_instant(deck_layout))
    clock.physical.fail("port-down", "fm-rt-main/hall")
    gateways.look()
    clock.env.run(until=5)
    holder = gateways.holders[hall]
    assert holder is not None
    assert clock.layout.routers[holder] == "fm-rt-backup"


def test_reaction_delays_the_takeover(deck_layout: Layout) -> None:
    """What keepalived and the hosts need to act is added to the protocol's own time."""
    slow = Reaction.model_construct(low_s=2.0, mode_s=2.0, high_s=2.0, chance=1.0)
    timers = deck_layout.timers.model_copy(update={"reactions": {"gateway-takeover": slow}})
    clock, gateways, hall = _gateways(dataclasses.replace(deck_layout, timers=timers))
    first = gateways.holders[hall]
    assert first is not None
    clock.running[first] = False
    gateways.look()
    clock.env.run(until=2.7)
    assert gateways.holders[hall] == first
