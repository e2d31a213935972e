"""The corridor between the data centre and the sites: circuits as lines, logical lines as pipes, carriers as clouds."""

from __future__ import annotations

import dataclasses
from statistics import fmean

from inventory.models.estate import Estate
from topology.draw.arrange import Arrangement
from topology.draw.shapes import Box, CloudShape, LineShape, PipeShape, RouterShape
from topology.model import Network

FAN = 62.0
PART = 176.0
CLOUD_WIDTH = 144.0
CLOUD_HEIGHT = 92.0
CORRIDOR = 2 * FAN + 2 * PART + CLOUD_WIDTH
LINE_STEP = 54.0
PIPE_HEAD = 30.0
PIPE_FOOT = 8.0
SINGLE = 62.0
ACCESS = CLOUD_HEIGHT + 58.0
GAP = 16.0
ACROSS, TRACK, LEVEL = 208.0, 22.0, 26.0
"""Room for the text of a line between two rows, from one such line to the next, and for its lower end."""
ELBOW = 26.0


@dataclasses.dataclass(frozen=True)
class Item:
    """Something that takes a strip of a row: a logical line with its circuits, a circuit or its end, an access line."""

    circuits: tuple[str, ...]
    group: str | None
    access: bool
    lower: bool = False

    @property
    def height(self) -> float:
        """The height of the strip; at the lower end of a line between two rows no text stands."""
        if self.lower:
            return LEVEL
        if self.group:
            return PIPE_HEAD + LINE_STEP * len(self.circuits) + PIPE_FOOT
        return ACCESS if self.access else SINGLE


