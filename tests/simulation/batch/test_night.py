"""A night in SimPy: transfers beside work, failed jobs, what never ends; instants worked out by hand."""

from __future__ import annotations

import math

import pytest
import simpy

from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.night import JobRecord, Night
from simulation.batch.restarts import RestartPolicy, failing, smooth
from simulation.sharing.links import Links
from simulation.sharing.plain_transfers import PlainTransfers
from simulation.sharing.transfers import Transfers

MB = 1e6


def run(
    net: JobNet,
    failures: dict[str, list[float]] | None = None,
    policy: RestartPolicy | None = None,
    until_s: float = 1e6,
) -> dict[str, JobRecord]:
    """Run a net over one circuit of 80 Mbit/s (10 MB/s)."""
    env = simpy.Environment()
    attempts = failing(net, failures or {}, policy or RestartPolicy(0.0))
    made = Night(env, net, attempts, Transfers(env, Links({"wan": 8e7})))
    env.run(until=until_s)
    return {record.name: record for record in made.records()}


def sends(name: str, mb: float, takes_s: float = 0.0, after: tuple[str, ...] = ()) -> BatchJob:
    """Return a job that sends over the circuit, on a server of its own."""
    return BatchJob(name, takes_s, name, after, moves_bytes=mb * MB, route=("wan",))


@pytest.mark.parametrize("form", [Transfers, PlainTransfers])
def test_two_copies_share_the_circuit(form: type[Transfers | PlainTransfers]) -> None:
    """By hand: 100 MB and 50 MB from 0 s at 10 MB/s: both at 5 MB/s until 10 s, the rest of 50 MB alone until 15 s."""
    net = JobNet([sends("a", 100), sends("b", 50)], {"a": 1, "b": 1})
    env = simpy.Environment()
    made = Night(env, net, smooth(net), form(env, Links({"wan": 8e7})))
    env.run(until=100)
    assert [record.end_s for record in made.records()] == pytest.approx([15.0, 10.0])


def test_job_ends_when_it_has_run_and_all_has_arrived() -> None:
    """Work of 30 s with 100 MB (10 s) takes 30 s; work of 4 s takes 10 s; what follows waits for the later."""
    net = JobNet([sends("long", 100, 30.0), BatchJob("next", 1.0, "x", ("long",))], {"long": 1, "x": 1})
    assert run(net)["next"].begin_s == 30.0
    net = JobNet([sends("short", 100, 4.0), BatchJob("next", 1.0, "x", ("short",))], {"short": 1, "x": 1})
    assert run(net)["next"].begin_s == pytest.approx(10.0)


def test_failed_job_starts_again_and_gives_its_place_away_meanwhile() -> None:
    """By hand: 100 s fail after half, 60 s until the restart: 50 + 60 + 100 = 210 s. Another job runs in the pause."""
    net = JobNet([BatchJob("a", 100, "s"), BatchJob("b", 20, "s")], {"s": 1})
    records = run(net, {"a": [0.5]}, RestartPolicy(60.0))
    assert (records["a"].end_s, records["a"].attempts) == (210.0, 2)
    assert (records["b"].begin_s, records["b"].end_s) == (50.0, 70.0)


def test_job_that_resumes_loses_only_the_pause() -> None:
    """The same with what was done kept: 100 + 60 s; failing twice, at half each time: 100 + 120 s."""
    net = JobNet([BatchJob("a", 100, "s")], {"s": 1})
    assert run(net, {"a": [0.5]}, RestartPolicy(60.0, resumes=True))["a"].end_s == 160.0
    assert run(net, {"a": [0.5, 0.5]}, RestartPolicy(60.0, 3, resumes=True))["a"].end_s == 220.0


def test_job_given_up_holds_back_what_follows_and_nothing_else() -> None:
    """After two failed attempts a is given up: b never runs, c does; b's deadline is missed, however late one looks."""
    jobs = [BatchJob("a", 10, "s"), BatchJob("b", 10, "s", ("a",), deadline_s=100), BatchJob("c", 10, "s")]
    records = run(JobNet(jobs, {"s": 1}), {"a": [0.1, 0.2]}, RestartPolicy(5.0, attempts=2))
    assert [records[name].state for name in "abc"] == ["given up", "waiting", "ended"]
    assert records["b"].slack_s == -math.inf
    assert records["b"].ready_s is None


def test_what_is_still_running_is_said_to_be() -> None:
    """More to send than the night can carry: cut off at its end, the copy is told as running and late."""
    net = JobNet([BatchJob("a", 0, "s", moves_bytes=1e12, route=("wan",), deadline_s=900)], {"s": 1})
    record = run(net, until_s=1000)["a"]
    assert (record.state, record.end_s, record.slack_s) == ("running", None, -math.inf)


def test_slack_is_what_is_left_before_the_deadline() -> None:
    """Late by 2 s is a slack of -2 s; a job without a deadline has all the time."""
    jobs = [BatchJob("a", 10, "s"), BatchJob("b", 10, "s", deadline_s=18), BatchJob("c", 1, "s", deadline_s=60)]
    records = run(JobNet(jobs, {"s": 1}))
    assert [records[name].slack_s for name in "abc"] == [math.inf, -2.0, 39.0]


def test_circuit_cut_in_the_night_delays_the_copy() -> None:
    """100 MB need 10 s; the circuit is away from 5 s to 65 s: 70 s."""
    net = JobNet([sends("a", 100)], {"a": 1})
    env = simpy.Environment()
    transfers = Transfers(env, Links({"wan": 8e7}))
    made = Night(env, net, smooth(net), transfers)
    for at_s, rate_bps in ((5.0, 0.0), (65.0, 8e7)):
        env.timeout(at_s).callbacks.append(lambda _, rate_bps=rate_bps: transfers.set_capacity("wan", rate_bps))
    env.run()
    assert made.records()[0].end_s == pytest.approx(70.0)


def test_two_nights_in_one_environment_do_not_disturb_each_other() -> None:
    """Both cities' nets side by side end as alone."""
    net = JobNet([BatchJob(str(n), 3.0, "s") for n in range(5)], {"s": 2})
    env = simpy.Environment()
    nights = [Night(env, net, smooth(net)) for _ in range(2)]
    env.run()
    assert nights[0].records() == nights[1].records() == tuple(run(net).values())
