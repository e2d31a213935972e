"""A million customers at one and at eight servers: the kernel, drawing included, and SimPy as its manual shows it."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simulation.queues.fcfs import Fcfs
from simulation.queues.load import ServiceLaw, poisson_arrivals

LOAD = 0.8


def kernel(customers: int, servers: int, portion: int = 16_384) -> float:
    """Return the mean wait (s) of so many customers of 1 s; drawn in portions that stay in the processor's cache."""
    generator = np.random.default_rng(1)
    station, law = Fcfs(servers), ServiceLaw(1.0)
    total, now_s, left = 0.0, 0.0, customers
    while left > 0:
        count = min(portion, left)
        arrivals_s = poisson_arrivals(generator, LOAD * servers, count, now_s)
        total += float((station.serve(arrivals_s, law.draw(generator, count)) - arrivals_s).sum())
        now_s = float(arrivals_s[-1])
        left -= count
    return total / customers


def simpy_resource(customers: int, servers: int) -> float:
    """Return the same by a process for each customer and a Resource."""
    draw = random.Random(1).expovariate
    env = simpy.Environment()
    desk = simpy.Resource(env, servers)
    waited_s = 0.0

    def customer() -> Generator[simpy.Event, Any, None]:
        nonlocal waited_s
        arrived_s = env.now
        with desk.request() as turn:
            yield turn
            waited_s += env.now - arrived_s
            yield env.timeout(draw(1.0))

    def source() -> Generator[simpy.Event, Any, None]:
        for _ in range(customers):
            yield env.timeout(draw(LOAD * servers))
            env.process(customer())

    env.process(source())
    env.run()
    return waited_s / customers