class Corridor:
    """Sorts circuits into rows and gives them their lines."""

    def __init__(self, network: Network, estate: Estate, arrangement: Arrangement) -> None:
        self.network = network
        self.records = estate.records
        self.centre = arrangement.centre
        self.heads = [row.site for row in arrangement.rows]
        self.lines: dict[str, LineShape] = {}
        self.pipes: list[PipeShape] = []
        self.clouds: dict[str, CloudShape] = {}
        self.across = self._across()
        self.levels: dict[tuple[str, str], float] = {}

    @property
    def width(self) -> float:
        """The width of the corridor: more where lines between two rows run down it."""
        return CORRIDOR + (2 * TRACK if self.across else 0.0)

    def _across(self) -> list[str]:
        """Return the circuits between two rows, those first that reach over more rows: they run outside the others."""

        def reach(id_: str) -> int:
            upper, lower = self._rows(id_)
            return self.heads.index(upper) - self.heads.index(lower)

        return sorted((id_ for id_ in self.records.circuits if self._kind(id_) == "across"), key=reach)

    def _rows(self, id_: str) -> tuple[str, str]:
        """Return the upper and the lower site of a circuit between two rows."""
        one, other = sorted(self.records.circuits[id_].ends.both, key=self.heads.index)
        return one, other

    def items(self, site: str) -> list[Item]:
        """Return the strips of a row: the circuits between its site and the centre or a carrier network."""
        own = [
            id_
            for id_, circuit in self.records.circuits.items()
            if site in circuit.ends.both and self._kind(id_) in {"wide", "access"}
        ]
        items: list[Item] = []
        for group_id, group in self.records.circuit_groups.items():
            members = tuple(m.circuit for m in group.members if m.circuit in own)
            if group.kind == "logical-line" and len(members) == len(group.members):
                items.append(Item(members, group_id, access=False))
        taken = {circuit for item in items for circuit in item.circuits}
        items += [Item((id_,), None, self._kind(id_) == "access") for id_ in own if id_ not in taken]
        crossing = [id_ for id_ in self.across if site in self._rows(id_)]
        return items + [Item((id_,), None, access=False, lower=self._rows(id_)[1] == site) for id_ in crossing]

    def need(self, site: str) -> float:
        """Return the height that the strips of a row take (px)."""
        heights = [item.height for item in self.items(site)]
        return sum(heights) + GAP * max(0, len(heights) - 1)

    def place_row(self, site: str, box: Box, routers: dict[str, RouterShape], left: float, right: float) -> None:
        """Give the circuits of a row their lines between the terminals at `left` and `right`, near their ports."""
        items = sorted(
            self.items(site), key=lambda item: (self._level(item), self._wish(item, site, routers), item.circuits)
        )
        items = self._nested(items)
        top = box.middle - self.need(site) / 2
        for item in items:
            if item.circuits[0] in self.across:
                self.levels[item.circuits[0], site] = top + item.height / 2
            else:
                self._place(item, top, left, right)
            top += item.height + GAP

    def place_rest(self, left: float, right: float) -> None:
        """Give the centre's access lines and the circuits between two sites of the right side their lines."""
        for network_id, cloud in list(self.clouds.items()):
            own = [id_ for id_, c in self.records.circuits.items() if set(c.ends.both) == {self.centre, network_id}]
            for index, id_ in enumerate(own):
                y = cloud.box.middle + 30 * (index - (len(own) - 1) / 2)
                self.lines[id_] = LineShape(id_, left, y, cloud.box.x + 6, y, PART)
        for index, id_ in enumerate(self.across):
            upper, lower = (self.levels[id_, site] for site in self._rows(id_))
            track = right - ACROSS - TRACK * (len(self.across) - 1 - index)
            self.lines[id_] = LineShape(id_, right, upper, right, lower, right - track, track=track)
        if self.across:
            until = right - ACROSS - TRACK * len(self.across)
            for id_, line in self.lines.items():
                if self._kind(id_) == "wide":
                    middle = (line.x1 + until) / 2
                    self.lines[id_] = dataclasses.replace(line, label_x=middle, label_width=until - line.x1)

    def _nested(self, items: list[Item]) -> list[Item]:
        """Return a row's strips so that lines between rows keep apart: what is outside begins higher and ends lower."""
        for lower in (False, True):
            at = [index for index, one in enumerate(items) if one.circuits[0] in self.across and one.lower == lower]
            inner = sorted((items[index] for index in at), key=lambda one: self.across.index(one.circuits[0]))
            for index, one in zip(at, reversed(inner) if lower else inner, strict=True):
                items[index] = one
        return items

    def _level(self, item: Item) -> int:
        """Return what stands above what: where lines between rows end on top, where they begin at the foot.

        So they cross no line that comes from the centre to one of their own two rows.
        """
        if item.circuits[0] not in self.across:
            return 1
        return 0 if item.lower else 2

    def _place(self, item: Item, top: float, left: float, right: float) -> None:
        if item.group:
            self.pipes.append(PipeShape(item.group, Box(left + 8, top, right - left - 16, item.height)))
            for index, id_ in enumerate(item.circuits):
                y = top + PIPE_HEAD + LINE_STEP * (index + 0.5)
                self.lines[id_] = LineShape(id_, left, y, right, y, right - left - 60)
        elif item.access:
            (id_,) = item.circuits
            network_id = next(
                end for end in self.records.circuits[id_].ends.both if end in self.records.carrier_networks
            )
            y = top + CLOUD_HEIGHT / 2
            middle = (left + right - CLOUD_WIDTH) / 2
            cloud = self.clouds.setdefault(
                network_id, CloudShape(network_id, Box(middle, top, CLOUD_WIDTH, CLOUD_HEIGHT))
            )
            edge = (cloud.box.right - 6, cloud.box.middle)
            if y == cloud.box.middle:
                self.lines[id_] = LineShape(id_, *edge, right, y, PART)
            else:
                self.lines[id_] = LineShape(id_, edge[0] + ELBOW, y, right, y, PART - ELBOW, leaves=edge)
        else:
            (id_,) = item.circuits
            y = top + SINGLE / 2
            self.lines[id_] = LineShape(id_, left, y, right, y, right - left - 60)

    def _kind(self, circuit_id: str) -> str:
        """Return `wide` (to the centre), `access` (from site to carrier), `across` (between two sites) or `other`."""
        circuit = self.records.circuits[circuit_id]
        ends = set(circuit.ends.both)
        heads = ends & set(self.heads)
        if circuit.service == "campus-link" and self.centre not in ends:
            return "other"
        if heads and self.centre in ends:
            return "wide"
        if heads and ends & set(self.records.carrier_networks):
            return "access"
        return "across" if len(heads) == 2 else "other"

    def _wish(self, item: Item, site: str, routers: dict[str, RouterShape]) -> float:
        """Return the height at which the site's ports on an item's circuits stand, on average."""
        heights = [
            port.y
            for circuit in item.circuits
            for member in self.network.members(circuit)
            if self.network.nodes[member.node].site == site
            for port in routers[member.node].ports
            if port.key == member.key
        ]
        return fmean(heights) if heights else 0.0
