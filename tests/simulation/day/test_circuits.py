"""Answers over several circuits: waits in a row by hand and beside fair transfers, the mean of parallel ways."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import pytest
import simpy

from simulation.day.circuits import common_shares, in_a_row_s, line_loads, on_the_way_s, share_lines
from simulation.day.plant import NONE, Floats
from simulation.day.tables import Fixed, Now
from simulation.sharing.links import Links
from simulation.sharing.transfers import Transfer, TransferRecord, Transfers

BITS = 1000.0


def _fixed(streams: int, round_trips: float = 0.0) -> Fixed:
    """Return figures of messages of so many bits in one direction, answers without bits in the other."""
    none, one = np.zeros(streams), np.ones(1)
    counts = np.ones(1, np.int64)
    return Fixed(
        none, none, none, np.full(streams, BITS), none, np.zeros(streams, np.int64), one, counts, counts, one, one,
        1.0, 1.0, round_trips,
    )  # fmt: skip


def _now(rates: list[float], ways: list[list[tuple[float, list[int]]]], capacities: list[float]) -> Now:
    """Return an instant: messages a second by stream, and of each stream its ways as (share, circuits in a row)."""
    streams, longest = len(rates), max(len(lines) for own in ways for _, lines in own)
    first, after = np.zeros((streams, 2), np.int64), np.zeros((streams, 2), np.int64)
    rows, shares = [], []
    for stream, own in enumerate(ways):
        first[stream, 0] = len(rows)
        for share, lines in own:
            rows.append([*lines, *[NONE] * (longest - len(lines))])
            shares.append(share)
        after[stream, 0] = first[stream, 1] = after[stream, 1] = len(rows)
    none = np.zeros(len(capacities))
    machine = np.zeros((streams, 1), np.int64)
    return Now(
        np.array(rates), np.array(shares), np.zeros(1), np.array(capacities), none.copy(), none.copy(),
        np.ones(streams, np.int64), machine, np.full(streams, NONE, np.int64), first, after, np.array(rows, np.int64),
        np.ones(len(rows)), np.zeros(len(rows)),
    )  # fmt: skip


def _times_s(now: Now, round_trips: float = 0.0) -> list[float]:
    """Return how long a message of each stream is on its way."""
    fixed = _fixed(len(now.rates), round_trips)
    slow = np.ones(len(now.capacities))
    nothing = np.zeros(len(now.rates))
    share_lines(fixed, now, nothing, nothing, np.ones(len(now.rates)), slow)
    common = common_shares(fixed, now)
    return [float(on_the_way_s(fixed, now, slow, common, stream)) for stream in range(len(now.rates))]


def _row(own: float, first: float, second: float, capacities: tuple[float, float] = (BITS, BITS)) -> Now:
    """Return two circuits in a row with loads: of who crosses both, of the first alone, of the second alone."""
    ways: list[list[tuple[float, list[int]]]] = [[(1.0, [0, 1])], [(1.0, [0])], [(1.0, [1])]]
    return _now([own, first, second], ways, list(capacities))


def test_waits_in_a_row_add_up_by_hand() -> None:
    """Two circuits half full of others' messages: a second for itself, a second's wait on each."""
    alone = _times_s(_row(1e-9, 0.0, 0.0))[0]
    assert alone == pytest.approx(1.0, rel=1e-6)
    assert _times_s(_row(1e-9, 0.5, 0.0))[0] == pytest.approx(2.0, rel=1e-6)
    assert _times_s(_row(1e-9, 0.5, 0.5))[0] == pytest.approx(3.0, rel=1e-6)
    assert _times_s(_row(1e-9, 0.5, 0.75))[0] == pytest.approx(1.0 + 1.0 + 3.0, rel=1e-6)


def test_who_goes_the_same_way_is_waited_for_once() -> None:
    """Nobody else on either circuit: the second adds nothing; it is twice as quick, and still adds nothing."""
    assert _times_s(_row(0.5, 0.0, 0.0))[0] == pytest.approx(2.0, rel=1e-6)
    assert _times_s(_row(0.5, 0.0, 0.0, (BITS, 2 * BITS)))[0] == pytest.approx(2.0, rel=1e-6)
    assert _times_s(_row(0.5, 0.0, 0.0, (2 * BITS, BITS)))[0] == pytest.approx(2.0, rel=1e-6)


def test_bulk_on_both_circuits_is_waited_for_once() -> None:
    """One transfer over both circuits halves the pace, on the one as on the other."""
    now = _row(1e-9, 0.0, 0.0)
    now.bulk_flows[:] = 1.0
    assert _times_s(now)[0] == pytest.approx(2.0, rel=1e-6)
    now.bulk_flows[:] = (2.0, 1.0)
    assert _times_s(now)[0] == pytest.approx(3.0, rel=1e-6)


def test_parallel_circuits_give_the_mean_of_their_ways() -> None:
    """A quarter of the flows goes over a circuit half full, the rest over an idle one, by hand; delays count too."""
    now = _now([1e-9, 0.5], [[(0.25, [0]), (0.75, [1])], [(1.0, [0])]], [BITS, BITS])
    assert _times_s(now)[0] == pytest.approx(0.25 * 2.0 + 0.75 * 1.0, rel=1e-6)
    now.delays[:] = (0.1, 0.2, 0.0)
    assert _times_s(now, 3.0)[0] == pytest.approx(1.25 + 3 * (0.25 * 0.1 + 0.75 * 0.2), rel=1e-6)


def test_every_circuit_of_a_row_is_loaded() -> None:
    """What crosses two circuits loads both, by the share of its way."""
    now = _now([0.4], [[(0.25, [0, 1]), (0.75, [0, 2])]], [BITS] * 3)
    loads: Floats = np.zeros(3)
    line_loads(_fixed(1), now, np.ones(1), loads)
    assert loads == pytest.approx([400.0, 100.0, 300.0])


def test_circuit_that_is_down_adds_nothing() -> None:
    """A way's row may name a circuit without capacity: it has neither time nor wait."""
    now = _row(1e-9, 0.5, 0.0, (BITS, 0.0))
    assert in_a_row_s(now, np.array([2.0, 9.0]), np.zeros((len(now.lines), 2, 2)), 0) == pytest.approx(2.0 / BITS)


