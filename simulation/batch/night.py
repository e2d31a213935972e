"""A night of jobs in SimPy: places on servers by list scheduling, transfers over circuits by fair shares.

The plain form of `schedule`, and the form for nets whose jobs send: a job ends when it has run and all that it sends
has arrived; it keeps its place until then. With `PlainTransfers` nothing in it is compiled. With `Connections` what
is sent stalls while its path is away; where a connection breaks the attempt has failed. Others (a drill, a what-if) may
act on `transfers` while it runs: cut a circuit, add a transfer.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import simpy

from simulation.afterwards import Afterwards
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.lines import LinePlan
from simulation.batch.restarts import Attempts, checked_attempts
from simulation.errors import MechanismInvalid
from simulation.sharing.plain_transfers import PlainTransfers
from simulation.sharing.transfers import Transfer, Transfers

if TYPE_CHECKING:
    from simulation.sharing.connections import Connections


@dataclasses.dataclass(frozen=True)
class Decision:
    """What is decided of a job: held in [`hold_from_s`, `hold_until_s`) unless it has begun, left out at `skip_at_s`.

    A job that is left out stops where it is, unless it has ended; what follows goes on without it.
    """

    hold_from_s: float = math.inf
    hold_until_s: float = math.inf
    skip_at_s: float = math.inf


@dataclasses.dataclass(frozen=True)
class JobRecord:
    """How a job went (s): first begin and end (None: never), attempts made, and the time left before its deadline.

    `broken` of the attempts failed because their connection broke.
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
    broken: int = 0


