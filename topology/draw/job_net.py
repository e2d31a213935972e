"""The job nets (ジョブネット図): a sheet for each kind of night, with release, deadline and slack of every job."""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.nights import Night, clock, nights, slack_min, whole_minutes
from topology.draw.words import Language, word
from topology.model import Network


def job_nets(estate: Estate, _network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return the sheets, the ordinary night first; none where the estate has no jobs."""
    return tuple(_night(estate, language, night) for night in nights(estate.records))


def _night(estate: Estate, language: Language, night: Night) -> Diagram:
    records = estate.records
    ends = night.ends_s()
    boxes = []
    for id_, job in night.jobs.items():
        takes = word("minutes", language, count=whole_minutes(night.takes_s[id_]))
        times = f"{clock(job.release_in_night_s)}-{clock(job.deadline_in_night_s)}  {takes}"
        lines = (
            times,
            records.devices[job.runs_on].label(language),
            word("ends", language, end=clock(ends[id_]), slack=slack_min(job, ends[id_])),
        )
        kind = "job" if job.calendar == "nightly" else "extra-job"
        boxes.append(Box(id_, kind, job.label(language), lines, f"jobs.{id_}", job.city))  # type: ignore[arg-type]
    arrows = tuple(Line(name, id_) for id_ in night.jobs for name in night.before(id_))
    cities = dict.fromkeys(job.city for job in night.jobs.values())
    frames = tuple(Frame(city, records.cities[city].label(language)) for city in cities)
    japanese, english = _name(night, "ja"), _name(night, "en")
    title, other = titles(f"ジョブネット図({japanese})", f"Job net ({english})", language)
    return Diagram(
        f"job-net-{night.name}", title, other, records.estate.label(language), language, tuple(boxes), arrows, frames,
        (word("night-note", language),), stacked=True,
    )  # fmt: skip


def _name(night: Night, language: Language) -> str:
    if night.ordinary:
        return word("night-ordinary", language)
    if night.business_day is not None:
        of = "" if night.month is None else word("night-of-month", language, month=night.month)
        return of + word("night-business-day", language, day=night.business_day)
    if night.month is None:
        return word("night-monthly", language, day=night.day)
    return word("night-yearly", language, month=night.month, day=night.day)
