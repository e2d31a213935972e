"""Transfers in time: instants worked out by hand, limits, and the kernel against the plain form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid
from simulation.sharing.goodput import goodput_factor
from simulation.sharing.links import Links
from simulation.sharing.max_min import fair_shares
from simulation.sharing.plain_transfers import PlainTransfers
from simulation.sharing.transfers import TransferRecord, Transfers

MB = 1e6
FORMS = [Transfers, PlainTransfers]
BOTH = pytest.mark.parametrize("form", FORMS)
Plan = list[tuple[float, float, list[str], float, float]]  # begin (s), bytes, route, goodput factor, weight


def run(
    form: type[Transfers | PlainTransfers],
    capacities: dict[str, float],
    plan: Plan,
    changes: list[tuple[float, str, float]] = [],  # noqa: B006 - never changed
) -> tuple[dict[str, TransferRecord], simpy.Environment]:
    """Run a plan of transfers and changes of capacity; return the records by name, and the environment at the end."""
    env = simpy.Environment()
    transfers = form(env, Links(capacities))
    records: dict[str, TransferRecord] = {}

    def at(time_s: float, act: Callable[[], object]) -> None:
        env.timeout(time_s).callbacks.append(lambda _: act())

    def send(number: int) -> None:
        _, size, route, factor, weight = plan[number]
        sent = transfers.send(str(number), size, route, goodput_factor=factor, weight=weight)
        sent.done.callbacks.append(lambda event: records.__setitem__(str(number), event.value))

    for number, (begin_s, *_) in enumerate(plan):
        at(begin_s, lambda number=number: send(number))
    for time_s, link, rate_bps in changes:
        at(time_s, lambda link=link, rate_bps=rate_bps: transfers.set_capacity(link, rate_bps))
    env.run(until=1e6)
    return records, env


@BOTH
def test_one_transfer_takes_size_over_rate(form: type[Transfers]) -> None:
    """12.5 MB of payload over 100 Mbit/s take 1 s as a raw fluid, and longer by the goodput factor."""
    records, _ = run(form, {"a": 1e8}, [(5.0, 12.5 * MB, ["a"], 1.0, 1.0)])
    assert records["0"] == TransferRecord("0", 12.5 * MB, 5.0, pytest.approx(6.0, rel=1e-12))
    records, _ = run(form, {"a": 1e8}, [(0.0, 12.5 * MB, ["a"], goodput_factor(), 1.0)])
    assert records["0"].end_s == pytest.approx(1538 / 1448, rel=1e-12)
    assert records["0"].goodput_bps == pytest.approx(1e8 * 1448 / 1538)


@BOTH
def test_later_transfer_slows_the_first(form: type[Transfers]) -> None:
    """By hand: 10 MB from 0 s, 5 MB from 0.4 s over 100 Mbit/s. They share until 1.2 s, then the first ends alone.

    At 0.4 s the first has 5 MB left. Half the rate each: both end their 5 MB at 0.4 + 0.8 s.
    """
    records, _ = run(form, {"a": 1e8}, [(0.0, 10 * MB, ["a"], 1.0, 1.0), (0.4, 5 * MB, ["a"], 1.0, 1.0)])
    assert records["0"].end_s == pytest.approx(1.2, rel=1e-9)
    assert records["1"].end_s == pytest.approx(1.2, rel=1e-9)


@BOTH
def test_end_of_one_transfer_speeds_up_another_elsewhere(form: type[Transfers]) -> None:
    """By hand over two links of 80 Mbit/s (10 MB/s): long 10 MB over both, short 4 MB on a, short 20 MB on b.

    All at 5 MB/s; the 4 MB end at 0.8 s. The long one stays at 5 MB/s, for b is full: it ends at 2 s, and what is left
    of the last (10 MB) ends at 3 s.
    """
    plan: Plan = [(0, 10 * MB, ["a", "b"], 1, 1), (0, 4 * MB, ["a"], 1, 1), (0, 20 * MB, ["b"], 1, 1)]
    records, _ = run(form, {"a": 8e7, "b": 8e7}, plan)
    assert [records[name].end_s for name in "012"] == pytest.approx([2.0, 0.8, 3.0], rel=1e-9)


@BOTH
def test_cut_stops_a_transfer_and_the_repair_lets_it_go_on(form: type[Transfers]) -> None:
    """10 MB at 10 MB/s, cut from 0.5 s to 30.5 s: nothing is lost, the end is 30 s later."""
    cut = [(0.5, "a", 0.0), (30.5, "a", 8e7)]
    records, _ = run(form, {"a": 8e7}, [(0.0, 10 * MB, ["a"], 1.0, 1.0)], cut)
    assert records["0"].end_s == pytest.approx(31.0, rel=1e-9)


@BOTH
def test_no_capacity_ends_nothing_and_does_not_hang(form: type[Transfers]) -> None:
    """A transfer over a dead link never ends, the run does."""
    records, env = run(form, {"a": 0.0}, [(0.0, 1.0, ["a"], 1.0, 1.0)])
    assert records == {}
    assert env.now == 1e6


@BOTH
def test_no_load_does_nothing(form: type[Transfers]) -> None:
    """Without transfers there is nothing to end."""
    assert run(form, {"a": 1e8}, [])[0] == {}


@BOTH
def test_tiny_transfer_late_in_a_run_ends(form: type[Transfers]) -> None:
    """What the clock can no longer tell apart counts as over: a byte at 10^6 - 1 s over 100 Gbit/s does not hang."""
    records, _ = run(form, {"a": 1e11}, [(999_999.0 + n * 1e-10, 1.0, ["a"], 1.0, 1.0) for n in range(20)])
    assert len(records) == 20


def test_unfinished_transfers_are_told() -> None:
    """Load above capacity: at the end of the night it is said what is still on its way, and how fast it goes."""
    env = simpy.Environment()
    transfers = Transfers(env, Links({"a": 1e6}))
    sent = [transfers.send(f"copy {n}", 1e9, ["a"]) for n in range(3)]
    env.run(until=3600)
    assert {one.name for one in transfers.unfinished()} == {"copy 0", "copy 1", "copy 2"}
    assert [transfers.rate_bps(one) for one in sent] == pytest.approx([1e6 / 3] * 3)


def test_reroute_keeps_what_is_left() -> None:
    """10 MB at 10 MB/s, moved after 0.5 s to a line of a tenth: 5 MB at 1 MB/s end at 5.5 s; then it is over."""
    env = simpy.Environment()
    transfers = Transfers(env, Links({"main": 8e7, "x": 8e7, "backup": 8e6}))
    sent = transfers.send("copy", 10 * MB, ["main"])
    env.run(until=0.5)
    transfers.reroute(sent, ["x", "backup"])
    env.run(until=100)
    assert sent.done.value.end_s == pytest.approx(5.5, rel=1e-9)
    assert transfers.rate_bps(sent) == 0
    with pytest.raises(MechanismInvalid, match="transfer `copy` is over, expected one on its way"):
        transfers.reroute(sent, ["main"])


plans = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0, 7.25]),
        st.sampled_from([1e3, 1e6, 3e7]),
        st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True),
        st.sampled_from([1.0, 0.94]),
        st.sampled_from([1.0, 3.0]),
    ),
    max_size=14,
)
capacity_changes = st.lists(
    st.tuples(st.sampled_from([0.25, 1.0, 3.0, 20.0]), st.sampled_from("abcd"), st.sampled_from([0.0, 1e6, 1e8])),
    max_size=4,
)


@given(plans, capacity_changes)
def test_kernel_equals_the_plain_form(plan: Plan, changes: list[tuple[float, str, float]]) -> None:
    """The same transfers end, at the same instants, whatever arrives and changes when."""
    capacities = {"a": 1e7, "b": 2e7, "c": 1e8, "d": 3e6}
    fast, slow = (run(form, capacities, plan, changes)[0] for form in FORMS)
    assert fast.keys() == slow.keys()
    for name, record in fast.items():
        assert record.end_s == pytest.approx(slow[name].end_s, rel=1e-9)


def test_kernel_equals_the_plain_form_for_many_transfers() -> None:
    """150 arrivals over 12 links, so that tables grow and slots are filled again."""
    generator = np.random.default_rng(1)
    capacities = {f"l{n}": float(rate) for n, rate in enumerate(generator.uniform(1e7, 1e8, 12))}
    begins, sizes = np.cumsum(generator.exponential(0.05, 150)), generator.exponential(5e6, 150)
    routes = [generator.choice(12, generator.integers(1, 6), replace=False) for _ in sizes]
    plan: Plan = [
        (float(begin), float(size), [f"l{n}" for n in route], 1.0, 1.0)
        for begin, size, route in zip(begins, sizes, routes, strict=True)
    ]
    fast, slow = (run(form, capacities, plan)[0] for form in FORMS)
    assert len(fast) == 150
    assert [fast[n].end_s for n in sorted(fast)] == pytest.approx([slow[n].end_s for n in sorted(slow)], rel=1e-9)


def test_rates_are_at_any_time_those_of_sharing_from_scratch() -> None:
    """300 transfers come, end, move and meet other capacities: solved from the level of each change on, never wrong."""
    generator = np.random.default_rng(3)
    names = [f"l{n}" for n in range(20)]
    capacities = dict(zip(names, generator.uniform(1e7, 1e8, 20).tolist(), strict=True))
    env = simpy.Environment()
    transfers = Transfers(env, Links(capacities))
    known: dict[str, tuple[list[int], float]] = {}

    def route() -> list[int]:
        return [int(link) for link in generator.choice(20, generator.integers(1, 8), replace=False)]

    compared = 0
    for number in range(300):
        links, weight = route(), float(generator.integers(1, 4))
        transfers.send(str(number), float(generator.exponential(5e6)), [names[n] for n in links], weight=weight)
        known[str(number)] = (links, weight)
        on_way = transfers.unfinished()
        if number % 7 == 0:
            moved = on_way[int(generator.integers(len(on_way)))]
            known[moved.name] = (route(), known[moved.name][1])
            transfers.reroute(moved, [names[n] for n in known[moved.name][0]])
        if number % 11 == 0:
            changed = names[int(generator.integers(20))]
            capacities[changed] = float(generator.choice([0.0, 1e6, 5e7]))
            transfers.set_capacity(changed, capacities[changed])
        env.run(until=env.now + float(generator.exponential(0.05)))
        on_way = transfers.unfinished()
        found = [transfers.rate_bps(one) for one in on_way]
        routes, weights = zip(*(known[one.name] for one in on_way), strict=True)
        expected = fair_shares(list(capacities.values()), routes, weights)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-3)
        compared += len(found)
    assert compared > 5000


def test_bits_that_arrive_are_the_bits_that_were_sent() -> None:
    """Work is kept: over one link that is never idle, the last end is the sum of all sizes over the rate."""
    generator = np.random.default_rng(2)
    sizes = generator.exponential(1e7, 80)
    plan: Plan = [(float(n) * 0.01, float(size), ["a"], 1.0, 1.0) for n, size in enumerate(sizes)]
    records, _ = run(Transfers, {"a": 1e8}, plan)
    assert max(record.end_s for record in records.values()) == pytest.approx(sizes.sum() * 8 / 1e8, rel=1e-9)


BAD_SENDS: list[tuple[dict[str, object], str]] = [
    ({"size_bytes": 0}, "a transfer of 0 bytes, expected more than 0, and finite"),
    ({"size_bytes": float("nan")}, "a transfer of nan bytes"),
    ({"goodput_factor": 1.2}, "a goodput factor of 1.2, expected more than 0 and at most 1"),
    ({"weight": 0}, "a weight of 0, expected more than 0"),
    ({"route": []}, "a transfer crosses no link, expected a route with at least one"),
    ({"route": ["a", "a"]}, "a route crosses `a` twice, expected once"),
    ({"route": ["z"]}, "link `z` is not known, expected one of: a, b"),
]


@pytest.mark.parametrize(("change", "message"), BAD_SENDS)
def test_bad_transfers_are_refused_in_words(change: dict[str, object], message: str) -> None:
    """What means nothing is refused before it starts, and nothing is on the way after it."""
    transfers = Transfers(simpy.Environment(), Links({"a": 1e6, "b": 1e6}))
    given_ = {"size_bytes": 1e6, "route": ["a"], **change}
    with pytest.raises(MechanismInvalid, match=message):
        transfers.send("copy", **given_)
    assert transfers.unfinished() == ()


def test_bad_capacities_are_refused_all_at_once() -> None:
    """Every link with a capacity that is none is named, and later changes are held to the same."""
    with pytest.raises(MechanismInvalid) as told:
        Links({"a": -1.0, "b": 1.0, "c": float("inf")})
    assert told.value.problems == (
        "link `a`: a capacity of -1.0 bit/s, expected 0 or more, and finite",
        "link `c`: a capacity of inf bit/s, expected 0 or more, and finite",
    )
    with pytest.raises(MechanismInvalid, match="link `a`: a capacity of -2"):
        Transfers(simpy.Environment(), Links({"a": 1.0})).set_capacity("a", -2)
