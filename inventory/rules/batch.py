"""Rules on batch jobs and backups."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.batch import in_night
from inventory.problems import Problem
from inventory.rules.circles import circle
from inventory.rules.scope import Scope
from inventory.volume import likely_s


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Jobs are of a group and a city, follow jobs and run on devices; backups are of devices and kept at sites."""
    for id_, job in scope.records.jobs.items():
        yield from scope.unknown(f"jobs.{id_}.group", "group", job.group, "system_groups")
        yield from scope.unknown(f"jobs.{id_}.city", "city", job.city, "cities")
        yield from scope.unknown(f"jobs.{id_}.runs_on", "device", job.runs_on, "devices")
        for index, name in enumerate(job.after):
            yield from scope.unknown(f"jobs.{id_}.after.{index}", "job", name, "jobs")
        if job.forms:
            yield from scope.unknown(f"jobs.{id_}.forms", "form run", job.forms, "form_runs")
        if job.fills:
            yield from scope.unknown(f"jobs.{id_}.fills", "emergency counter", job.fills, "emergency_counters")
    for id_, backup in scope.records.backups.items():
        yield from scope.unknown(f"backups.{id_}.of", "device", backup.of, "devices")
        yield from scope.unknown(f"backups.{id_}.kept_at", "site", backup.kept_at, "sites")


def nights_name_what_exists(scope: Scope) -> Iterator[Problem]:
    """Places are of devices, stores at sites; who runs and watches the jobs, and the manual, are in the estate."""
    batch = scope.records.batch
    if batch is None:
        return
    for name in batch.servers:
        yield from scope.unknown(f"batch.servers.{name}", "device", name, "devices")
    for name in batch.stores:
        yield from scope.unknown(f"batch.stores.{name}", "site", name, "sites")
    for field, task in (("run_by", batch.run_by), ("watched_by", batch.watched_by)):
        if task:
            yield from scope.unknown(f"batch.{field}", "responsibility", task, "responsibilities")
    if batch.manual:
        yield from scope.unknown("batch.manual", "volume of the manual", batch.manual, "manual_volumes")


def jobs_have_no_circle(scope: Scope) -> Iterator[Problem]:
    """No job waits for itself, however far around."""
    jobs = scope.records.jobs
    for id_ in sorted(circle({id_: {name for name in job.after if name in jobs} for id_, job in jobs.items()})):
        yield scope.problem(f"jobs.{id_}.after", "waits for itself in a circle", "jobs that come before")


def deadlines_can_be_met(scope: Scope) -> Iterator[Problem]:
    """A job that starts at its release ends before its deadline; times count from noon to noon."""
    for id_, job in scope.records.jobs.items():
        left_s = job.deadline_in_night_s - job.release_in_night_s
        if left_s <= 0:
            found = "the deadline comes before the release"
            yield scope.problem(f"jobs.{id_}.deadline", found, "a later time of the same night")
        elif likely_s(scope.records, job) > left_s:
            takes_min = likely_s(scope.records, job) / 60
            found = f"takes {takes_min:g} min, {left_s / 60:g} min lie between release and deadline"
            yield scope.problem(f"jobs.{id_}.takes", found, "a job that fits")


def jobs_follow_in_time(scope: Scope) -> Iterator[Problem]:
    """What a job waits for runs as often or more often, and must be done before the job's own deadline."""
    order = ("nightly", "monthly", "yearly")
    jobs = scope.records.jobs
    for id_, job in jobs.items():
        for index, name in enumerate(job.after):
            before = jobs.get(name)
            if before is None:
                continue
            if order.index(before.calendar) > order.index(job.calendar):
                found = f"a {job.calendar} job waits for `{name}`, which is {before.calendar}"
                yield scope.problem(f"jobs.{id_}.after.{index}", found, "a job that runs as often")
            elif before.deadline_in_night_s > job.deadline_in_night_s:
                found = f"`{name}` may end after this must be done"
                yield scope.problem(f"jobs.{id_}.after.{index}", found, "a job with an earlier deadline")


def jobs_have_their_day(scope: Scope) -> Iterator[Problem]:
    """A monthly job has a day (or business day), a yearly one a month as well, a nightly one neither."""
    wanted = {"nightly": (False, 0), "monthly": (False, 1), "yearly": (True, 1)}
    for id_, job in scope.records.jobs.items():
        days = (job.day is not None) + (job.business_day is not None)
        if (job.month is not None, days) != wanted[job.calendar]:
            expected = {"nightly": "neither `month` nor `day`", "monthly": "a `day`", "yearly": "a `month` and a `day`"}
            found = f"a {job.calendar} job does not say on which day, or says too much"
            yield scope.problem(f"jobs.{id_}", found, expected[job.calendar])
        if job.business_day == 0:
            yield scope.problem(
                f"jobs.{id_}.business_day", "no month has a business day 0", "1 for the first, -1 the last"
            )
        if job.calendar != "nightly" and job.nights != "every":
            found = f"a {job.calendar} job has its own day"
            yield scope.problem(f"jobs.{id_}.nights", found, "`nights` on nightly jobs alone")
        if job.day is None and job.if_closed != "same-day":
            found = "nothing to move: the job has no `day` of the month"
            yield scope.problem(f"jobs.{id_}.if_closed", found, "`if_closed` beside a `day`")


