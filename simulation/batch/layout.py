"""The night of an estate: its jobs of a date, its backups, and the lines that they cross.

A night goes from noon to noon, as the estate counts it, and all times are seconds after the first noon. Jobs run by the
order of their releases, so many at once as their server has places; a server's backups run one at a time beside them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Collection, Mapping, Sequence

from inventory.models.batch import Backup, Batch, Job, in_night
from inventory.models.estate import Estate
from inventory.volume import likely_s, sent_bytes
from simulation.batch.calendar import day_factor, is_made_on, runs_on
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.lines import LineChange, LinePlan, Lines, Sending, disk, store
from simulation.errors import EstateLacks, MechanismInvalid
from topology.business_days import business_days


@dataclasses.dataclass(frozen=True)
class NightLayout:
    """Jobs and backups with their lines. `factor` is how busy the day was; `opens` tells whether counters open then."""

    date: dt.date
    net: JobNet
    lines: LinePlan
    backups: frozenset[str]
    factor: float
    opens: bool


def night_of(
    estate: Estate,
    date: dt.date,
    *,
    places: Mapping[str, int] | None = None,
    changes: Sequence[LineChange] = (),
    extra: Collection[str] = (),
) -> NightLayout:
    """Return the night that begins at noon of a date.

    `places` replaces how many jobs a server runs at once; `changes` befall circuits; `extra` are jobs that run though
    their calendar does not say so. Raises EstateLacks where the estate does not describe its nights, and
    MechanismInvalid for names that are none.
    """
    records, batch = estate.records, described(estate)
    days = business_days(records)
    problems = [_unknown(name, "job", records.jobs) for name in extra if name not in records.jobs]
    problems += [_unknown(name, "server of jobs", batch.servers) for name in places or () if name not in batch.servers]
    if problems:
        raise MechanismInvalid(problems)
    factor = day_factor(batch, date, days)
    jobs = {id_: job for id_, job in records.jobs.items() if runs_on(job, date, days) or id_ in extra}
    backups = {id_: backup for id_, backup in records.backups.items() if is_made_on(backup, date)}
    made = [
        *((_batch_job(estate, id_, job, jobs, factor), _sending(estate, id_, job)) for id_, job in jobs.items()),
        *((_copy(batch, id_, backup), _kept(estate, id_, backup)) for id_, backup in backups.items()),
    ]
    made.sort(key=lambda pair: (pair[0].release_s, pair[0].name))
    given = {name: server.jobs_at_once for name, server in batch.servers.items()} | dict(places or {})
    given |= {_copier(backup): 1 for backup in backups.values()}
    plan = Lines(estate, changes).plan([sending for _, sending in made])
    routed = [dataclasses.replace(job, route=route) for (job, _), route in zip(made, plan.routes[0], strict=True)]
    net = JobNet(routed, dict(sorted(given.items())), may_be_late=True)
    return NightLayout(date, net, plan, frozenset(backups), factor, days.is_open(date + dt.timedelta(days=1)))


def described(estate: Estate) -> Batch:
    """Return how an estate's nights go; raises EstateLacks where it does not say, or has no jobs."""
    if estate.records.batch is None or not estate.records.jobs:
        missing = "batch" if estate.records.jobs else "jobs"
        raise EstateLacks(
            f"the estate `{estate.name}` does not describe its nights: "
            f"expected a section `{missing}` (docs/guides/estate.md)"
        )
    return estate.records.batch


def _batch_job(estate: Estate, id_: str, job: Job, tonight: Collection[str], factor: float) -> BatchJob:
    """Return a job of the estate; what it follows but does not run tonight holds nothing up."""
    takes_s = likely_s(estate.records, job) * (factor if job.follows_day_load else 1.0)
    after = tuple(name for name in job.after if name in tonight)
    times = (job.release_in_night_s, job.deadline_in_night_s)
    return BatchJob(id_, takes_s, job.runs_on, after, *times, sent_bytes(estate.records, job))


def _sending(estate: Estate, id_: str, job: Job) -> Sending | None:
    """Return what a job sends, or None where it sends nothing."""
    records = estate.records
    if sent_bytes(records, job) == 0:
        return None
    counter = records.emergency_counters.get(job.fills or "")
    to = None if job.sends_to == "printing-site" else counter.site if counter else _hall(estate, id_, job.city)
    return Sending(id_, records.devices[job.runs_on].site, to, (disk(job.runs_on),))


def _hall(estate: Estate, name: str, city: str) -> str:
    """Return the hall of a city; raises MechanismInvalid where it has none."""
    halls = sorted(id_ for id_, site in estate.records.sites.items() if site.city == city and site.kind == "hall")
    if not halls:
        raise MechanismInvalid([f"`{name}` sends to the hall of `{city}`, which has none"])
    return halls[0]


def _copy(batch: Batch, id_: str, backup: Backup) -> BatchJob:
    """Return the making of a backup: done when the counters open, and within what may be lost."""
    begin_s = in_night(backup.at_s)
    deadline_s = min(begin_s + backup.rpo_s, batch.opens_in_night_s)
    return BatchJob(id_, 0.0, _copier(backup), (), begin_s, deadline_s, backup.size_bytes)


def _kept(estate: Estate, id_: str, backup: Backup) -> Sending:
    """Return the way of a backup: off the disk, over circuits to where it is kept, into the store."""
    return Sending(
        id_, estate.records.devices[backup.of].site, backup.kept_at, (disk(backup.of), store(backup.kept_at))
    )


def _copier(backup: Backup) -> str:
    """Return what a server's backups run on: one at a time, beside its jobs."""
    return f"backups of {backup.of}"


def _unknown(name: str, kind: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f"`{name}` is no {kind}, expected {f'`{near[0]}`' if near else 'one of: ' + ', '.join(sorted(known))}"
