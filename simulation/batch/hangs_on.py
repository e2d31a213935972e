"""Of what a night's figures are made: the time on the chains that decide a city's net, value by value.

A job counts with its time on a chain. That time is work, which follows `takes` and forms; sending, which follows
bytes and the slowest line; failing and waiting for someone to react. Times of day count as a quarter of an hour: the
release of what waits for nothing else, the deadline of the job that is tightest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from inventory.models.batch import Job, Spread
from inventory.models.estate import Estate
from inventory.volume import likely_s
from simulation.assumptions import Touched, rates
from simulation.batch.chains import shares_on_chain
from simulation.batch.layout import described
from simulation.batch.lines import PRINTING, disk, store
from simulation.batch.played import Played
from simulation.heap import Floats, Ints
from topology.business_days import WEEKDAYS, business_days

TOUCHED = ("jobs", "backups", "batch", "office_days", "timers.tcp")
QUARTER_S = 900.0


def touched(estate: Estate) -> Touched:
    """Return all that nights touch, with no share yet."""
    forms = (f"form_runs.{id_}.{key}" for id_ in estate.records.form_runs for key in ("rate", "size_kb"))
    return Touched(*TOUCHED, *rates(estate, estate.records.circuits).values(), *forms)


def shares_of(estate: Estate, nights: Iterable[Played]) -> Touched:
    """Return how much of a city's night, the worst of all played, follows each value."""
    found = touched(estate)
    for played in nights:
        for city in estate.records.cities:
            if len(played.jobs_of(city)):
                for deciding, on_chain in _chains(played, city):
                    found.take(_of_chain(played, deciding, on_chain))
    return found


def _chains(played: Played, city: str) -> Iterator[tuple[Ints, Floats]]:
    """Yield what decides a city's figures: the job that ends last, has least time left, has used most of its window.

    Each by night, with the share of nights that every job is on the chain behind it.
    """
    chosen = played.jobs_of(city)
    left_s = (played.deadlines_s - played.ends_s)[:, chosen]
    last = chosen[np.argmax(played.ends_s[:, chosen], axis=1)]
    for deciding in (last, chosen[np.argmin(left_s, axis=1)], played.tightest(city)):
        net, outcome = played.layout.net, played.outcome
        yield deciding, shares_on_chain(net, outcome, played.plays.releases, deciding)


def _of_chain(played: Played, deciding: Ints, on_chain: Floats) -> dict[str, float]:
    """Return the shares of the time on one chain."""
    net, outcome = played.layout.net, played.outcome
    took_s = np.nan_to_num(np.where(outcome.skipped, 0.0, outcome.ends - outcome.begins)).mean(axis=0)
    whole_s = max(float((on_chain * took_s).sum()), 1.0)
    found: dict[str, float] = defaultdict(float)
    for number in np.flatnonzero(on_chain > 0).tolist():
        _add_job(played, number, float(on_chain[number]) / whole_s, float(took_s[number]), found)
        at_once = outcome.begins[:, number] <= played.plays.releases[:, number] + 1.0
        release = f"{_entry(played.estate, net.jobs[number].name)}.release"
        found[release] += float(on_chain[number] * at_once.mean()) * QUARTER_S / whole_s
        waited = float(on_chain[number] * (outcome.begins[:, number] > outcome.ready[:, number] + 1.0).mean())
        found[f"batch.servers.{net.jobs[number].server}.jobs_at_once"] += waited
    for number, count in zip(*np.unique(deciding, return_counts=True), strict=True):
        deadline = f"{_entry(played.estate, net.jobs[int(number)].name)}.deadline"
        found[deadline] += float(count) / len(deciding) * QUARTER_S / whole_s
    return found


def _entry(estate: Estate, name: str) -> str:
    return f"{'jobs' if name in estate.records.jobs else 'backups'}.{name}"


