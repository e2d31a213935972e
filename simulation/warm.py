"""Runs every compiled kernel once on next to nothing, so that the cache holds them: `python -m simulation.warm`.

`make up` does so; whoever then asks a question waits for an answer, not for a compiler.
"""

from __future__ import annotations

import numpy as np
import simpy

from simulation.availability.components import Component, System
from simulation.availability.life import repair_time
from simulation.availability.monte_carlo import simulate
from simulation.availability.service_hours import service_end
from simulation.availability.structure import works
from simulation.batch.chains import shares_on_chain
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.restarts import smooth
from simulation.batch.schedule import Scheduler
from simulation.batch.tables import plays_of
from simulation.counted_draws import source_key, stream_key
from simulation.day import warm as day
from simulation.heap import pop, push
from simulation.queues.closed_network import walk
from simulation.queues.fcfs import Fcfs
from simulation.queues.processor_sharing import ProcessorSharing
from simulation.sharing.links import Links
from simulation.sharing.max_min import fair_shares
from simulation.sharing.transfers import Transfers


def warm() -> None:
    """Call each mechanism once."""
    fair_shares([1.0], [[0]])
    env = simpy.Environment()
    Transfers(env, Links({"line": 8.0})).send("one", 1.0, ["line"])
    env.run()
    once = np.ones(1)
    Fcfs(1).serve(once, once)
    ProcessorSharing(1.0).serve(once, once)
    walk(np.ones((1, 1, 2)), [1])
    net = JobNet([BatchJob("one", 1.0, "server")], {"server": 1})
    Scheduler(net).run(smooth(net))
    plays = plays_of(net, [smooth(net)])
    shares_on_chain(net, Scheduler(net).play(plays), plays.releases, np.zeros(1, np.int64))
    simulate(System((Component("one", 100.0, 1.0),), {"service": works("one")}), 1, 1.0, seed=1)
    day.warm()
    service_end(0.0, repair_time(np.uint64(stream_key(source_key(1, "one", ""), 0)), 0, 1.0, 2.0), 9.0, 17.0, 5)
    pop(once, np.zeros(1, np.int64), push(once, np.zeros(1, np.int64), 0, 1.0, 0))


if __name__ == "__main__":
    warm()
