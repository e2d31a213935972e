"""Nets that mean nothing are refused, all problems at once; attempts are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.restarts import Attempts, RestartPolicy, attempts_of, checked_attempts, drawn, failing
from simulation.errors import MechanismInvalid

JOB = BatchJob("a", 100.0, "s")


def test_everything_wrong_with_a_net_is_told_at_once() -> None:
    """One line for each problem, in words."""
    jobs = [
        BatchJob("a", -1, "s"),
        BatchJob("a", 1, "t"),
        BatchJob("b", 1, "s", ("zz", "zz"), -5),
        BatchJob("c", 10, "s", deadline_s=9),
        BatchJob("d", 1, "s", moves_bytes=5),
        BatchJob("e", 1, "s", moves_bytes=float("nan")),
    ]
    with pytest.raises(MechanismInvalid) as told:
        JobNet(jobs, {"s": 0})
    assert told.value.problems == (
        "server `s` has 0 places, expected at least 1",
        "job `a` is there twice, expected once",
        "job `a` takes -1 s, expected 0 or more, and finite",
        "job `a` runs on `t`, expected one of: s",
        "job `b` may run from -5 s on, expected 0 or more, and finite",
        "job `c` can never be in time: it takes 10 s, 9 s are left for it",
        "job `d` sends 5 bytes nowhere, expected a route",
        "job `e` sends nan bytes, expected 0 or more, and finite",
        "job `b` follows one job twice, expected each once",
        "job `b` follows `zz`, which is no job of this night",
        "job `b` follows `zz`, which is no job of this night",
    )


def test_circles_are_named() -> None:
    """Jobs that wait for each other can never run."""
    jobs = [BatchJob("a", 1, "s", ("c",)), BatchJob("b", 1, "s", ("a",)), BatchJob("c", 1, "s", ("b",))]
    with pytest.raises(MechanismInvalid, match="jobs wait for each other in a circle: a, b, c"):
        JobNet(jobs, {"s": 1})
    with pytest.raises(MechanismInvalid, match="jobs wait for each other in a circle: a"):
        JobNet([BatchJob("a", 1, "s", ("a",))], {"s": 1})


def test_attempts_by_hand() -> None:
    """From the start again, resumed, and given up."""
    assert attempts_of(JOB, [0.25], RestartPolicy(9.0)) == Attempts((25.0, 100.0), 9.0, most=2)
    assert attempts_of(JOB, [0.25, 0.5], RestartPolicy(9.0, 3, resumes=True)) == Attempts(
        (25.0, 37.5, 37.5), 9.0, most=3
    )
    assert attempts_of(JOB, [0.25, 0.5], RestartPolicy(9.0, 2)) == Attempts((25.0, 50.0), 9.0, succeeds=False, most=2)


def test_drawn_attempts_fail_as_often_as_asked() -> None:
    """With a chance of 0.2 and three attempts: the shares that need one, two and three, and those given up."""
    net = JobNet([JOB], {"s": 1})
    nights = 20_000
    found = [made[0] for made in drawn(net, 0.2, RestartPolicy(0.0, 3), np.random.default_rng(1), nights)]
    for share, met in (
        (0.8, [a.succeeds and len(a.run_s) == 1 for a in found]),
        (0.16, [a.succeeds and len(a.run_s) == 2 for a in found]),
        (0.032, [a.succeeds and len(a.run_s) == 3 for a in found]),
        (0.008, [not a.succeeds and len(a.run_s) == 3 for a in found]),
    ):
        assert np.mean(met) == pytest.approx(share, abs=3.29 * np.sqrt(share * (1 - share) / nights))
    assert all(made[0].succeeds for made in drawn(net, 0.0, RestartPolicy(0.0), np.random.default_rng(1), 10))
    assert not any(made[0].succeeds for made in drawn(net, 1.0, RestartPolicy(0.0), np.random.default_rng(1), 10))


def test_bad_restarts_are_refused() -> None:
    """Policies, shares, chances and names that mean nothing."""
    net = JobNet([JOB], {"s": 1})
    with pytest.raises(
        MechanismInvalid, match="a restart after -1 s, expected 0 or more\n0 attempts, expected at least 1"
    ):
        RestartPolicy(-1, 0)
    with pytest.raises(MechanismInvalid, match=r"job `a` fails after shares \[1.5\], expected 0 to 1 each"):
        attempts_of(JOB, [1.5], RestartPolicy(0))
    with pytest.raises(MechanismInvalid, match="job `zz` fails, but is no job of this night"):
        failing(net, {"zz": [0.5]}, RestartPolicy(0))
    with pytest.raises(MechanismInvalid, match="a chance of failure of 2, expected 0 to 1"):
        drawn(net, 2, RestartPolicy(0), np.random.default_rng(1), 1)
    with pytest.raises(MechanismInvalid, match="attempts of 0 jobs, expected those of 1"):
        checked_attempts(net, [])
    with pytest.raises(
        MechanismInvalid, match=r"job `a` has attempts of \[\] s and pauses of 0.0 s, expected one or more"
    ):
        checked_attempts(net, [Attempts(())])
