"""Data flows between systems (データフロー図): for each city users, services, databases, batch, backups, forms.

Where the estate lists interfaces, a second sheet a city shows them (`topology.draw.exchange`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from inventory.models.batch import Job
from inventory.models.estate import Estate
from inventory.volume import sent_bytes
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.exchange import exchange_sheets
from topology.draw.listing import Listing, Row
from topology.draw.words import Language, word
from topology.model import Network

BATCH, FORMS = "batch", "forms"
COPY = "#3f7d3a"


def data_flows(estate: Estate, network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return a sheet for each city that has a service, a job or a backup, then those of the interfaces."""
    cities = [city for city in estate.records.cities if _Sheet(estate, language, city).lines]
    sheets = tuple(_Sheet(estate, language, city).diagram() for city in cities)
    return (*sheets, *exchange_sheets(estate, network, language))


class _Sheet:
    """Collects the boxes and lines of one city."""

    def __init__(self, estate: Estate, language: Language, city: str) -> None:
        self.records, self.language, self.city = estate.records, language, city
        self.boxes: dict[str, Box] = {}
        self.lines: list[Line] = []
        self.lists: tuple[Listing, ...] = ()
        self._services()
        self._batch()
        self._backups()
        self._emergency()
        if self.lines:
            self._forms()

    def diagram(self) -> Diagram:
        """Return the sheet: every box in the frame of its site, of the batch or of the forms."""
        records, language = self.records, self.language
        label = {BATCH: word("batch", language), FORMS: word("forms", language)}
        frames = tuple(
            Frame(id_, label.get(id_) or records.sites[id_].label(language))
            for id_ in dict.fromkeys(box.frame for box in self.boxes.values() if box.frame)
        )
        city = records.cities[self.city]
        title, other = titles(f"データフロー図({city.name_ja})", f"Data flows ({city.name})", language)
        return Diagram(
            f"data-flow-{self.city}", title, other, records.estate.label(language), language,
            tuple(self.boxes.values()), tuple(self.lines), frames, (word("data-note", language),),
            stacked=True, lists=self.lists,
        )  # fmt: skip

    def _device(self, id_: str) -> str:
        device = self.records.devices[id_]
        kind = {"database": "store", "application": "server"}.get(device.role, "terminal")
        label = device.label(self.language)
        self.boxes.setdefault(id_, Box(id_, kind, label, (), f"devices.{id_}", device.site))  # type: ignore[arg-type]
        return id_

    def _services(self) -> None:
        for service in self.records.services.values():
            instance = service.instances.get(self.city)
            if instance is not None:
                users = self.records.segments[instance.users]
                label = users.label(self.language)
                site = self.records.sites[users.site].label(self.language)
                path = f"segments.{instance.users}"
                self.boxes[instance.users] = Box(instance.users, "terminal", label, (site,), path)
                name = f"{service.label(self.language)}\ntcp/{service.port}"
                self.lines.append(Line(instance.users, self._device(instance.application), name))
                reads = f"{service.label(self.language)}\n{word('reads', self.language)}"
                self.lines.append(Line(instance.application, self._device(instance.database), reads))

    def _batch(self) -> None:
        """Draw what one business system's jobs hand to another's, and what those machines are."""
        jobs = {id_: job for id_, job in self.records.jobs.items() if job.city == self.city}
        handed: dict[tuple[str, str], list[str]] = {}
        for job in jobs.values():
            for name in job.after:
                pair = (self.records.jobs[name].group, job.group)
                if pair[0] != pair[1]:
                    handed.setdefault(pair, []).append(self._job(job))
        for group in dict.fromkeys(group for pair in handed for group in pair):
            machines = dict.fromkeys(
                self.records.devices[job.runs_on].label(self.language) for job in jobs.values() if job.group == group
            )
            label = self.records.system_groups[group].label(self.language)
            path = f"system_groups.{group}"
            self.boxes[f"group:{group}"] = Box(f"group:{group}", "service", label, tuple(machines), path, BATCH)
        for (a, z), names in handed.items():
            self.lines.append(Line(f"group:{a}", f"group:{z}", "\n".join(dict.fromkeys(names))))

    def _job(self, job: Job) -> str:
        """Return a job's name without its city's, and how much it sends."""
        name = job.label(self.language)
        city = self.records.cities[self.city].label(self.language)
        name = name.removeprefix(f"{city} ").partition(": ")[2] or name.removeprefix(f"{city} ")
        sends = sent_bytes(self.records, job)
        return f"{name} {_size(sends)}" if sends else name

    def _backups(self) -> None:
        for id_, backup in self.records.backups.items():
            if self.records.devices[backup.of].city == self.city:
                kept = word("kept", self.language, count=backup.generations)
                box = Box(
                    f"backup:{id_}", "store", backup.label(self.language), (kept, _size(backup.size_bytes)),
                    f"backups.{id_}", backup.kept_at,
                )  # fmt: skip
                self.boxes[box.id] = box
                minutes = round(backup.at_s / 60)
                label = f"{minutes // 60:02d}:{minutes % 60:02d}"
                self.lines.append(Line(self._device(backup.of), box.id, label, COPY))

    def _emergency(self) -> None:
        for id_, counter in self.records.emergency_counters.items():
            if counter.city != self.city:
                continue
            box = Box(
                f"emergency:{id_}", "server", counter.label(self.language), (word("emergency-use", self.language),),
                f"emergency_counters.{id_}", counter.site,
            )  # fmt: skip
            self.boxes[box.id] = box
            databases = [
                self.records.services[name].instances[self.city].database
                for name in counter.replaces
                if self.city in self.records.services[name].instances
            ]
            for database in dict.fromkeys(databases):
                self.lines.append(Line(self._device(database), box.id, word("copy", self.language), COPY, dashed=True))

    def _forms(self) -> None:
        runs = tuple(self._form_runs())
        stages = sorted(self.records.form_stages.items(), key=lambda item: (item[1].order, item[0]))
        if not runs or not stages:
            return
        headings = tuple(word(key, self.language) for key in ("form-month", "form", "form-rate", "form-size"))
        self.lists = (Listing(word("forms", self.language), headings, runs),)
        for id_, stage in stages:
            path = f"form_stages.{id_}"
            self.boxes[f"stage:{id_}"] = Box(f"stage:{id_}", "place", stage.label(self.language), (), path, FORMS)
        self.lines += [Line(f"stage:{a}", f"stage:{z}") for (a, _), (z, _) in pairwise(stages)]

    def _form_runs(self) -> Iterator[Row]:
        for id_, run in self.records.form_runs.items():
            if run.city in {None, self.city}:
                month = word("month" if run.month else "month-none", self.language, month=run.month)
                rate = word(f"per-{run.per}", self.language, rate=run.rate)
                yield Row((month, run.label(self.language), rate, f"{run.size_kb:g} kB"), f"form_runs.{id_}")


def _size(size_bytes: float) -> str:
    """Return a size in the unit that suits it."""
    return f"{size_bytes / 1e9:.3g} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.3g} MB"