@pytest.mark.parametrize(
    ("own", "first", "second", "capacities"),
    [
        (0.1, 0.45, 0.45, (1.0, 1.0)),
        (0.3, 0.3, 0.3, (1.0, 1.0)),
        (0.6, 0.0, 0.0, (1.0, 1.0)),
        (0.3, 0.3, 0.9, (1.0, 2.0)),
        (0.3, 0.0, 0.3, (2.0, 1.0)),
    ],
)
def test_row_agrees_with_fair_transfers(
    own: float, first: float, second: float, capacities: tuple[float, float]
) -> None:
    """Messages of any size over two circuits, played as max-min fair transfers: never 5 % less, at most 20 % more.

    Max-min lets long ways wait less than balanced fairness does, so where much is on both circuits it errs upwards.
    """
    reckoned_s = _times_s(_row(own, first, second, (capacities[0] * BITS, capacities[1] * BITS)))[0]
    played_s = _played_s((own, first, second), capacities)
    assert 0.95 * played_s < reckoned_s < 1.2 * played_s


def _played_s(loads: tuple[float, float, float], capacities: tuple[float, float], count: int = 20_000) -> float:
    """Return the mean time of transfers over both links (exponential sizes, mean of one second), after warming up."""
    env, generator = simpy.Environment(), np.random.default_rng(5)
    transfers = Transfers(env, Links({"one": capacities[0] * BITS, "two": capacities[1] * BITS}))
    took_s: list[float] = []

    def source(rate: float, route: tuple[str, ...]) -> Iterator[simpy.Event]:
        for number in range(int(count * rate / sum(loads))):
            yield env.timeout(float(generator.exponential(1 / rate)))
            sent = transfers.send("message", float(generator.exponential(BITS / 8)), route)
            if len(route) > 1 and number > 200:
                env.process(ended(sent))

    def ended(sent: Transfer) -> Generator[simpy.Event, TransferRecord, None]:
        record = yield sent.done
        took_s.append(record.end_s - record.begin_s)

    for rate, route in zip(loads, (("one", "two"), ("one",), ("two",)), strict=True):
        if rate > 0:
            env.process(source(rate, route))
    env.run()
    return float(np.mean(took_s))
