"""Neighbours lost and found: silence of hellos, ports, hellos after a repair, a router that starts anew."""

from __future__ import annotations

import dataclasses

import pytest

from inventory.models.behaviour import Reaction, Timers
from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Replication
from simulation.draws import Draws, Streams

STREAMS = Streams(23, 64)


def _timed(layout: Layout, *, bfd: bool = True, hello_s: float = 10.0, dead_s: float = 40.0) -> Layout:
    """Return the layout with reactions that take no time and other timers."""
    ospf = layout.timers.ospf.model_copy(update={"hello_s": hello_s, "dead_s": dead_s})
    enabled = layout.timers.bfd.model_copy(update={"enabled": bfd})
    return dataclasses.replace(
        layout, timers=layout.timers.model_copy(update={"reactions": {}, "ospf": ospf, "bfd": enabled})
    )


class Adjacency:
    """One adjacency of a running replication, with the instants at which its ends change."""

    def __init__(self, layout: Layout, name: str, replication: int) -> None:
        """Watch the adjacency whose id begins with `name`."""
        self.running = Replication(layout, Draws(STREAMS, replication))
        self.index = next(index for index, path in enumerate(layout.paths) if path.id.startswith(name))
        self.ends = layout.arcs[2 * self.index : 2 * self.index + 2]

    def full(self) -> tuple[bool, bool]:
        """Return whether each end holds the other Full."""
        one, other = (self.running.routers[arc.router].is_full(arc.id) for arc in self.ends)
        return one, other

    def change(self, kind: str, target: str, *, repair: bool = False) -> None:
        """Fail or repair something now."""
        from simulation.scenario import Fault

        fault = Fault.model_construct(at_s=0.0, kind=kind, target=target, repair_after_s=None)
        (self.running._repair if repair else self.running._fail)(fault)

    def run_until(self, at_s: float) -> None:
        """Let time pass."""
        self.running.clock.env.run(until=at_s)

    def instant(self, wanted: tuple[bool, bool], latest_s: float, step_s: float = 0.01) -> float:
        """Return when the ends are first as wanted, to within a step."""
        while self.full() != wanted:
            now_s = self.running.clock.now_s
            assert now_s < latest_s, f"not {wanted} by {latest_s} s"
            self.run_until(now_s + step_s)
        return self.running.clock.now_s


@pytest.mark.parametrize("replication", range(12))
def test_silence_of_hellos_ends_a_neighbour_after_the_dead_interval(small_layout: Layout, replication: int) -> None:
    """With hello 1 s and dead 4 s, without BFD, each end drops the other 3–4 s after the cut."""
    seen = Adjacency(_timed(small_layout, bfd=False, hello_s=1, dead_s=4), "centre-rt/main", replication)
    seen.run_until(5)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(8)
    assert seen.full() == (True, True)
    seen.run_until(9.001)
    assert seen.full() == (False, False)


@pytest.mark.parametrize("replication", range(12))
def test_bfd_ends_a_neighbour_before_the_dead_interval(small_layout: Layout, replication: int) -> None:
    """With BFD 300 ms × 3 both ends have dropped each other 600–900 ms after the cut."""
    seen = Adjacency(_timed(small_layout), "centre-rt/main", replication)
    seen.run_until(5)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(5.599)
    assert seen.full() == (True, True)
    seen.run_until(5.901)
    assert seen.full() == (False, False)


def test_short_cut_goes_unnoticed(small_layout: Layout) -> None:
    """A cut that is over before any timer has run out drops nobody."""
    seen = Adjacency(_timed(small_layout), "centre-rt/main", 0)
    seen.run_until(5)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(5.5)
    seen.change("circuit-cut", "yamate-main", repair=True)
    seen.run_until(50)
    assert seen.full() == (True, True)


@pytest.mark.parametrize("replication", range(12))
def test_neighbours_are_full_again_when_both_have_sent_a_hello(small_layout: Layout, replication: int) -> None:
    """After the repair the later of the two next hellos makes them 2-way, and Full with nothing to exchange."""
    seen = Adjacency(_timed(small_layout), "centre-rt/main", replication)
    seen.run_until(5)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(15)
    ports = [arc.port for arc in seen.ends]
    expected_s = max(seen.running.neighbours._hello(port).next_s(15) for port in ports)
    seen.change("circuit-cut", "yamate-main", repair=True)
    assert seen.instant((True, True), 26) == pytest.approx(expected_s, abs=0.02)


def test_port_that_comes_up_sends_its_hello_at_once(small_layout: Layout) -> None:
    """After a port's return only the far end's hello is waited for."""
    seen = Adjacency(_timed(small_layout), "centre-rt/main", 3)
    seen.run_until(5)
    seen.change("port-down", "yamate-rt-1/main")
    seen.run_until(15)
    expected_s = seen.running.neighbours._hello("centre-rt/main").next_s(15)
    seen.change("port-down", "yamate-rt-1/main", repair=True)
    assert seen.instant((True, True), 26) == pytest.approx(expected_s, abs=0.02)


def test_router_drops_its_neighbours_with_the_port_at_once(small_layout: Layout) -> None:
    """The end that sees its link go does not wait for a timer; the other end does."""
    seen = Adjacency(_timed(small_layout), "centre-rt/main", 0)
    seen.run_until(5)
    seen.change("port-down", "yamate-rt-1/main")
    seen.run_until(5.01)
    assert seen.full() == (True, False)


def test_restarted_router_tells_neighbours_that_noticed_nothing(small_layout: Layout) -> None:
    """A router back before its neighbours' timers ran out makes them drop and find it again by its first hello.

    The exchange is done at once, or one retransmission later where MinLSArrival drops a link state.
    """
    boot = Reaction.model_construct(low_s=1.0, mode_s=1.0, high_s=1.0, chance=1.0)
    layout = _timed(small_layout, bfd=False)
    timers: Timers = layout.timers.model_copy(update={"reactions": {"node-boot": boot}})
    seen = Adjacency(dataclasses.replace(layout, timers=timers), "centre-rt/main", 0)
    seen.run_until(5)
    seen.change("node-crash", "yamate-rt-1")
    seen.run_until(6)
    seen.change("node-crash", "yamate-rt-1", repair=True)
    seen.run_until(16.9)
    assert seen.full() == (True, False)
    again_s = seen.instant((True, True), 23)
    assert again_s == pytest.approx(17, abs=0.02) or again_s == pytest.approx(22, abs=0.02)


def test_new_session_guards_only_once_it_is_up(small_layout: Layout) -> None:
    """A cut right after the return is left to the dead interval while the new BFD session is not up."""
    slow = Reaction.model_construct(low_s=60.0, mode_s=60.0, high_s=60.0, chance=1.0)
    layout = _timed(small_layout)
    timers: Timers = layout.timers.model_copy(update={"reactions": {"bfd-session-up": slow}})
    seen = Adjacency(dataclasses.replace(layout, timers=timers), "centre-rt/main", 0)
    seen.run_until(5)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(15)
    seen.change("circuit-cut", "yamate-main", repair=True)
    again_s = seen.instant((True, True), 26)
    seen.change("circuit-cut", "yamate-main")
    seen.run_until(again_s + 29)
    assert seen.full() == (True, True)
    seen.run_until(again_s + 41)
    assert seen.full() == (False, False)
