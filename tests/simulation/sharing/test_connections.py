"""Connections that stall: when they go on and when they break, by hand; what changes at one instant counts as one."""

from __future__ import annotations

import pytest
import simpy

from simulation.errors import MechanismInvalid
from simulation.sharing.back_off import BackOff, BackOffs
from simulation.sharing.connections import Connections
from simulation.sharing.links import Links
from simulation.sharing.transfers import Transfer, Transfers

MB = 1e6
LINE_BPS = 8e7  # 10 MB/s
LINUX = BackOffs(BackOff(0.2, 120.0, 15), BackOff(1.0, 120.0, 6))


def made(env: simpy.Environment, links: Links, form: type[Transfers] = Connections) -> Transfers:
    """Return transfers of a form; connections wait as those of Linux do."""
    return Connections(env, links, LINUX) if form is Connections else form(env, links)


def at(env: simpy.Environment, time_s: float, connections: Transfers, link: str, rate_bps: float) -> None:
    """Give a link a capacity at a time."""
    env.timeout(time_s).callbacks.append(lambda _: connections.set_capacity(link, rate_bps))


def one(
    away_s: float, form: type[Transfers] = Connections, until_s: float = 2000
) -> tuple[Transfer, Transfers, simpy.Environment]:
    """Send 10 MB at 10 MB/s, cut after half of them for a time, and run for so long."""
    env = simpy.Environment()
    connections = made(env, Links({"a": LINE_BPS}), form)
    sent = connections.send("copy", 10 * MB, ["a"])
    at(env, 0.5, connections, "a", 0.0)
    at(env, 0.5 + away_s, connections, "a", LINE_BPS)
    env.run(until=until_s)
    return sent, connections, env


# 0.2 s, then each twice the one before: attempts 0.2, 0.6, 1.4, 3.0, ... 25.4, 51.0, ... 204.6, then each 120 s.
@pytest.mark.parametrize(
    ("away_s", "goes_on_s"),
    [(0.1, 0.2), (0.3, 0.6), (0.6, 0.6), (1.0, 1.4), (30.0, 51.0), (204.0, 204.6), (205.0, 324.6), (804.0, 804.6)],
)
def test_goes_on_with_the_first_attempt_after_the_repair(away_s: float, goes_on_s: float) -> None:
    """Half of it is sent before the cut and half after the attempt."""
    assert LINUX.data.goes_on_s(away_s) == pytest.approx(goes_on_s)
    sent, connections, _ = one(away_s)
    assert sent.done.value.end_s == pytest.approx(0.5 + goes_on_s + 0.5, rel=1e-9)
    assert connections.unfinished() == ()


def test_breaks_when_no_attempt_is_left() -> None:
    """Away for 900 s: the last attempt was at 804.6 s, so it breaks 924.6 s after the cut, and has no record."""
    sent, connections, env = one(900.0)
    assert sent.done.value is None
    at_s: list[float] = []
    again, _, env = one(900.0, until_s=924.0)
    again.done.callbacks.append(lambda _: at_s.append(env.now))
    env.run(until=2000)
    assert at_s == pytest.approx([0.5 + 924.6])
    assert isinstance(connections, Connections)
    assert connections.broken == [sent]
    assert connections.unfinished() == ()


def test_without_stalls_it_is_the_fluid() -> None:
    """Limit: never cut, the record is that of `Transfers`; and the fluid goes on at once where a connection waits."""
    for form in (Transfers, Connections):
        env = simpy.Environment()
        sent = made(env, Links({"a": LINE_BPS}), form).send("copy", 10 * MB, ["a"])
        env.run(until=10)
        assert sent.done.value.end_s == pytest.approx(1.0, rel=1e-9)
    assert one(1.0, Transfers)[0].done.value.end_s == pytest.approx(2.0, rel=1e-9)


def test_others_have_the_circuit_until_the_attempt() -> None:
    """By hand: 10 MB stall at 0.5 s, the path is back at 1.5 s, the attempt comes at 1.9 s.

    A new transfer of 8 MB at 1.5 s has 10 MB/s for 0.4 s, then half: its last 4 MB take 0.8 s, to 2.7 s. The first has
    sent 4 of its last 5 MB by then, and the rest takes 0.1 s.
    """
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS}), LINUX)
    first = connections.send("first", 10 * MB, ["a"])
    at(env, 0.5, connections, "a", 0.0)
    at(env, 1.5, connections, "a", LINE_BPS)
    second: list[Transfer] = []
    env.timeout(1.5).callbacks.append(lambda _: second.append(connections.send("second", 8 * MB, ["a"])))
    env.run(until=100)
    assert second[0].done.value.end_s == pytest.approx(2.7, rel=1e-9)
    assert first.done.value.end_s == pytest.approx(2.8, rel=1e-9)


