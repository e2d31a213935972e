"""What the end of a night hangs on: earliest and latest times of each job, its slack, and the chain that decides.

`timetable` looks at dependencies, releases and deadlines alone (critical path method, Kelley and Walker 1959): what no
number of servers could better. `deciding_chain` reads a night that was run, and there servers count too.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from simulation.batch.jobs import JobNet
from simulation.batch.night import JobRecord
from simulation.errors import MechanismInvalid


@dataclasses.dataclass(frozen=True)
class JobTimes:
    """Earliest and latest begin and end of a job (s), so that it and all that follow it keep their deadlines.

    `slack_s` is latest less earliest: by how much it may be late; negative where a deadline cannot be kept. `binding`
    is the job whose deadline sets the latest end (None: no deadline does).
    """

    name: str
    earliest_begin_s: float
    earliest_end_s: float
    latest_end_s: float
    binding: str | None

    @property
    def slack_s(self) -> float:
        """Seconds by which the job may be late."""
        return self.latest_end_s - self.earliest_end_s


def timetable(net: JobNet, rates_bps: dict[str, float] | None = None) -> tuple[JobTimes, ...]:
    """Return the times of each job, in the order of the net.

    With `rates_bps` by link a job that sends lasts at least as long as its bytes take on the slowest link alone.
    """
    lasts_s = [max(job.takes_s, _alone_s(net, number, rates_bps or {})) for number, job in enumerate(net.jobs)]
    begins, ends = [0.0] * len(net.jobs), [0.0] * len(net.jobs)
    for name in net.order:
        number = net.number[name]
        begins[number] = max([net.jobs[number].release_s, *(ends[earlier] for earlier in net.before[number])])
        ends[number] = begins[number] + lasts_s[number]
    latest = [job.deadline_s for job in net.jobs]
    binding: list[str | None] = [job.name if job.deadline_s < math.inf else None for job in net.jobs]
    for name in reversed(net.order):
        number = net.number[name]
        for earlier in net.before[number]:
            if latest[number] - lasts_s[number] < latest[earlier]:
                latest[earlier], binding[earlier] = latest[number] - lasts_s[number], binding[number]
    return tuple(
        JobTimes(job.name, begins[number], ends[number], latest[number], binding[number])
        for number, job in enumerate(net.jobs)
    )


def _alone_s(net: JobNet, number: int, rates_bps: dict[str, float]) -> float:
    """Return how long a job's bytes take with all its links to themselves (s)."""
    job = net.jobs[number]
    known = [rates_bps[link] for link in job.route if link in rates_bps]
    if job.moves_bytes == 0 or not known:
        return 0.0
    slowest_bps = min(known)
    return job.moves_bytes * 8 / job.goodput_factor / slowest_bps if slowest_bps > 0 else math.inf


@dataclasses.dataclass(frozen=True)
class ChainLink:
    """A job of the deciding chain, and what made it begin when it did: `after` or `place` with a job, or `release`."""

    name: str
    because: str
    of: str | None


def deciding_chain(net: JobNet, records: Sequence[JobRecord], last: str | None = None) -> tuple[ChainLink, ...]:
    """Return the chain of jobs that decided when `last` ended (by default the job that ended last), the first first.

    Each began when the one before it ended: because it follows it, or because it got its place.
    """
    by_name = {record.name: record for record in records}
    ended = [record for record in records if record.end_s is not None]
    if not ended:
        return ()
    if last is not None and (last not in by_name or by_name[last].end_s is None):
        raise MechanismInvalid([f"job `{last}` did not end that night, expected one that did"])
    name: str | None = last or max(ended, key=lambda record: (record.end_s or 0.0, -net.number[record.name])).name
    chain: list[ChainLink] = []
    while name is not None:
        link = _cause(net, by_name, name)
        chain.append(link)
        name = link.of
    return tuple(reversed(chain))


def _cause(net: JobNet, records: dict[str, JobRecord], name: str) -> ChainLink:
    """Return why a job began when it did."""
    job, record = net.jobs[net.number[name]], records[name]
    if record.begin_s is not None and record.ready_s is not None and record.begin_s > record.ready_s:
        freed = [other.name for other in net.jobs if other.server == job.server and other.name != name
                 and records[other.name].end_s == record.begin_s]  # fmt: skip
        if freed:
            return ChainLink(name, "place", freed[0])
    waited = [earlier for earlier in job.after if records[earlier].end_s == record.ready_s]
    if waited and (record.ready_s or 0.0) > job.release_s:
        return ChainLink(name, "after", waited[0])
    return ChainLink(name, "release", None)
