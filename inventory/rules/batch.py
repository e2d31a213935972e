"""Rules on batch jobs and backups."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.circles import circle
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Jobs are of a group and a city, follow jobs and run on devices; backups are of devices and kept at sites."""
    for id_, job in scope.records.jobs.items():
        yield from scope.unknown(f"jobs.{id_}.group", "group", job.group, "system_groups")
        yield from scope.unknown(f"jobs.{id_}.city", "city", job.city, "cities")
        yield from scope.unknown(f"jobs.{id_}.runs_on", "device", job.runs_on, "devices")
        for index, name in enumerate(job.after):
            yield from scope.unknown(f"jobs.{id_}.after.{index}", "job", name, "jobs")
    for id_, backup in scope.records.backups.items():
        yield from scope.unknown(f"backups.{id_}.of", "device", backup.of, "devices")
        yield from scope.unknown(f"backups.{id_}.kept_at", "site", backup.kept_at, "sites")


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
        elif job.takes_s > left_s:
            found = f"takes {job.takes_s / 60:g} min, {left_s / 60:g} min lie between release and deadline"
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
    """A monthly job has a day, a yearly one a month and a day, a nightly one neither."""
    wanted = {"nightly": (False, False), "monthly": (False, True), "yearly": (True, True)}
    for id_, job in scope.records.jobs.items():
        if (job.month is not None, job.day is not None) != wanted[job.calendar]:
            expected = {"nightly": "neither `month` nor `day`", "monthly": "a `day`", "yearly": "a `month` and a `day`"}
            found = f"a {job.calendar} job does not say on which day, or says too much"
            yield scope.problem(f"jobs.{id_}", found, expected[job.calendar])


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