def jobs_know_their_forms(scope: Scope) -> Iterator[Problem]:
    """Time for each form, and sending to print, need a form run; of a yearly job it is one of the job's month."""
    records = scope.records
    for id_, job in records.jobs.items():
        if job.forms is None and job.per_form_s:
            yield scope.problem(
                f"jobs.{id_}.per_form", "a time for each form, but no forms", "`forms`, a bulk form run"
            )
        if job.sends_to == "printing-site" and job.forms is None:
            yield scope.problem(f"jobs.{id_}.sends_to", "sends nothing to print", "`forms`, a bulk form run")
        if job.sends_to == "printing-site" and records.batch is not None and records.batch.printing is None:
            found = "no line leads to the printing site"
            yield scope.problem(f"jobs.{id_}.sends_to", found, "`batch.printing` with its rate")
        run = records.form_runs.get(job.forms or "")
        if run is not None and run.city not in {None, job.city}:
            found = f"`{job.forms}` is a form run of another city"
            yield scope.problem(f"jobs.{id_}.forms", found, f"one of `{job.city}`, or of all")
        if run is not None and run.month is not None and job.month is not None and job.month != run.month:
            found = f"runs in month {job.month}, the forms are issued in month {run.month}"
            yield scope.problem(f"jobs.{id_}.month", found, "the month of the form run")


def emergency_copies_are_the_citys_own(scope: Scope) -> Iterator[Problem]:
    """A job fills its own city's emergency counter."""
    for id_, job in scope.records.jobs.items():
        counter = scope.records.emergency_counters.get(job.fills or "")
        if counter is not None and counter.city != job.city:
            found = f"`{job.fills}` is the counter of `{counter.city}`"
            yield scope.problem(f"jobs.{id_}.fills", found, f"a counter of `{job.city}`")


def nights_have_their_machines(scope: Scope) -> Iterator[Problem]:
    """Where nights are described, every machine with a job or backup has its places and disk, every store its disk."""
    records, batch = scope.records, scope.records.batch
    if batch is None:
        return
    used = {job.runs_on: f"jobs.{id_}.runs_on" for id_, job in records.jobs.items()}
    used |= {backup.of: f"backups.{id_}.of" for id_, backup in records.backups.items()}
    for name, path in sorted(used.items()):
        if name in scope.names("devices") and name not in batch.servers:
            expected = f"an entry `{name}` in `batch.servers`"
            yield scope.problem(path, f"nothing says how many jobs `{name}` runs at once", expected)
    for id_, backup in records.backups.items():
        if backup.kept_at not in batch.stores:
            expected = f"an entry `{backup.kept_at}` in `batch.stores`"
            yield scope.problem(
                f"backups.{id_}.kept_at", f"nothing says how quick the store at `{backup.kept_at}` is", expected
            )


def nights_make_sense(scope: Scope) -> Iterator[Problem]:
    """Reactions rise, busy days name one kind of day, and what must be done is done before the counters open."""
    batch = scope.records.batch
    if batch is None:
        return
    reaction = batch.on_failure
    if not reaction.low_s <= reaction.mode_s <= reaction.high_s:
        yield scope.problem("batch.on_failure", "not in order", "low ≤ mode ≤ high")
    for id_, busy in batch.busy_days.items():
        if (busy.weekday is None) == (busy.business_day is None) or busy.business_day == 0:
            found = "does not say which days, or says it twice"
            yield scope.problem(f"batch.busy_days.{id_}", found, "a `weekday`, or a `business_day` such as 1 or -1")
    for id_, job in scope.records.jobs.items():
        if job.deadline_in_night_s > in_night(batch.opens_s):
            found = "must be done only after the counters open"
            yield scope.problem(f"jobs.{id_}.deadline", found, "a time before `batch.opens`")


def jobs_run_in_their_city(scope: Scope) -> Iterator[Problem]:
    """Single tenant: a city's job runs on no other city's device."""
    for id_, job in scope.records.jobs.items():
        device = scope.records.devices.get(job.runs_on)
        if device is not None and device.city != job.city:
            found = f"`{job.runs_on}` is not a device of `{job.city}`"
            yield scope.problem(f"jobs.{id_}.runs_on", found, "a device of the job's city")


def databases_are_backed_up(scope: Scope) -> Iterator[Problem]:
    """Where backups are listed, every database has one, encrypted, and one that is kept at another site."""
    records = scope.records
    if not records.backups or not scope.whole("backups"):
        return
    for name, device in records.devices.items():
        own = {id_: backup for id_, backup in records.backups.items() if backup.of == name}
        if device.role == "database" and not own:
            yield scope.problem(f"devices.{name}", "is backed up by nothing", "a set of backups of it")
        elif device.role == "database" and all(backup.kept_at == device.site for backup in own.values()):
            yield scope.problem(
                f"devices.{name}", "has no backup at another site", "a set that is `kept_at` another site"
            )
    for id_, backup in records.backups.items():
        if not backup.encrypted:
            yield scope.problem(f"backups.{id_}.encrypted", "resident data in plain text", "`encrypted: true`")
