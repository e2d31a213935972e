"""List scheduling: Graham's anomalies by hand, what any schedule must keep, and the kernel against the plain form."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.lines import LinePlan
from simulation.batch.night import Decision, JobRecord, Night
from simulation.batch.restarts import Attempts, smooth
from simulation.batch.schedule import Scheduler
from simulation.batch.tables import plays_of
from simulation.errors import MechanismInvalid
from simulation.sharing.back_off import BackOff, BackOffs
from simulation.sharing.connections import Connections
from simulation.sharing.links import Links

LINUX = BackOffs(BackOff(0.2, 120.0, 15), BackOff(1.0, 120.0, 6))
# Graham 1969: nine jobs on three processors end after 12; every change for the better makes it longer.
TIMES = {1: 3, 2: 2, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 8: 4, 9: 9}
BEFORE = {9: (1,), 5: (4,), 6: (4,), 7: (4,), 8: (4,)}
ANOMALIES = [
    ("as it is", 3, 0, BEFORE, range(1, 10), 12),
    ("a processor more", 4, 0, BEFORE, range(1, 10), 15),
    ("every job shorter", 3, 1, BEFORE, range(1, 10), 13),
    ("two dependencies fewer", 3, 0, {9: (1,), 7: (4,), 8: (4,)}, range(1, 10), 16),
    ("another list", 3, 0, BEFORE, (1, 2, 4, 5, 6, 3, 9, 7, 8), 14),
]


def night(net: JobNet, attempts: Sequence[Attempts] | None = None) -> tuple[JobRecord, ...]:
    """Run a net in SimPy and return its records."""
    env = simpy.Environment()
    run = Night(env, net, attempts or smooth(net))
    env.run()
    return run.records()


@pytest.mark.parametrize(
    ("processors", "shorter", "before", "order", "end"),
    [case[1:] for case in ANOMALIES],
    ids=[case[0] for case in ANOMALIES],
)
def test_anomalies_are_those_that_graham_found(
    processors: int, shorter: int, before: dict[int, tuple[int, ...]], order: Sequence[int], end: int
) -> None:
    """12, and 15, 13, 16, 14 after changes that should help, in both forms."""
    jobs = [BatchJob(str(n), TIMES[n] - shorter, "cpu", tuple(map(str, before.get(n, ())))) for n in order]
    net = JobNet(jobs, {"cpu": processors})
    assert max(record.end_s or 0 for record in night(net)) == end
    assert Scheduler(net).run(smooth(net))[1].max() == end


@st.composite
def nets(draw: st.DrawFn) -> tuple[JobNet, tuple[Attempts, ...]]:
    """Make up to 14 jobs on two servers that follow earlier ones, with attempts of which some fail, some for good."""
    count = draw(st.integers(1, 14))
    jobs, attempts = [], []
    for number in range(count):
        earlier = st.lists(st.integers(0, number - 1), max_size=3, unique=True) if number else st.just([])
        takes_s = draw(st.sampled_from([0.0, 1.0, 2.0, 5.0]))
        after = tuple(str(n) for n in draw(earlier))
        jobs.append(
            BatchJob(str(number), takes_s, draw(st.sampled_from("ab")), after, draw(st.sampled_from([0.0, 0.0, 3.0])))
        )
        failed = draw(st.lists(st.sampled_from([0.0, 0.5, 2.0]), max_size=2))
        attempts.append(Attempts((*failed, takes_s), draw(st.sampled_from([0.0, 1.0])), draw(st.integers(0, 9)) > 0))
    shuffled = draw(st.permutations(range(count)))
    places = {"a": draw(st.integers(1, 3)), "b": 1}
    return JobNet([jobs[n] for n in shuffled], places), tuple(attempts[n] for n in shuffled)


@given(nets())
def test_kernel_equals_the_plain_form(case: tuple[JobNet, tuple[Attempts, ...]]) -> None:
    """Every job begins and ends at the same float, and the same ones never do."""
    net, attempts = case
    begins_s, ends_s = Scheduler(net).run(attempts)
    records = night(net, attempts)
    assert [None if math.isnan(end) else end for end in ends_s] == [record.end_s for record in records]
    assert [None if math.isnan(begin) else begin for begin in begins_s] == [record.begin_s for record in records]


@given(nets())
def test_no_job_is_early_and_no_server_runs_too_many(case: tuple[JobNet, tuple[Attempts, ...]]) -> None:
    """Each begins after its release and all it follows; a night without failures never exceeds a server's places."""
    net, _ = case
    records = {record.name: record for record in night(net)}
    for job in net.jobs:
        record = records[job.name]
        assert record.begin_s >= max([job.release_s, *(records[name].end_s for name in job.after)])
        assert record.end_s == record.begin_s + job.takes_s
        running = [r for other in net.jobs if other.server == job.server and (r := records[other.name])
                   and r.begin_s <= record.begin_s < r.end_s]  # fmt: skip
        assert len(running) <= net.places[job.server]


@given(nets())
def test_end_is_within_grahams_bound(case: tuple[JobNet, tuple[Attempts, ...]]) -> None:
    """On one kind of server the list is at most 2 - 1/m times as long as the best schedule, without releases."""
    jobs = [BatchJob(job.name, job.takes_s, "a", job.after) for job in case[0].jobs]
    places = case[0].places["a"]
    net = JobNet(jobs, {"a": places})
    path: dict[str, float] = {}
    for name in net.order:
        job = jobs[net.number[name]]
        path[name] = job.takes_s + max((path[earlier] for earlier in job.after), default=0.0)
    least = max(*path.values(), sum(job.takes_s for job in jobs) / places)
    assert Scheduler(net).run(smooth(net))[1].max() <= (2 - 1 / places) * least + 1e-9


