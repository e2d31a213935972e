"""A night of jobs in SimPy: places on servers by list scheduling, transfers over circuits by fair shares.

The plain form of `schedule`, and the form for nets whose jobs send: a job ends when it has run and all that it sends
has arrived; it keeps its place until then. With `PlainTransfers` nothing in it is compiled. Others (a drill, a
what-if) may act on `transfers` while it runs: cut a circuit, add a transfer.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Generator, Sequence
from typing import Any

import simpy

from simulation.afterwards import Afterwards
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.restarts import Attempts, checked_attempts
from simulation.sharing.plain_transfers import PlainTransfers
from simulation.sharing.transfers import Transfers


@dataclasses.dataclass(frozen=True)
class JobRecord:
    """How a job went (s): first begin and end (None: never), attempts made, and the time left before its deadline.

    `ready_s` is when it could have begun but for a place. A job without an end failed for good, never began because
    one before it did, or was still running when the night was cut off: `state` says which.
    """

    name: str
    ready_s: float | None
    begin_s: float | None
    end_s: float | None
    attempts: int
    slack_s: float
    state: str


class Night:
    """Runs a net once in a SimPy environment; call `records` after `env.run`."""

    def __init__(
        self,
        env: simpy.Environment,
        net: JobNet,
        attempts: Sequence[Attempts],
        transfers: Transfers | PlainTransfers | None = None,
    ) -> None:
        """Start a process for each job; a net whose jobs send needs `transfers`."""
        checked_attempts(net, attempts)
        self.env = env
        self.net = net
        self.transfers = transfers
        # Told the server and 1 where a job takes a place there, -1 where it leaves it.
        self.watch: Callable[[str, int], None] = lambda _server, _change: None
        self._attempts = tuple(attempts)
        self._ended = [env.event() for _ in net.jobs]
        self._free = dict(net.places)
        self._asking: dict[int, simpy.Event] = {}
        self._dispatching = False
        count = len(net.jobs)
        self._ready_s: list[float | None] = [None] * count
        self._begins_s: list[float | None] = [None] * count
        self._ends_s: list[float | None] = [None] * count
        self._made = [0] * count
        self._given_up = [False] * count
        for number, job in enumerate(net.jobs):
            env.process(self._run(number, job))

    def records(self) -> tuple[JobRecord, ...]:
        """Return how every job went, in the order of the net."""
        return tuple(self._record(number, job) for number, job in enumerate(self.net.jobs))

    def _record(self, number: int, job: BatchJob) -> JobRecord:
        end_s = self._ends_s[number]
        state = "ended" if end_s is not None else "given up" if self._given_up[number] else "waiting"
        if state == "waiting" and self._made[number]:
            state = "running"
        slack_s = job.deadline_s - end_s if end_s is not None else -math.inf if job.deadline_s < math.inf else math.inf
        begin_s, made = self._begins_s[number], self._made[number]
        return JobRecord(job.name, self._ready_s[number], begin_s, end_s, made, slack_s, state)

    def _run(self, number: int, job: BatchJob) -> Generator[simpy.Event, Any, None]:
        yield self.env.all_of([self._ended[earlier] for earlier in self.net.before[number]])
        if self.env.now < job.release_s:
            yield self.env.timeout(job.release_s - self.env.now)
        self._ready_s[number] = self.env.now
        attempts = self._attempts[number]
        for turn, run_s in enumerate(attempts.run_s):
            if turn:
                yield self.env.timeout(attempts.delay_s)
            yield self._place(number)
            if turn == 0:
                self._begins_s[number] = self.env.now
            self._made[number] += 1
            self.watch(job.server, 1)
            good = attempts.succeeds and turn == len(attempts.run_s) - 1
            yield self.env.all_of([self.env.timeout(run_s), *(self._sending(job) if good else [])])
            self.watch(job.server, -1)
            self._free[job.server] += 1
            self._dispatch_later()
        if attempts.succeeds:
            self._ends_s[number] = self.env.now
            self._ended[number].succeed()
        self._given_up[number] = not attempts.succeeds

    def _sending(self, job: BatchJob) -> list[simpy.Event]:
        """Begin what a job sends. A failed attempt's bytes are left out: what it sent must be sent again anyway."""
        if job.moves_bytes == 0 or self.transfers is None:
            return []
        sent = self.transfers.send(job.name, job.moves_bytes, job.route, goodput_factor=job.goodput_factor)
        return [sent.done]

    def _place(self, number: int) -> simpy.Event:
        """Return the event of getting a place on the job's server."""
        self._asking[number] = self.env.event()
        self._dispatch_later()
        return self._asking[number]

    def _dispatch_later(self) -> None:
        """Give out places once all that happens at this instant has happened, so that the list alone decides."""
        if not self._dispatching:
            self._dispatching = True
            Afterwards(self.env, self._dispatch)

    def _dispatch(self) -> None:
        self._dispatching = False
        for number in sorted(self._asking):
            server = self.net.jobs[number].server
            if self._free[server] > 0:
                self._free[server] -= 1
                self._asking.pop(number).succeed()
