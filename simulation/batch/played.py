"""A night of an estate played many times: its layout, what was drawn, how it went, and what follows from that.

All tables have a row for each replication. What has not ended at noon, when the next night begins, counts as ending
then.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np

from inventory.models.estate import Estate
from simulation.batch.calendar import runs_on
from simulation.batch.incidents import NOTHING, Incident
from simulation.batch.layout import NightLayout, described, night_of
from simulation.batch.schedule import Scheduler
from simulation.batch.tables import HORIZON_S, Outcome, Plays, Truths
from simulation.batch.variation import drawn_plays
from simulation.draws import Streams
from simulation.errors import MechanismInvalid
from simulation.heap import Floats, Ints
from topology.business_days import business_days

_LOOK_BACK_D = 40


@dataclasses.dataclass(frozen=True)
class Played:
    """A night with its outcome."""

    estate: Estate
    layout: NightLayout
    plays: Plays
    outcome: Outcome

    @property
    def ends_s(self) -> Floats:
        """When each job ends (s after noon), at most the horizon; what is left out ends at once."""
        ends = np.where(np.isnan(self.outcome.ends), HORIZON_S, self.outcome.ends)
        return np.where(self.outcome.skipped, 0.0, ends)

    @property
    def deadlines_s(self) -> Floats:
        """The deadline of each job."""
        return np.array([job.deadline_s for job in self.layout.net.jobs], dtype=float)

    @property
    def late(self) -> Truths:
        """Whether each job misses its own deadline; what is left out does not."""
        return np.asarray(self.ends_s > self.deadlines_s, dtype=np.bool_)

    def jobs_of(self, city: str) -> Ints:
        """Return the numbers of a city's jobs, its backups apart."""
        records = self.estate.records
        return np.array(
            [
                number
                for number, job in enumerate(self.layout.net.jobs)
                if job.name in records.jobs and records.jobs[job.name].city == city
            ],
            np.int64,
        )

    def net_end_s(self, city: str) -> Floats:
        """Return when a city's last job ends, by replication; noon before where it has none."""
        chosen = self.jobs_of(city)
        found: Floats = self.ends_s[:, chosen].max(axis=1) if len(chosen) else np.zeros(len(self.ends_s))
        return found

    def least_slack_s(self, city: str) -> Floats:
        """Return the least time that any of a city's jobs has left before its own deadline."""
        chosen = self.jobs_of(city)
        if not len(chosen):
            return np.full(len(self.ends_s), HORIZON_S)
        found: Floats = (self.deadlines_s - self.ends_s)[:, chosen].min(axis=1)
        return found

    def window_use(self) -> Floats:
        """Return the share of its window, from its release to its deadline, that each job has used when it ends."""
        releases = np.array([job.release_s for job in self.layout.net.jobs], dtype=float)
        use: Floats = (self.ends_s - releases) / np.maximum(1.0, self.deadlines_s - releases)
        return np.maximum(0.0, use)

    def tightest(self, city: str) -> Ints:
        """Return the job of a city that has used most of its window, by replication; -1 where it has none."""
        chosen = self.jobs_of(city)
        if not len(chosen):
            return np.full(len(self.ends_s), -1, np.int64)
        found: Ints = chosen[np.argmax(self.window_use()[:, chosen], axis=1)]
        return found

    def work_h(self) -> float:
        """Return the hours that jobs and backups spend on their servers, all together, in the mean."""
        return float(self.outcome.busy.sum()) / len(self.ends_s) / 3600

    def copy_age_s(self, name: str) -> Floats:
        """Return how old the emergency counter's data are when counters open, by replication.

        The data are those of the instant at which the copy that arrived last was begun; where tonight's has not
        arrived, the one before, taken as begun at its release in the last night that it runs in.
        """
        batch, job = described(self.estate), self.estate.records.jobs[name]
        opens_s = batch.opens_in_night_s
        days, before = business_days(self.estate.records), self.layout.date
        for back in range(1, _LOOK_BACK_D):
            before = self.layout.date - dt.timedelta(days=back)
            if runs_on(job, before, days):
                break
        older_s = opens_s + HORIZON_S * (self.layout.date - before).days - job.release_in_night_s
        if name not in self.layout.net.number:
            return np.full(len(self.ends_s), older_s)
        number = self.layout.net.number[name]
        arrived = self.outcome.ends[:, number] <= opens_s
        return np.where(arrived, opens_s - self.outcome.lasts[:, number], older_s)


def play(estate: Estate, date: dt.date, streams: Streams, incident: Incident = NOTHING) -> Played:
    """Play the night that begins on a date once for each replication of the streams.

    Raises MechanismInvalid where the incident is about jobs that do not run that night.
    """
    layout = night_of(estate, date, changes=incident.changes, extra=incident.extra)
    number = layout.net.number
    asked = (*incident.told, *(one.job for one in incident.late), *incident.left_out)
    idle = sorted({name for name in asked if name not in number})
    if idle:
        hint = "another --date, or `extra`"
        raise MechanismInvalid([f"`{name}` does not run in the night of {date}, expected {hint}" for name in idle])
    plays = drawn_plays(estate, layout.net, streams, incident.told)
    for late in incident.late:
        plays.releases[:, number[late.job]] = (late.release_s - 43200.0) % 86400.0
    for name in incident.left_out:
        plays.skip_at[number[name]] = 0.0
    return Played(estate, layout, plays, Scheduler(layout.net, layout.lines).play(plays))
