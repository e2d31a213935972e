"""The application map of the design, a sheet for each city: functions, services, machines, data stores, hosts."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.design import DesignedInstance, DesignedService
from inventory.models.estate import Estate
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.ink import wrap
from topology.draw.words import Language, word

LIST_WIDE, LIST_SIZE = 230.0, 9.5


def design_maps(estate: Estate, language: Language) -> tuple[Diagram, ...]:
    """Return a sheet for each city with an instance of a designed service, and one for what all share."""
    services = estate.records.designed_services.values()
    owners = {one.city for service in services for one in service.instances.values()}
    cities = [city for city in estate.records.cities if city in owners]
    return tuple(_Sheet(estate, language, city).diagram() for city in [*cities, *([None] if None in owners else [])])


class _Sheet:
    """Collects the boxes and lines of one city, or of what no city has to itself."""

    def __init__(self, estate: Estate, language: Language, city: str | None) -> None:
        self.records, self.language, self.city = estate.records, language, city
        self.boxes: dict[str, Box] = {}
        self.lines: list[Line] = []
        for id_, service in self.records.designed_services.items():
            for instance in service.instances.values():
                if instance.city == city:
                    self._service(id_, service, instance)

    def diagram(self) -> Diagram:
        """Return the sheet; machines stand in the frame of their zone."""
        records, language = self.records, self.language
        zones = dict.fromkeys(str(box.frame) for box in self.boxes.values() if box.frame)
        frames = tuple(Frame(zone, records.zones[zone].label(language), f"zones.{zone}") for zone in zones)
        city = records.cities.get(self.city or "")
        title, other = titles(
            f"業務・サービス・サーバ対応図({city.name_ja if city else '共用'}、設計のみ)",
            f"Application map ({city.name if city else 'shared'}, design only)",
            language,
        )
        return Diagram(
            f"application-map-{self.city or 'shared'}", title, other, records.estate.label(language), language,
            tuple(self.boxes.values()), tuple(dict.fromkeys(self.lines)), frames, (word("design-note", language),),
        )  # fmt: skip

    def _service(self, id_: str, service: DesignedService, instance: DesignedInstance) -> None:
        group = self.records.system_groups[service.group]
        names = [self.records.functions[name].label(self.language) for name in service.functions]
        comma = "、" if self.language == "ja" else ", "
        about = tuple(wrap(comma.join(names), LIST_WIDE, LIST_SIZE, 8)) if names else ()
        box = Box(
            f"functions:{id_}", "function", group.label(self.language), about, f"system_groups.{service.group}",
            left=True,
        )  # fmt: skip
        self.boxes[box.id] = box
        ports = ", ".join(service.ports)
        self.boxes[f"service:{id_}"] = Box(
            f"service:{id_}", "service", service.label(self.language), (ports,), f"designed_services.{id_}",
            instance.zone,
        )  # fmt: skip
        self.lines.append(Line(f"functions:{id_}", f"service:{id_}"))
        machines = self._machines(instance.runs_on, instance.mode, instance.zone)
        self.lines.append(Line(f"service:{id_}", machines))
        for name, store in instance.stores.items():
            placed = self._machines(store.runs_on, store.mode, instance.zone)
            key = f"store:{id_}/{name}"
            size = f"{store.size_bytes / 1e9:g} GB  {service.stores[name].port}"
            label = service.stores[name].label(self.language)
            self.boxes[key] = Box(key, "store", label, (size,), None, instance.zone)
            self.lines += [Line(machines, placed)] if placed != machines else []
            self.lines.append(Line(placed, key))

    def _machines(self, names: tuple[str, ...], mode: str, zone: str) -> str:
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
