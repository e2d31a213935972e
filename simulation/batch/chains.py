"""Which jobs decide when others end, over many nights: the compiled form of `critical_path.deciding_chain`."""

from __future__ import annotations

import numpy as np

from simulation.batch.jobs import JobNet
from simulation.batch.tables import NetTables, Outcome, net_tables
from simulation.compiled import compiled
from simulation.heap import Floats, Ints


def shares_on_chain(net: JobNet, outcome: Outcome, releases: Floats, last: Ints) -> Floats:
    """Return for each job the share of nights in which it is on the chain that decided when `last` ended.

    `last` is a job's number for each night, -1 where there is none; `releases` are by night and job.
    """
    starts = np.zeros(len(net.before) + 1, np.int64)
    starts[1:] = np.cumsum([len(numbers) for numbers in net.before])
    listed = np.array([number for numbers in net.before for number in numbers], np.int64)
    counts = np.zeros(len(net.jobs))
    count_chains(net_tables(net), starts, listed, releases, outcome, last, counts)
    return counts / max(1, len(last))


@compiled
def count_chains(
    net: NetTables, starts: Ints, before: Ints, releases: Floats, outcome: Outcome, last: Ints, counts: Floats
) -> None:
    """Add 1 for each night to every job on the chain behind `last`. A job began when its cause on the chain ended."""
    for night in range(len(last)):
        job = last[night]
        while job >= 0:
            counts[job] += 1
            ready, begin = outcome.ready[night, job], outcome.begins[night, job]
            cause = -1
            if begin > ready:
                for other in range(len(counts)):
                    if other != job and net.servers[other] == net.servers[job] and outcome.ends[night, other] == begin:
                        cause = other
                        break
            if cause < 0 and ready > releases[night, job]:
                for other in before[starts[job] : starts[job + 1]]:
                    if outcome.ends[night, other] == ready:
                        cause = other
                        break
            job = cause
