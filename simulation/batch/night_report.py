"""A night that was played, as plain data: jobs, nets, emergency copies, how busy servers and lines were, bin by bin.

Times are seconds after noon. A spread is the median with the bounds within which 95 % of nights lie; a chance has the
bounds of its own interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.batch.chains import shares_on_chain
from simulation.batch.layout import described
from simulation.batch.lines import link_name
from simulation.batch.played import Played
from simulation.batch.tables import BIN_S, HORIZON_S
from simulation.heap import Floats
from simulation.shares import of_share


def night_report(played: Played, label: str, names: tuple[str, str], like: int) -> dict[str, Any]:
    """Return all that is said of a night; `like` nights of the year are of its kind."""
    estate, layout = played.estate, played.layout
    cities = _cities(played)
    chains = {
        city: shares_on_chain(layout.net, played.outcome, played.plays.releases, played.tightest(city))
        for city in cities
    }
    return {
        "label": label,
        "name": names[0],
        "name_ja": names[1],
        "date": layout.date.isoformat(),
        "like": like,
        "factor": layout.factor,
        "counters_open": layout.opens,
        "work_h": round(played.work_h(), 3),
        "nets": [_net(played, city, chains[city]) for city in cities],
        "jobs": [_job(played, number, chains) for number in range(len(layout.net.jobs))],
        "copies": [_copy(played, id_) for id_, job in estate.records.jobs.items() if job.fills],
        "servers": _servers(played),
        "lines": _lines(played),
    }


def nets_of(played: Played) -> list[dict[str, Any]]:
    """Return how each city's net ends, without what decides it."""
    none = np.zeros(len(played.layout.net.jobs))
    return [_net(played, city, none) for city in _cities(played)]


def _cities(played: Played) -> list[str]:
    """Return the cities that have a job tonight."""
    return [city for city in played.estate.records.cities if len(played.jobs_of(city))]


def spread(values: Floats) -> dict[str, float]:
    """Return median and the bounds within which 95 % of values lie, to a tenth of a second."""
    low, median, high = np.quantile(values, (0.025, 0.5, 0.975), method="inverted_cdf")
    return {"median": round(float(median), 1), "low": round(float(low), 1), "high": round(float(high), 1)}


def chance(flags: Any) -> dict[str, float]:
    """Return the chance of a flag of each night, counted, with its interval."""
    share, low, high = of_share(int(flags.sum()), len(flags))
    return {"value": round(share, 6), "low": round(low, 6), "high": round(high, 6)}


def _net(played: Played, city: str, on_chain: Floats) -> dict[str, Any]:
    opens_s = described(played.estate).opens_in_night_s
    end_s, chosen = played.net_end_s(city), played.jobs_of(city)
    order = sorted(range(len(on_chain)), key=lambda number: (-on_chain[number], number))
    tight = np.bincount(played.tightest(city), minlength=len(on_chain))
    return {
        "city": city,
        "end_s": spread(end_s),
        "slack_s": spread(opens_s - end_s),
        "least_deadline_slack_s": spread(played.least_slack_s(city)),
        "tightest": played.layout.net.jobs[int(np.argmax(tight))].name,
        "missed": chance(end_s > opens_s),
        "late": chance(played.late[:, chosen].any(axis=1)),
        "critical": [
            {"job": played.layout.net.jobs[number].name, "share": round(float(on_chain[number]), 6)}
            for number in order
            if on_chain[number] > 0
        ],
    }


def _job(played: Played, number: int, chains: dict[str, Floats]) -> dict[str, Any]:
    job, outcome = played.layout.net.jobs[number], played.outcome
    kind, record = _record(played.estate, job.name)
    ends_s = played.ends_s[:, number]
    begins = outcome.begins[:, number]
    city = record.city if kind == "job" else played.estate.records.devices[record.of].city
    return {
        "id": job.name,
        "kind": kind,
        "name": record.name,
        "name_ja": record.name_ja,
        "city": city,
        "server": record.runs_on if kind == "job" else record.of,
        "after": list(job.after),
        "release_s": job.release_s,
        "deadline_s": job.deadline_s,
        "begin_s": spread(np.where(np.isnan(begins), HORIZON_S, begins)),
        "end_s": spread(ends_s),
        "slack_s": spread(job.deadline_s - ends_s),
        "late": chance(played.late[:, number]),
        "never": chance(np.isnan(outcome.ends[:, number]) & ~outcome.skipped[:, number]),
        "attempts": round(float(outcome.made[:, number].mean()), 4),
        "broken": round(float(outcome.broken[:, number].mean()), 4),
        "critical": round(float(max((chain[number] for chain in chains.values()), default=0.0)), 6),
    }


def _record(estate: Estate, name: str) -> tuple[str, Any]:
    """Return whether it is a job or a backup, and its record."""
    records = estate.records
    return ("job", records.jobs[name]) if name in records.jobs else ("backup", records.backups[name])


def _copy(played: Played, name: str) -> dict[str, Any]:
    job = played.estate.records.jobs[name]
    opens_s = described(played.estate).opens_in_night_s
    number = played.layout.net.number.get(name)
    arrived = np.zeros(len(played.ends_s), np.bool_) if number is None else played.outcome.ends[:, number] <= opens_s
    return {
        "job": name,
        "counter": job.fills,
        "city": job.city,
        "runs": number is not None,
        "arrived": chance(np.asarray(arrived, dtype=np.bool_)),
        "age_s": spread(played.copy_age_s(name)),
        "mean_age_s": round(float(played.copy_age_s(name).mean()), 1),
    }


def _servers(played: Played) -> list[dict[str, Any]]:
    net, nights = played.layout.net, len(played.ends_s)
    servers = described(played.estate).servers
    return [
        {
            "id": name,
            "name": played.estate.records.devices[name].name,
            "name_ja": played.estate.records.devices[name].name_ja,
            "places": places,
            "used": _bins(row / (nights * BIN_S * places)),
        }
        for (name, places), row in zip(net.places.items(), played.outcome.busy, strict=True)
        if name in servers and row.any()
    ]


def _lines(played: Played) -> list[dict[str, Any]]:
    """Return the lines that carry something, with the share of their capacity at the start of the night."""
    plan, nights = played.layout.lines, len(played.ends_s)
    return [
        {
            "id": name,
            "name": link_name(played.estate, name, "en"),
            "name_ja": link_name(played.estate, name, "ja"),
            "capacity_bps": round(max(row[place] for row in plan.capacities_bps), 1),
            "carried_bytes": round(float(carried.sum()) / nights / 8),
            "used": _bins(carried / (nights * BIN_S * max(1.0, *(row[place] for row in plan.capacities_bps)))),
        }
        for place, (name, carried) in enumerate(zip(plan.links.names, played.outcome.carried, strict=True))
        if carried.any()
    ]


def _bins(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in values]