def test_stalled_connection_goes_on_over_another_path_with_its_next_attempt() -> None:
    """Routing moves it 0.7 s after the cut to a line of half the rate; the attempt at 1.4 s finds that: 5 MB in 1 s."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS, "b": LINE_BPS / 2}), LINUX)
    sent = connections.send("copy", 10 * MB, ["a"])
    at(env, 0.5, connections, "a", 0.0)
    env.timeout(1.2).callbacks.append(lambda _: connections.reroute(sent, ["b"]))
    env.run(until=100)
    assert sent.done.value.end_s == pytest.approx(0.5 + 1.4 + 1.0, rel=1e-9)


def test_transfer_that_is_moved_as_its_circuit_goes_does_not_stall() -> None:
    """Cut and moved at one instant, in either order: the last 5 MB go on at once at half the rate, for 1 s."""
    for moved_first in (True, False):
        env = simpy.Environment()
        connections = Connections(env, Links({"a": LINE_BPS, "b": LINE_BPS / 2}), LINUX)
        sent = connections.send("copy", 10 * MB, ["a"])
        acts = [lambda c=connections: c.set_capacity("a", 0.0), lambda c=connections, s=sent: c.reroute(s, ["b"])]
        for act in acts[::-1] if moved_first else acts:
            env.timeout(0.5).callbacks.append(lambda _, act=act: act())
        env.run(until=100)
        assert sent.done.value.end_s == pytest.approx(0.5 + 1.0, rel=1e-9)


def test_path_that_goes_as_the_attempt_comes_is_not_there() -> None:
    """Back 1 s after the cut and away again at the very attempt (1.4 s), for good after 2 s: 3.0 s."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS}), LINUX)
    attempt_s = 0.5 + LINUX.data.attempts_s[2]
    for time_s, rate_bps in ((0.5, 0.0), (1.5, LINE_BPS), (attempt_s, 0.0), (2.5, LINE_BPS)):
        at(env, time_s, connections, "a", rate_bps)
    sent = connections.send("copy", 10 * MB, ["a"])
    env.run(until=100)
    assert sent.done.value.end_s == pytest.approx(0.5 + 3.0 + 0.5, rel=1e-9)


def test_stalls_are_told() -> None:
    """Whoever watches hears of the stall and of the attempt that ends it, and of nothing else."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS}), LINUX)
    told_s: list[float] = []
    connections.watch = lambda: told_s.append(env.now)
    connections.send("copy", 10 * MB, ["a"])
    at(env, 0.5, connections, "a", 0.0)
    at(env, 1.5, connections, "a", LINE_BPS)
    env.run(until=100)
    assert told_s == pytest.approx([0.5, 1.9])


def test_transfer_that_is_stopped_while_it_stalls_ends_then() -> None:
    """Stopped during the stall: it counts as arrived, and no attempt wakes it."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS}), LINUX)
    sent = connections.send("copy", 10 * MB, ["a"])
    at(env, 0.5, connections, "a", 0.0)
    env.timeout(1.0).callbacks.append(lambda _: connections.stop(sent))
    env.run(until=2000)
    assert sent.done.value.end_s == pytest.approx(1.0)
    assert connections.broken == []


def test_cut_before_the_attempt_keeps_it_waiting() -> None:
    """Back from 1.0 to 1.2 s after the cut, between two attempts (0.6 and 1.4 s), and for good after 2 s: 3.0 s."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": LINE_BPS}), LINUX)
    sent = connections.send("copy", 10 * MB, ["a"])
    for time_s, rate_bps in ((0.5, 0.0), (1.5, LINE_BPS), (1.7, 0.0), (2.5, LINE_BPS)):
        at(env, time_s, connections, "a", rate_bps)
    env.run(until=100)
    assert sent.done.value.end_s == pytest.approx(0.5 + 3.0 + 0.5, rel=1e-9)


def test_connection_that_opens_over_a_dead_path_tries_each_second_at_first() -> None:
    """Opened at 0 s, path there at 2 s: attempts at 1, 3, 7 s, so its 10 MB end at 4 s; never there, it breaks."""
    env = simpy.Environment()
    connections = Connections(env, Links({"a": 0.0, "b": 0.0}), LINUX)
    sent, other = connections.send("copy", 10 * MB, ["a"]), connections.send("never", MB, ["b"])
    at(env, 2.0, connections, "a", LINE_BPS)
    env.run(until=200)
    assert sent.done.value.end_s == pytest.approx(4.0, rel=1e-9)
    assert connections.broken == [other]


def test_what_is_over_is_refused() -> None:
    """A transfer that has arrived cannot be taken out."""
    sent, connections, _ = one(0.1)
    with pytest.raises(MechanismInvalid, match="transfer `copy` is over, expected one on its way"):
        connections.abort(sent)
