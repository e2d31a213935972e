"""The application map of the design, sheets for each city: functions, services, machines, data stores, hosts.

A city whose map would come out in too small a type is spread over several sheets, zone by zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import networkx as nx

from inventory.models.design import DesignedInstance, DesignedService
from inventory.models.estate import Estate
from topology.draw import plate
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.ink import wrap
from topology.draw.words import Language, word

LIST_WIDE, LIST_SIZE, MOST_LINES = 280.0, 10.0, 30


def design_maps(estate: Estate, language: Language) -> tuple[Diagram, ...]:
    """Return sheets for each city with an instance of a designed service, and for what all share."""
    services = estate.records.designed_services.values()
    owners = {one.city for service in services for one in service.instances.values()}
    cities = [city for city in estate.records.cities if city in owners]
    wanted = [*cities, *([None] if None in owners else [])]
    return tuple(sheet for city in wanted for sheet in _of_city(estate, language, city))


def _of_city(estate: Estate, language: Language, city: str | None) -> Iterator[Diagram]:
    """Yield the sheets of a city: one where its type is large enough, else as many as it takes."""
    zones = [list(clusters) for clusters in _clusters(estate, city)]
    whole = _sheet(estate, language, city, [id_ for clusters in zones for one in clusters for id_ in one])
    if plate.legible(whole):
        yield whole
        return
    sheets: list[list[str]] = []
    for clusters in zones:
        merged = [id_ for one in clusters for id_ in one]
        parts = [merged] if plate.legible(_sheet(estate, language, city, merged)) else clusters
        for part in parts:
            if sheets and plate.legible(_sheet(estate, language, city, [*sheets[-1], *part])):
                sheets[-1] += part
            else:
                sheets.append(list(part))
    for number, services in enumerate(sheets, 1):
        yield _sheet(estate, language, city, services, number)


def _clusters(estate: Estate, city: str | None) -> Iterator[Iterable[list[str]]]:
    """Yield for each zone its designed services in this city, those together that share machines."""
    services = estate.records.designed_services
    for zone in estate.records.zones:
        graph: nx.Graph[str] = nx.Graph()
        for id_, service in services.items():
            for instance in _instances(service, city):
                if instance.zone == zone:
                    graph.add_edges_from((f"service {id_}", f"machine {name}") for name in _machines(instance))
        own = [nx.node_connected_component(graph, node) for node in graph if node.startswith("service ")]
        found = ([id_ for id_ in services if f"service {id_}" in nodes] for nodes in own)
        clusters = dict.fromkeys(map(tuple, found))
        if clusters:
            yield map(list, clusters)


def _instances(service: DesignedService, city: str | None) -> list[DesignedInstance]:
    return [one for one in service.instances.values() if one.city == city]


def _machines(instance: DesignedInstance) -> list[str]:
    return [*instance.runs_on, *(name for store in instance.stores.values() for name in store.runs_on)]


def _sheet(
    estate: Estate, language: Language, city: str | None, services: Iterable[str], number: int | None = None
) -> Diagram:
    """Return the sheet of these services; `number` is its place where the city has several."""
    return _Sheet(estate, language, city, services).diagram(number)


class _Sheet:
    """Collects the boxes and lines of services of one city, or of what no city has to itself."""

    def __init__(self, estate: Estate, language: Language, city: str | None, services: Iterable[str]) -> None:
        self.records, self.language, self.city = estate.records, language, city
        self.boxes: dict[str, Box] = {}
        self.stores: dict[str, list[tuple[str, str]]] = {}
        self.lines: list[Line] = []
        for id_ in services:
            for instance in _instances(self.records.designed_services[id_], city):
                self._service(id_, self.records.designed_services[id_], instance)

    def diagram(self, number: int | None) -> Diagram:
        """Return the sheet; machines stand in the frame of their zone."""
        records, language = self.records, self.language
        boxes = [*self.boxes.values(), *self._stores()]
        zones = dict.fromkeys(str(box.frame) for box in boxes if box.frame)
        frames = tuple(Frame(zone, records.zones[zone].label(language), f"zones.{zone}") for zone in zones)
        city = records.cities.get(self.city or "")
        ja, en = (city.name_ja, city.name) if city else ("共用", "shared")
        title, other = titles(
            f"業務・サービス・サーバ対応図({ja}{f' その{number}' if number else ''}、設計のみ)",
            f"Application map ({en}{f', part {number}' if number else ''}, design only)",
            language,
        )
        name = f"application-map-{self.city or 'shared'}" + (f"-{number}" if number else "")
        return Diagram(
            name, title, other, records.estate.label(language), language, tuple(boxes),
            tuple(dict.fromkeys(self.lines)), frames, (word("design-note", language),), stacked=True, fanned=True,
        )  # fmt: skip

    def _service(self, id_: str, service: DesignedService, instance: DesignedInstance) -> None:
        key = f"service:{id_}"
        if box := self._functions(id_, service):
            self.boxes[box.id] = box
            self.lines.append(Line(box.id, key))
        ports = ", ".join(service.ports)
        self.boxes[key] = Box(
            key, "service", service.label(self.language), (ports,), f"designed_services.{id_}", instance.zone
        )
        machines = self._group(instance.runs_on, instance.mode, instance.zone)
        self.lines.append(Line(key, machines))
        for name, store in instance.stores.items():
            placed = self._group(store.runs_on, store.mode, instance.zone)
            self.lines += [Line(machines, placed)] if placed != machines else []
            size = f"{store.size_bytes / 1e9:g} GB  {service.stores[name].port}"
            self.stores.setdefault(placed, []).append((service.stores[name].label(self.language), size))
            self.lines.append(Line(placed, f"stores:{placed}"))

    def _functions(self, id_: str, service: DesignedService) -> Box | None:
        """Return the box of a service's functions; none where all functions of its group are other services'."""
        if not service.functions and any(one.group == service.group for one in self.records.functions.values()):
            return None
        group = self.records.system_groups[service.group]
        names = [self.records.functions[name].label(self.language) for name in service.functions]
        about = wrap(word("comma", self.language).join(names), LIST_WIDE, LIST_SIZE, MOST_LINES) if names else []
        return Box(
            f"functions:{id_}", "function", group.label(self.language), tuple(about), f"system_groups.{service.group}",
            left=True,
        )  # fmt: skip

    def _stores(self) -> Iterator[Box]:
        """Yield a box for the data stores of each group of machines."""
        for placed, stores in self.stores.items():
            alone = len(stores) == 1
            name = stores[0][0] if alone else word("stores", self.language)
            lines = (stores[0][1],) if alone else tuple(f"{label}  {size}" for label, size in stores)
            yield Box(f"stores:{placed}", "store", name, lines, None, self.boxes[placed].frame, left=not alone)

    def _group(self, names: tuple[str, ...], mode: str, zone: str) -> str:
        """Return the box of machines that stand in for each other, with their size and hosts."""
        key = f"machines:{names[0]}"
        self.boxes.setdefault(key, Box(key, "server", self._title(names), tuple(self._about(names, mode)),
                                       f"virtual_machines.{names[0]}", zone))  # fmt: skip
        return key

    def _title(self, names: tuple[str, ...]) -> str:
        label = self.records.virtual_machines[names[0]].label(self.language)
        return f"{label.rstrip('0123456789').rstrip()} ×{len(names)}" if len(names) > 1 else label

    def _about(self, names: tuple[str, ...], mode: str) -> Iterator[str]:
        machines = [self.records.virtual_machines[name] for name in names]
        size = self.records.machine_sizes[machines[0].size]
        yield f"{word(f'mode-{mode}', self.language)}  {size.cpus} vCPU  {size.memory_bytes / 2**30:g} GiB"
        yield ", ".join(machine.host for machine in machines)
