"""What systems hand to each other (連携インタフェース), sheets of the data flows: within the zones, and out of them.

A number is that of the interface's row in the list of interfaces. What goes to many is no line: its number stands in
the boxes that hand it out and take it.
"""

from __future__ import annotations

from inventory.models.data_interfaces import DataInterface
from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.listing import Listing, Row
from topology.draw.words import Language, word
from topology.model import Network

CROSSING = "#b3261e"
MANY = 3
"""An interface with at least so many destinations is told by its number in their boxes."""

OUTSIDE = "outside"

LISTED = {False: ("number", "content", "how-often"), True: ("number", "content", "way", "how-often", "passage")}
"""The columns of the list on a sheet of what stays in its zone, and of what leaves it."""


def exchange_sheets(estate: Estate, _network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return for each city a sheet of what stays in its zone, and one of what leaves it; none without an interface."""
    sheets = (_Sheet(estate, language, city, out) for city in estate.records.cities for out in (False, True))
    return tuple(sheet.diagram() for sheet in sheets if sheet.interfaces)


def frequency(one: DataInterface, language: Language) -> str:
    """Return how often an interface is used, in words."""
    return word(f"every-{one.frequency}", language)


def way(one: DataInterface, language: Language) -> str:
    """Return the medium of an interface, with its port where it has one."""
    return " ".join(filter(None, (word(f"medium-{one.medium}", language), one.port)))


class _Sheet:
    """The systems of one city and what they hand over: within the zones, or `out` of them."""

    def __init__(self, estate: Estate, language: Language, city: str, out: bool) -> None:
        self.records, self.language, self.city, self.out = estate.records, language, city, out
        self.interfaces = {
            number: (id_, one)
            for number, (id_, one) in enumerate(estate.records.data_interfaces.items(), 1)
            if one.city in {None, city} and bool(one.crossing) == out
        }

    def diagram(self) -> Diagram:
        """Return the sheet: a box for each system in the frame of its zone, a line for each interface, the list."""
        language, city = self.language, self.records.cities[self.city]
        ends = dict.fromkeys(end for _, one in self.interfaces.values() for end in (one.source, *one.destinations))
        boxes = tuple(self._box(end) for end in ends)
        frames = tuple(
            Frame(id_, self._frame_label(id_)) for id_ in dict.fromkeys(box.frame for box in boxes if box.frame)
        )
        kind = ("系外・外部連携", "interfaces out of the zones") if self.out else ("業務間連携", "interfaces")
        title, other = titles(
            f"データフロー図({city.name_ja} {kind[0]})", f"Data flows ({city.name}: {kind[1]})", language
        )
        name = f"data-flow-{self.city}-interfaces{'-out' if self.out else ''}"
        return Diagram(
            name, title, other, self.records.estate.label(language), language, boxes, self._lines(), frames,
            (word("exchange-note", language),), turns=True, lists=(self._list(),),
        )  # fmt: skip

    def _box(self, end: str) -> Box:
        records, language = self.records, self.language
        lines = tuple(self._marks(end))
        if end in records.outside_systems:
            system = records.outside_systems[end]
            return Box(end, "cloud", system.label(language), lines, f"outside_systems.{end}", OUTSIDE)
        if end in records.emergency_counters:
            counter = records.emergency_counters[end]
            return Box(end, "server", counter.label(language), lines, f"emergency_counters.{end}", counter.site)
        if end in records.system_groups:
            label = records.system_groups[end].label(language)
            return Box(end, "function", label, lines, f"system_groups.{end}")
        if end in records.services:
            realised = records.services[end]
            own = realised.instances.get(self.city)
            used = (word("from-terminals", language, ports=f"tcp/{realised.port}"),) if own else ()
            frame = f"zone:{records.segments[own.users].zone}" if own else None
            return Box(end, "service", realised.label(language), (*used, *lines), f"services.{end}", frame)
        service = records.designed_services[end]
        instance = next((one for one in service.instances.values() if one.city in {None, self.city}), None)
        users = bool(instance and instance.users)
        used = (word("from-terminals", language, ports=", ".join(service.ports)),) if users else ()
        frame = f"zone:{instance.zone}" if instance else None
        return Box(end, "service", service.label(language), (*used, *lines), f"designed_services.{end}", frame)

    def _marks(self, end: str) -> list[str]:
        """Return the numbers of the interfaces without lines that a system hands out, and of those that it takes."""
        many = {number: one for number, (_, one) in self.interfaces.items() if len(one.destinations) >= MANY}
        out = ", ".join(str(number) for number, one in many.items() if one.source == end)
        into = ", ".join(str(number) for number, one in many.items() if end in one.destinations)
        pairs = (("exchange-out", out), ("exchange-in", into))
        return [word(key, self.language, numbers=numbers) for key, numbers in pairs if numbers]

    def _lines(self) -> tuple[Line, ...]:
        """Return a line for each pair of systems and kind of way, with the numbers of what passes there."""
        found: dict[tuple[str, str, str, bool], list[str]] = {}
        for number, (_, one) in self.interfaces.items():
            for name in one.destinations if len(one.destinations) < MANY else ():
                colour = CROSSING if one.crossing else "#3d4a59"
                found.setdefault((one.source, name, colour, one.medium == "portable-medium"), []).append(str(number))
        return tuple(
            Line(a, z, ", ".join(numbers), colour, dashed=dashed) for (a, z, colour, dashed), numbers in found.items()
        )

    def _frame_label(self, frame: str) -> str:
        if frame == OUTSIDE:
            return word("outside", self.language)
        zone = frame.removeprefix("zone:")
        return (self.records.zones[zone] if zone != frame else self.records.sites[frame]).label(self.language)

    def _list(self) -> Listing:
        language = self.language
        keys = LISTED[self.out]
        rows = []
        for number, (id_, one) in self.interfaces.items():
            cells = {
                "number": str(number), "content": said(one, "content", language), "way": way(one, language),
                "how-often": frequency(one, language), "passage": _passage(self.records, one, language),
            }  # fmt: skip
            rows.append(Row(tuple(cells[key] for key in keys), f"data_interfaces.{id_}"))
        return Listing(word("interfaces", language), tuple(word(key, language) for key in keys), tuple(rows))


def _passage(records: EstateRecords, one: DataInterface, language: Language) -> str:
    """Return the designed flow by which an interface leaves its zone, else why it may leave, else nothing."""
    if one.flow:
        return records.designed_flows[one.flow].label(language)
    return said(one, "crossing", language) or ""
