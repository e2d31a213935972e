"""The night of an estate: its jobs of a date, the copies it sends to other sites, and the circuits that both cross.

A night goes from noon to noon, as the estate counts it, and all times are seconds after the first noon. Jobs run by the
order of their releases. How many jobs a server runs at once stands nowhere in the estate: it is asked for. Backups that
stay in the data centre are left out: no disk rate says how long they take.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping

from inventory.models.batch import Backup, Job, in_night
from inventory.models.estate import Estate
from simulation.batch.jobs import BatchJob, JobNet
from simulation.errors import MechanismInvalid
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor
from simulation.sharing.hashing import chosen
from simulation.sharing.links import Links
from topology.build import build_network
from topology.model import Network


@dataclasses.dataclass(frozen=True)
class NightLayout:
    """A net of jobs with the links that they send over, and the names of backups that are left out."""

    net: JobNet
    links: Links
    left_out: tuple[str, ...]


def night_of(
    estate: Estate, date: dt.date, *, places: int | Mapping[str, int] = 1, down: Collection[str] = ()
) -> NightLayout:
    """Return the night that begins at noon of a date.

    `places` is how many jobs a server runs at once, for all or by device; circuits in `down` are cut all night, and
    what would cross them takes what is left of its city's lines. Raises MechanismInvalid for devices or circuits that
    are none.
    """
    records = estate.records
    jobs = {id_: job for id_, job in records.jobs.items() if runs_on(job, date)}
    copies = {id_: backup for id_, backup in records.backups.items() if _leaves(estate, backup)}
    servers = sorted({job.runs_on for job in jobs.values()})
    given = dict.fromkeys(servers, places if isinstance(places, int) else 1)
    given |= {} if isinstance(places, int) else places
    idle = sorted(set(given) - set(servers))
    problems = [f"`{name}` runs no job that night, expected one of: {', '.join(servers)}" for name in idle]
    problems += [f"`{name}` is no circuit of the estate" for name in sorted(set(down) - set(records.circuits))]
    if problems:
        raise MechanismInvalid(problems)
    lines = _Lines(estate, down)
    made = [
        *(_batch_job(id_, job, jobs, lines) for id_, job in jobs.items()),
        *(_copy(id_, backup, records.devices[backup.of].city or "", lines) for id_, backup in copies.items()),
    ]
    made.sort(key=lambda job: (job.release_s, job.name))
    given |= {_copier(backup): 1 for backup in copies.values()}
    return NightLayout(JobNet(made, given), lines.links, tuple(sorted(set(records.backups) - set(copies))))


def runs_on(job: Job, date: dt.date) -> bool:
    """Whether a job runs in the night that begins on a date: nightly, on its day of the month, or of the year."""
    return job.day in (None, date.day) and job.month in (None, date.month)


def _batch_job(id_: str, job: Job, tonight: Collection[str], lines: _Lines) -> BatchJob:
    """Return a job of the estate; what it follows but does not run tonight holds nothing up."""
    route, factor = lines.of(job.city, id_) if job.moves_bytes else ((), 1.0)
    after = tuple(name for name in job.after if name in tonight)
    times = (job.release_in_night_s, job.deadline_in_night_s)
    return BatchJob(id_, job.takes_s, job.runs_on, after, *times, job.moves_bytes, route, factor)


def _copy(id_: str, backup: Backup, city: str, lines: _Lines) -> BatchJob:
    """Return the sending of a backup to another site; it should have arrived within the loss that it allows for."""
    begin_s = in_night(backup.at_s)
    route, factor = lines.of(city, id_)
    deadline_s = begin_s + backup.rpo_s
    return BatchJob(id_, 0.0, _copier(backup), (), begin_s, deadline_s, backup.size_bytes, route, factor)


def _copier(backup: Backup) -> str:
    """Return what a server's backups run on: one at a time, beside its jobs."""
    return f"backups of {backup.of}"


def _leaves(estate: Estate, backup: Backup) -> bool:
    return estate.records.devices[backup.of].site != backup.kept_at


class _Lines:
    """The circuits of each city with what is left of them, and the links that they make."""

    def __init__(self, estate: Estate, down: Collection[str]) -> None:
        self.estate = estate
        self.down = set(down)
        self.network: Network = build_network(estate)
        self.links = Links(
            {
                segment.circuit: 0.0 if segment.circuit in self.down else segment.rate_bps
                for segment in self.network.segments.values()
                if segment.circuit
            }
        )

    def of(self, city: str, name: str) -> tuple[tuple[str, ...], float]:
        """Return the route and goodput factor of what is sent for a city under this name.

        Flows spread over active circuits by a hash of the name; a backup serves when no main circuit works. Where
        nothing works the first circuit stands, with no capacity.
        """
        groups = [group for _, group in sorted(self.estate.records.circuit_groups.items()) if group.city == city]
        members = [member for group in groups for member in group.members]
        if not members:
            raise MechanismInvalid([f"`{name}` sends for `{city}`, which has no circuits"])
        ways = {member.circuit: self._way(member.circuit) for member in members}
        working = [member for member in members if not self.down & set(ways[member.circuit][0])]
        best = [member for member in working if member.priority != "secondary"] or working
        taken = chosen(_number(name), best) or members[0]
        return ways[taken.circuit]

    def _way(self, circuit: str) -> tuple[tuple[str, ...], float]:
        """Return the circuits that a flow over this one crosses, and its goodput factor (as a wire counts)."""
        records = self.estate.records
        line = records.circuits[circuit]
        pppoe = line.encapsulation == "pppoe"
        for _, tunnel in sorted(self.network.tunnels.items()):
            if circuit in tunnel.segments:
                profile = records.encryption.tunnel_profiles[tunnel.profile]
                return tunnel.segments, tunnel_goodput_factor(
                    line.mtu,
                    udp_encapsulation=profile.udp_encapsulation,
                    pppoe=pppoe,
                    largest_packet=profile.largest_packet,
                )
        return (circuit,), goodput_factor(line.mtu, pppoe=pppoe)


def _number(name: str) -> float:
    """Return a flow's own number in [0, 1), the same on every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=6).digest()) / 2**48
