"""The two nights that touch a day, and what they send: jobs in their places, transfers over circuits that may fail.

A day from midnight to midnight has the end of the night before and the beginning of its own. Both are played from the
noon before, by `simulation.batch` as `simulate batch` plays them; jobs fail only with their connections. Interactive
traffic goes first: transfers share what it leaves of each circuit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Sequence

import simpy

from inventory.models.batch import in_night
from inventory.models.estate import Estate
from inventory.volume import sent_bytes
from simulation.afterwards import Afterwards
from simulation.batch.calendar import day_factor, is_made_on, runs_on
from simulation.batch.jobs import JobNet
from simulation.batch.layout import NightLayout, night_of
from simulation.batch.lines import LineChange
from simulation.batch.restarts import Attempts
from simulation.batch.variation import undisturbed
from simulation.kept import kept
from simulation.sharing.back_off import BackOffs
from simulation.sharing.connections import Connections
from simulation.sharing.links import Links
from simulation.sharing.transfers import Transfer
from topology.business_days import business_days

DAY_S = 86400.0
Route = tuple[str, ...]
Kind = tuple[frozenset[str], frozenset[str], float]


class Nights:
    """The nets of nights of an estate, each made once for what runs in it; without a section `batch` nothing does."""

    def __init__(self, estate: Estate) -> None:
        """Start with none; `goodput` is the share of each circuit's rate that its encapsulation leaves for payload."""
        self.estate = estate
        self._days = business_days(estate.records)
        self._kinds: dict[dt.date, Kind] = kept(
            "nights",
            (estate.records.jobs, estate.records.backups, estate.records.batch, estate.records.office_days),
            dict,
        )
        self._sent: dict[Kind, float] = {}
        self._layouts: dict[Hashable, NightLayout] = {}
        self._nets: dict[Hashable, tuple[JobNet, tuple[Attempts, ...]]] = {}
        self.goodput: dict[str, float] = {}

    def of(self, date: dt.date, *, later: bool) -> tuple[JobNet, tuple[Attempts, ...]]:
        """Return the net of the night that begins on a date, a day `later` on the clock or not, and its attempts."""
        if not self._described:
            return JobNet((), {}), ()
        key = (self._kind(date), later)
        if key not in self._nets:
            net = self._layout(date, frozenset()).net
            if later:
                moved = [
                    dataclasses.replace(job, release_s=job.release_s + DAY_S, deadline_s=job.deadline_s + DAY_S)
                    for job in net.jobs
                ]
                net = JobNet(moved, net.places, may_be_late=True)
            self._nets[key] = net, undisturbed(self.estate, net)
        return self._nets[key]

    def links(self, date: dt.date) -> Links:
        """Return what a night's transfers cross: circuits, disks, stores."""
        if not self._described:
            return Links({})
        links, circuits = self._layout(date, frozenset()).lines.links, self.estate.records.circuits
        rates = zip(links.names, links.capacities_bps, strict=True)
        self.goodput = {name: rate / circuits[name].effective_rate_bps for name, rate in rates if name in circuits}
        return links

    def routes(self, date: dt.date, down: frozenset[str]) -> dict[str, Route]:
        """Return the route of what each job of a night sends while circuits are down."""
        if not self._described:
            return {}
        layout = self._layout(date, down)
        return {job.name: route for job, route in zip(layout.net.jobs, layout.lines.routes[0], strict=True) if route}

    def sent_bytes(self, date: dt.date) -> float:
        """Return what the night that begins on a date sends over circuits (bytes)."""
        if not self._described:
            return 0.0
        kind, records = self._kind(date), self.estate.records
        if kind not in self._sent:
            jobs = [
                (records.jobs[id_].release_in_night_s, id_, sent_bytes(records, records.jobs[id_])) for id_ in kind[0]
            ]
            backups = [
                (in_night(one.at_s), id_, one.size_bytes) for id_, one in records.backups.items() if id_ in kind[1]
            ]
            # Added up in the order of a night's net, as its transfers are.
            self._sent[kind] = float(sum(size for _, _, size in sorted(jobs + backups)))
        return self._sent[kind]

    @property
    def _described(self) -> bool:
        """Whether the estate says anything of nights."""
        return self.estate.records.batch is not None and bool(self.estate.records.jobs)

    def _kind(self, date: dt.date) -> Kind:
        """Return what tells nights apart: their jobs, their backups, and how busy the day was."""
        if date not in self._kinds:
            records = self.estate.records
            jobs = frozenset(id_ for id_, job in records.jobs.items() if runs_on(job, date, self._days))
            backups = frozenset(id_ for id_, backup in records.backups.items() if is_made_on(backup, date))
            factor = day_factor(records.batch, date, self._days) if records.batch else 1.0
            self._kinds[date] = jobs, backups, factor
        return self._kinds[date]

    def _layout(self, date: dt.date, down: frozenset[str]) -> NightLayout:
        key = (self._kind(date), down)
        if key not in self._layouts:
            changes = [LineChange(0.0, circuit, 0.0) for circuit in sorted(down)]
            self._layouts[key] = night_of(self.estate, date, changes=changes)
        return self._layouts[key]


@dataclasses.dataclass(eq=False)
class Sending:
    """A transfer on its way, the job that sends it, and its circuits."""

    name: str
    transfer: Transfer
    route: Route


class Bulk:
    """What is sent in bulk, as `Night` asks for it; tells `before` a change and `after` all changes of an instant."""

    def __init__(
        self, env: simpy.Environment, links: Links, back_offs: BackOffs, before: Callable[[], None],
        after: Callable[[], None],
    ) -> None:  # fmt: skip
        """Start with nothing on its way."""
        self.env = env
        self.transfers = Connections(env, links, back_offs)
        self.transfers.watch = self._tell
        self.routes: dict[str, Route] = {}
        self.on_way: list[Sending] = []
        self._before, self._after = before, after
        self._telling = False

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> Transfer:
        """Begin a transfer now."""
        self._before()
        sent = self.transfers.send(name, size_bytes, route, goodput_factor=goodput_factor, weight=weight)
        sending = Sending(name, sent, tuple(route))
        self.on_way.append(sending)
        assert sent.done.callbacks is not None
        sent.done.callbacks.append(lambda _: self._ended(sending))
        self._tell()
        return sent

    def passes(self, route: Sequence[str]) -> bool:
        """Tell whether there is a path over a route now."""
        return self.transfers.passes(route)

    def changed(self) -> simpy.Event:
        """Return an event that fires after the next instant at which a circuit goes or is back."""
        return self.transfers.changed()

    def set_capacity(self, circuit: str, rate_bps: float) -> None:
        """Give a circuit what interactive traffic leaves of it."""
        self.transfers.set_capacity(circuit, rate_bps)
        self._tell()

    def reroute(self, routes: dict[str, Route]) -> None:
        """Move what is on its way over other routes; what comes finds them in `routes`."""
        self.routes.clear()
        self.routes.update(routes)
        for sending in self.on_way:
            route = routes.get(sending.name, sending.route)
            if route != sending.route:
                self.transfers.reroute(sending.transfer, route)
                sending.route = route
        self._tell()

    def _ended(self, sending: Sending) -> None:
        self._before()
        self.on_way.remove(sending)
        self._tell()

    def _tell(self) -> None:
        """Tell of the change once all that happens at this instant has happened."""
        if not self._telling:
            self._telling = True
            Afterwards(self.env, self._told)

    def _told(self) -> None:
        self._telling = False
        self._after()
