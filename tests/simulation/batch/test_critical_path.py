"""Slack and the deciding chain: a net worked out by hand, and what holds for any night."""

from __future__ import annotations

import math

import pytest
import simpy

from simulation.batch.critical_path import ChainLink, deciding_chain, timetable
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.night import JobRecord, Night
from simulation.batch.restarts import smooth
from simulation.errors import MechanismInvalid

# close (20) -> pay (40) -> ready (10, by 100); close -> exchange (30, from 25) -> ready; stats (5) alone.
JOBS = [
    BatchJob("close", 20, "db"),
    BatchJob("pay", 40, "db", ("close",)),
    BatchJob("exchange", 30, "ap", ("close",), release_s=25),
    BatchJob("ready", 10, "ap", ("pay", "exchange"), deadline_s=100),
    BatchJob("stats", 5, "db"),
]


def run(net: JobNet) -> tuple[JobRecord, ...]:
    """Run a net on which nothing fails."""
    env = simpy.Environment()
    made = Night(env, net, smooth(net))
    env.run()
    return made.records()


def test_times_by_hand() -> None:
    """Earliest ends 20, 60, 55, 70; the deadline of 100 leaves 30 s on the critical path and 35 s beside it."""
    times = {row.name: row for row in timetable(JobNet(JOBS, {"db": 1, "ap": 1}))}
    assert [times[n].earliest_end_s for n in ("close", "pay", "exchange", "ready")] == [20, 60, 55, 70]
    assert [times[n].latest_end_s for n in ("close", "pay", "exchange", "ready")] == [50, 90, 90, 100]
    assert [times[n].slack_s for n in ("close", "pay", "exchange", "ready")] == [30, 30, 35, 30]
    assert times["close"].binding == "ready"
    assert times["stats"].slack_s == math.inf
    assert times["stats"].binding is None


def test_slack_is_exactly_what_a_job_can_be_late() -> None:
    """With servers to spare: a job longer by its slack still keeps every deadline, and by more does not."""
    places = {"db": 9, "ap": 9}
    for row in timetable(JobNet(JOBS, places)):
        if row.slack_s == math.inf:
            continue
        for beyond, in_time in ((0.0, True), (1.0, False)):
            jobs = [
                BatchJob(
                    j.name, j.takes_s + (row.slack_s + beyond) * (j.name == row.name), j.server, j.after, j.release_s
                )
                for j in JOBS
            ]
            ends = {record.name: record.end_s for record in run(JobNet(jobs, places))}
            assert (ends["ready"] <= 100) == in_time


def test_bytes_count_where_rates_are_known() -> None:
    """A job of 1 s that sends 100 MB lasts 10 s at 80 Mbit/s of payload, 20 s where half of it is."""
    job = BatchJob("copy", 1, "s", moves_bytes=1e8, route=("a", "b"), goodput_factor=0.5, deadline_s=60)
    net = JobNet([job], {"s": 1})
    assert timetable(net)[0].earliest_end_s == 1
    assert timetable(net, {"a": 8e7, "b": 1e9})[0].earliest_end_s == 20
    assert timetable(net, {"a": 0.0, "b": 1e9})[0].slack_s == -math.inf


def test_chain_follows_dependencies_and_places() -> None:
    """By hand on one place for the database: close, then stats holds nothing up; the end hangs on close, pay, ready."""
    net = JobNet(JOBS, {"db": 1, "ap": 1})
    records = run(net)
    assert deciding_chain(net, records, "ready") == (
        ChainLink("close", "release", None), ChainLink("pay", "after", "close"), ChainLink("ready", "after", "pay")
    )  # fmt: skip
    assert deciding_chain(net, records)[-1].name == "ready"
    first = JobNet([BatchJob("stats", 50, "db"), *JOBS[:4]], {"db": 1, "ap": 1})
    chain = deciding_chain(first, run(first))
    assert [(link.name, link.because) for link in chain] == [
        ("stats", "release"), ("close", "place"), ("pay", "after"), ("ready", "after")
    ]  # fmt: skip


def test_chain_without_gaps() -> None:
    """Each job of the chain begins exactly when the one before it ends."""
    net = JobNet(JOBS, {"db": 1, "ap": 1})
    records = {record.name: record for record in run(net)}
    for link in deciding_chain(net, tuple(records.values())):
        if link.of:
            assert records[link.name].begin_s == records[link.of].end_s


def test_chain_of_nothing() -> None:
    """Where nothing ended there is no chain; a job that did not end is told."""
    net = JobNet(JOBS, {"db": 1, "ap": 1})
    cut_off = [JobRecord(job.name, None, None, None, 0, 0.0, "waiting") for job in JOBS]
    assert deciding_chain(net, cut_off) == ()
    with pytest.raises(MechanismInvalid, match="job `zz` did not end that night, expected one that did"):
        deciding_chain(net, run(net), "zz")