def _add_job(played: Played, number: int, per_s: float, took_s: float, found: dict[str, float]) -> None:
    """Add what one job's time is made of; `per_s` is the share of the night that a second of it is."""
    estate, job = played.estate, played.layout.net.jobs[number]
    plays, made = played.plays, played.outcome.made[:, number]
    attempts: Floats = plays.runs[:, number, :]
    rows = np.arange(len(attempts))
    again_s = float((attempts.sum(axis=1) - attempts[rows, np.maximum(made, 1) - 1]).mean())
    paused_s = float((np.maximum(made - 1, 0) * plays.pauses[:, number]).mean())
    work_s = max(float(attempts.sum(axis=1).mean()) - again_s, 0.0)
    sent_s = max(took_s - work_s - again_s - paused_s, 0.0) if job.moves_bytes else 0.0
    stated = estate.records.jobs.get(job.name)
    _add_failing(stated, job.name, again_s * per_s, paused_s * per_s, found)
    if stated is not None:
        _add_work(played, stated, job.name, work_s * per_s, found)
    _add_sending(played, number, stated, sent_s * per_s, found)


def _add_work(played: Played, job: Job, name: str, share: float, found: dict[str, float]) -> None:
    """Add the work of a job: its stated time, its forms, how it varies, how busy the day was."""
    estate, batch = played.estate, described(played.estate)
    of_forms = 1 - job.takes_s / max(likely_s(estate.records, job), 1e-9)
    found[f"jobs.{name}.takes"] += share * (1 - of_forms)
    if of_forms > 0:
        found[f"jobs.{name}.per_form"] += share * of_forms
        found[f"form_runs.{job.forms}.rate"] += share * of_forms
    own = f"jobs.{name}.spread" if job.spread else "batch.spread"
    for path, spread in ((own, job.spread or batch.spread), ("batch.day_spread", batch.day_spread)):
        for key, part in _of_mean(spread):
            found[f"{path}.{key}"] += share * part
    if job.follows_day_load and played.layout.factor > 1:
        found[f"batch.busy_days.{_busy(played)}.factor"] += share


def _of_mean(spread: Spread) -> tuple[tuple[str, float], ...]:
    """Return how much of the mean of a triangular spread follows each of its ends."""
    whole = spread.low + 1.0 + spread.high
    return ("low", spread.low / whole), ("high", spread.high / whole)


def _busy(played: Played) -> str:
    """Return the reason that the day was as busy as it was."""
    batch, date = described(played.estate), played.layout.date
    number = business_days(played.estate.records).number(date) or (0, 0)
    return next(
        id_
        for id_, busy in batch.busy_days.items()
        if busy.factor == played.layout.factor
        and (busy.weekday == WEEKDAYS[date.weekday()] or busy.business_day in number)
    )


def _add_failing(job: Job | None, name: str, again: float, paused: float, found: dict[str, float]) -> None:
    """Add what failed attempts cost: work done again, and the time until someone has reacted."""
    own = job is not None and job.fails is not None
    found[f"jobs.{name}.fails" if own else "batch.fails"] += again + paused
    found["batch.on_failure"] += paused


def _add_sending(played: Played, number: int, job: Job | None, share: float, found: dict[str, float]) -> None:
    """Add what a job sends: its bytes, and its lines by how slow each is beside the slowest."""
    estate, net, plan = played.estate, played.layout.net, played.layout.lines
    name, route = net.jobs[number].name, net.jobs[number].route
    if share <= 0:
        return
    if job is None:
        found[f"backups.{name}.size"] += share
    elif job.moves_bytes:
        found[f"jobs.{name}.moves"] += share
    if job is not None and job.forms and job.sends_to == "printing-site":
        found[f"form_runs.{job.forms}.rate"] += share
        found[f"form_runs.{job.forms}.size_kb"] += share
    capacities = dict(zip(plan.links.names, plan.capacities_bps[0], strict=True))
    slowest = min((capacities[link] for link in route), default=0.0)
    for link in route:
        for path in _stated(estate, link):
            found[path] += share * slowest / max(capacities[link], 1.0)


def _stated(estate: Estate, link: str) -> tuple[str, ...]:
    """Return where a link's rate is stated."""
    if link in estate.records.circuits:
        return (rates(estate, [link])[link],)
    if link == PRINTING:
        return ("batch.printing.rate",)
    batch = described(estate)
    found = [f"batch.servers.{id_}.disk" for id_ in batch.servers if disk(id_) == link]
    return (*found, *(f"batch.stores.{id_}" for id_ in batch.stores if store(id_) == link))