class Night:
    """Runs a net once in a SimPy environment; call `records` after `env.run`."""

    def __init__(
        self,
        env: simpy.Environment,
        net: JobNet,
        attempts: Sequence[Attempts],
        transfers: Transfers | PlainTransfers | None = None,
        *,
        releases_s: Sequence[float] | None = None,
        decisions: Mapping[str, Decision] | None = None,
        plan: LinePlan | None = None,
    ) -> None:
        """Start a process for each job; a net whose jobs send needs `transfers`.

        `releases_s` replace those of the net, in its order; `decisions` are by job; `plan` says what becomes of the
        links of `transfers` in time (it needs `Transfers`, which can move a transfer to another route).
        """
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
        self._broken = [0] * count
        self._given_up = [False] * count
        self._releases_s = list(releases_s or [job.release_s for job in net.jobs])
        self._decisions = [(decisions or {}).get(job.name, Decision()) for job in net.jobs]
        self._skipped = [env.event() for _ in net.jobs]
        # The routes that jobs have now, by name, where they are not those of the net.
        self.routes: Mapping[str, tuple[str, ...]] = {}
        self._on_way: dict[int, Transfer] = {}
        for number, job in enumerate(net.jobs):
            env.process(self._run(number, job))
            if self._decisions[number].skip_at_s < math.inf:
                env.process(self._skip(number))
        if plan is not None and isinstance(transfers, Transfers):
            env.process(self._change_lines(plan, transfers))
        elif plan is not None and len(plan.starts_s) > 1:
            raise MechanismInvalid(["lines that change need `Transfers`, which can move a transfer to another route"])

    def records(self) -> tuple[JobRecord, ...]:
        """Return how every job went, in the order of the net."""
        return tuple(self._record(number, job) for number, job in enumerate(self.net.jobs))

    def _record(self, number: int, job: BatchJob) -> JobRecord:
        end_s = self._ends_s[number]
        state = "ended" if end_s is not None else "given up" if self._given_up[number] else "waiting"
        if self._skipped[number].triggered:
            return JobRecord(
                job.name, self._ready_s[number], self._begins_s[number], None, self._made[number], math.inf,
                "left out", self._broken[number],
            )  # fmt: skip
        if state == "waiting" and self._made[number]:
            state = "running"
        slack_s = job.deadline_s - end_s if end_s is not None else -math.inf if job.deadline_s < math.inf else math.inf
        begin_s, made = self._begins_s[number], self._made[number]
        return JobRecord(job.name, self._ready_s[number], begin_s, end_s, made, slack_s, state, self._broken[number])

    def _run(self, number: int, job: BatchJob) -> Generator[simpy.Event, Any, None]:
        """Carry a job through; leaving it out ends it wherever it is."""
        skipped, attempts = self._skipped[number], self._attempts[number]
        yield self._unless_left_out(
            number, self.env.all_of([self._ended[earlier] for earlier in self.net.before[number]])
        )
        if not skipped.triggered and self.env.now < self._releases_s[number]:
            yield self._unless_left_out(number, self.env.timeout(self._releases_s[number] - self.env.now))
        turn, broke = 0, False
        while turn < len(attempts.run_s) and not (broke and self._made[number] >= attempts.most):
            if self._made[number]:
                yield from self._pause(number, job, broke)
            yield from self._begin(number)
            if skipped.triggered:
                return
            broke = yield from self._attempt(number, job, turn)
            if skipped.triggered:
                return
            turn += not broke
        self._given_up[number] = broke or not attempts.succeeds
        if not self._given_up[number]:
            self._ends_s[number] = self.env.now
            self._ended[number].succeed()

    def _pause(self, number: int, job: BatchJob, broke: bool) -> Generator[simpy.Event, Any, None]:
        """Wait until someone starts a failed job again; where its connection broke they wait for a path."""
        skipped = self._skipped[number]
        if not skipped.triggered:
            yield self._unless_left_out(number, self.env.timeout(self._attempts[number].delay_s))
        connections = cast("Connections", self.transfers)
        while broke and not skipped.triggered and not connections.passes(self._route(job)):
            yield self._unless_left_out(number, connections.changed())

    def _begin(self, number: int) -> Generator[simpy.Event, Any, None]:
        """Wait while a job is held, and for a place."""
        yield from self._hold(number)
        if self._skipped[number].triggered:
            return
        if self._made[number] == 0:
            self._ready_s[number] = self.env.now
        yield self._unless_left_out(number, self._place(number))
        if self._made[number] == 0 and not self._skipped[number].triggered:
            self._begins_s[number] = self.env.now

    def _attempt(self, number: int, job: BatchJob, turn: int) -> Generator[simpy.Event, Any, bool]:
        """Run a job once on its place, and return whether the connection of what it sent broke."""
        attempts = self._attempts[number]
        self._made[number] += 1
        self.watch(job.server, 1)
        good = attempts.succeeds and turn == len(attempts.run_s) - 1
        sending = self._sending(number, job) if good else []
        yield self._unless_left_out(number, self.env.all_of([self.env.timeout(attempts.run_s[turn]), *sending]))
        self._on_way.pop(number, None)
        self.watch(job.server, -1)
        self._free[job.server] += 1
        self._dispatch_later()
        broke = not self._skipped[number].triggered and any(done.value is None for done in sending)
        self._broken[number] += broke
        return broke

    def _unless_left_out(self, number: int, event: simpy.Event) -> simpy.Event:
        """Return an event that a job waits for; of a job that may be left out also what ends its waiting.

        Nobody leaves out the jobs of most nights, and an event that never comes would cost them a third of their time.
        """
        return event if self._decisions[number].skip_at_s == math.inf else event | self._skipped[number]

    def _hold(self, number: int) -> Generator[simpy.Event, Any, None]:
        """Wait while a job is held."""
        held = self._decisions[number]
        if held.hold_from_s <= self.env.now < held.hold_until_s < math.inf:
            yield self._unless_left_out(number, self.env.timeout(held.hold_until_s - self.env.now))
        elif held.hold_from_s <= self.env.now < held.hold_until_s:
            yield self._skipped[number]

    def _skip(self, number: int) -> Generator[simpy.Event, Any, None]:
        """Leave a job out at its time, unless it has ended: what it sends stops, what follows goes on."""
        yield self.env.timeout(self._decisions[number].skip_at_s)
        if self._ended[number].triggered:
            return
        self._skipped[number].succeed()
        self._asking.pop(number, None)
        sent = self._on_way.get(number)
        if sent is not None and sent.on_way and isinstance(self.transfers, Transfers):
            self.transfers.stop(sent)
        self._ended[number].succeed()

    def _change_lines(self, plan: LinePlan, transfers: Transfers) -> Generator[simpy.Event, Any, None]:
        """Give links their capacities and transfers their routes, each time that something changes."""
        for start_s, capacities, routes in zip(plan.starts_s, plan.capacities_bps, plan.routes, strict=True):
            if start_s > self.env.now:
                yield self.env.timeout(start_s - self.env.now)
            self.routes = {job.name: route for job, route in zip(self.net.jobs, routes, strict=True)}
            for link, rate_bps in zip(plan.links.names, capacities, strict=True):
                transfers.set_capacity(link, rate_bps)
            for number, sent in self._on_way.items():
                if sent.on_way:
                    transfers.reroute(sent, self._route(self.net.jobs[number]))

    def _sending(self, number: int, job: BatchJob) -> list[simpy.Event]:
        """Begin what a job sends. A failed attempt's bytes are left out: what it sent must be sent again anyway."""
        if job.moves_bytes == 0 or self.transfers is None:
            return []
        sent = self.transfers.send(job.name, job.moves_bytes, self._route(job), goodput_factor=job.goodput_factor)
        if isinstance(sent, Transfer):
            self._on_way[number] = sent
        return [sent.done]

    def _route(self, job: BatchJob) -> tuple[str, ...]:
        return self.routes.get(job.name, job.route)

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
            held = self._decisions[number]
            if self._free[server] > 0 and held.hold_from_s <= self.env.now < held.hold_until_s:
                asked = self._asking.pop(number)
                self.env.process(self._ask_again(number, asked))
            elif self._free[server] > 0:
                self._free[server] -= 1
                self._asking.pop(number).succeed()

    def _ask_again(self, number: int, asked: simpy.Event) -> Generator[simpy.Event, Any, None]:
        """Let a job that was held while it waited for a place ask again afterwards."""
        yield from self._hold(number)
        if not self._skipped[number].triggered:
            if self._begins_s[number] is None:
                self._ready_s[number] = self.env.now
            self._asking[number] = asked
            self._dispatch_later()