def test_limits() -> None:
    """No job: nothing. As many places as jobs: nobody waits for a place."""
    assert len(Scheduler(JobNet([], {"a": 1})).run(())[0]) == 0
    net = JobNet([BatchJob(str(n), 5.0, "a", release_s=n) for n in range(20)], {"a": 20})
    assert Scheduler(net).run(smooth(net))[0].tolist() == np.arange(20).tolist()


def test_net_that_sends_needs_its_lines() -> None:
    """What a transfer takes hangs on what it crosses, so a net without lines is refused by name."""
    net = JobNet([BatchJob("copy", 1.0, "a", moves_bytes=1.0, route=("x",))], {"a": 1})
    with pytest.raises(MechanismInvalid, match="job `copy` sends over circuits, expected the lines that it crosses"):
        Scheduler(net)


@st.composite
def nights(draw: st.DrawFn) -> tuple[JobNet, tuple[Attempts, ...], LinePlan, dict[str, Decision]]:
    """Make jobs of which some send over one or two of three links that change twice, some held, some left out.

    Links that carry nothing take paths away, for longer than some senders have patience. Some jobs may start again.
    No two are left out at the same instant: which of two things comes first there is nobody's business.
    """
    net, attempts = draw(nets())
    ways = st.sampled_from([(), ("x",), ("y",), ("x", "y"), ("y", "z")])
    first = [draw(ways) for _ in net.jobs]
    jobs = [
        dataclasses.replace(
            job, takes_s=job.takes_s, moves_bytes=draw(st.sampled_from([1e6, 3e6])) if way else 0.0, route=way
        )
        for job, way in zip(net.jobs, first, strict=True)
    ]
    starts = (0.0, 4.25, 9.5)
    capacities = tuple(tuple(draw(st.sampled_from([0.0, 4e6, 8e6])) for _ in range(3)) for _ in starts[:-1])
    later = [[draw(ways.filter(bool)) if way else () for way in first] for _ in starts[1:]]
    links = Links(dict(zip("xyz", capacities[0], strict=True)))
    waits = BackOffs(*(BackOff(first_s, 1.7, draw(st.integers(1, 5))) for first_s in (0.3, 0.9)))
    plan = LinePlan(links, starts, (*capacities, (8e6, 8e6, 8e6)), tuple(map(tuple, (first, *later))), waits)
    attempts = tuple(dataclasses.replace(one, most=draw(st.integers(1, 4))) for one in attempts)
    decisions = {
        job.name: Decision(
            draw(st.sampled_from([0.0, 2.125, math.inf])), draw(st.sampled_from([6.0625, 20.0])),
            draw(st.sampled_from([math.inf, math.inf, 3.3125, 11.0625])) + number / 1024,
        )
        for number, job in enumerate(jobs) if draw(st.integers(0, 3)) == 0
    }  # fmt: skip
    return JobNet(jobs, net.places), attempts, plan, decisions


@given(nights())
def test_kernel_equals_the_plain_form_with_lines_and_decisions(
    case: tuple[JobNet, tuple[Attempts, ...], LinePlan, dict[str, Decision]],
) -> None:
    """Transfers moved, stalled, broken and stopped, jobs held, started again, left out: the same instants and ends."""
    net, attempts, plan, decisions = case
    env = simpy.Environment()
    made = Night(env, net, attempts, Connections(env, plan.links, plan.back_offs), decisions=decisions, plan=plan)
    env.run(until=1e4)
    plays = plays_of(net, [attempts])
    for name, decision in decisions.items():
        number = net.number[name]
        plays.hold_from[number], plays.hold_until[number] = decision.hold_from_s, decision.hold_until_s
        plays.skip_at[number] = decision.skip_at_s
    outcome = Scheduler(net, plan).play(plays, 1e4)
    for number, record in enumerate(made.records()):
        for kernel, plain in (
            (outcome.ends[0, number], record.end_s), (outcome.begins[0, number], record.begin_s),
            (outcome.ready[0, number], record.ready_s),
        ):  # fmt: skip
            assert (None if math.isnan(kernel) else kernel) == pytest.approx(plain, abs=1e-6)
        assert bool(outcome.skipped[0, number]) == (record.state == "left out")
        assert (outcome.made[0, number], outcome.broken[0, number]) == (record.attempts, record.broken)


def test_busy_time_and_bytes_are_counted_once() -> None:
    """Two hours on one place and 90 MB over one link: the bins add to them, in the right quarters of an hour."""
    job = BatchJob("a", 7200.0, "s", release_s=1000.0, moves_bytes=9e7, route=("x",))
    net = JobNet([job], {"s": 1})
    plan = LinePlan(Links({"x": 8e5}), (0.0,), ((8e5,),), ((("x",),),), LINUX)
    outcome = Scheduler(net, plan).play(plays_of(net, [smooth(net)] * 3))
    assert outcome.busy.sum() == pytest.approx(3 * 7200)
    assert outcome.busy[0, :3] == pytest.approx([0.0, 3 * 800.0, 3 * 900.0])
    assert outcome.carried.sum() == pytest.approx(3 * 9e7 * 8)
    assert outcome.carried[0, 1] == pytest.approx(3 * 800 * 8e5)
