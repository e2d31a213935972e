"""Attempts of a job that fails: how long each runs, what is lost, when it is started again, when it is given up.

Which attempts fail is drawn beforehand or told by the operator; the schedule only runs what stands here, and fails by
itself an attempt whose connection breaks.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from simulation.batch.jobs import BatchJob, JobNet
from simulation.errors import MechanismInvalid


@dataclasses.dataclass(frozen=True)
class RestartPolicy:
    """What follows a failed attempt: after `delay_s` (someone is called and decides) the job starts again.

    At most `attempts` in all. With `resumes` it goes on from where it failed, else from its beginning.
    """

    delay_s: float
    attempts: int = 2
    resumes: bool = False

    def __post_init__(self) -> None:
        problems = [] if self.delay_s >= 0 else [f"a restart after {self.delay_s} s, expected 0 or more"]
        if self.attempts < 1:
            problems.append(f"{self.attempts} attempts, expected at least 1")
        if problems:
            raise MechanismInvalid(problems)


@dataclasses.dataclass(frozen=True)
class Attempts:
    """How a job goes: seconds that each attempt runs, the pause after a failed one, whether the last succeeds.

    An attempt whose connection breaks has failed, which nobody can know beforehand: it is made again, of the same
    length, while fewer than `most` have been made in all.
    """

    run_s: tuple[float, ...]
    delay_s: float = 0.0
    succeeds: bool = True
    most: int = 1


def checked_attempts(net: JobNet, attempts: Sequence[Attempts]) -> None:
    """Raise MechanismInvalid unless every job of a net has its attempts, each of 0 s or more."""
    if len(attempts) != len(net.jobs):
        raise MechanismInvalid([f"attempts of {len(attempts)} jobs, expected those of {len(net.jobs)}"])
    problems = [
        f"job `{job.name}` has attempts of {list(made.run_s)} s and pauses of {made.delay_s} s, expected one or more"
        for job, made in zip(net.jobs, attempts, strict=True)
        if not made.run_s or not all(0 <= time_s < math.inf for time_s in (*made.run_s, made.delay_s))
    ]
    if problems:
        raise MechanismInvalid(problems)


def attempts_of(job: BatchJob, failed_at: Sequence[float], policy: RestartPolicy) -> Attempts:
    """Return the attempts of a job of which the first ones fail after these shares (0 to 1) of what they had to do."""
    if not all(0 <= share <= 1 for share in failed_at):
        raise MechanismInvalid([f"job `{job.name}` fails after shares {list(failed_at)}, expected 0 to 1 each"])
    runs_s = []
    left_s = job.takes_s
    for share in failed_at[: policy.attempts]:
        runs_s.append(share * left_s)
        left_s = left_s - runs_s[-1] if policy.resumes else job.takes_s
    succeeds = len(failed_at) < policy.attempts
    return Attempts((*runs_s, left_s) if succeeds else tuple(runs_s), policy.delay_s, succeeds, policy.attempts)


def smooth(net: JobNet) -> tuple[Attempts, ...]:
    """Return the attempts of a night on which nothing fails."""
    return tuple(Attempts((job.takes_s,)) for job in net.jobs)


def failing(net: JobNet, failures: Mapping[str, Sequence[float]], policy: RestartPolicy) -> tuple[Attempts, ...]:
    """Return the attempts where the named jobs fail at these shares; raises MechanismInvalid for an unknown name."""
    unknown = sorted(set(failures) - set(net.number))
    if unknown:
        raise MechanismInvalid([f"job `{name}` fails, but is no job of this night" for name in unknown])
    return tuple(attempts_of(job, failures.get(job.name, ()), policy) for job in net.jobs)


def drawn(
    net: JobNet, chance: float, policy: RestartPolicy, generator: np.random.Generator, nights: int
) -> list[tuple[Attempts, ...]]:
    """Return the attempts of so many nights: each fails with `chance`, anywhere in its run with equal chance."""
    if not 0 <= chance <= 1:
        raise MechanismInvalid([f"a chance of failure of {chance}, expected 0 to 1"])
    shape = (nights, len(net.jobs), policy.attempts)
    fails, shares = generator.random(shape) < chance, generator.random(shape)
    first_good = np.where(fails.all(axis=2), policy.attempts, np.argmin(fails, axis=2))
    return [
        tuple(
            attempts_of(job, shares[night, number, : first_good[night, number]].tolist(), policy)
            for number, job in enumerate(net.jobs)
        )
        for night in range(nights)
    ]
