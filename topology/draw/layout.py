"""The layout of a network's drawing, derived from the estate: as slide 20 has it, whatever the estate."""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate
from topology.draw.arrange import Row, arrange
from topology.draw.corridor import FAN, Corridor
from topology.draw.interior import Contents, Interior
from topology.draw.shapes import Box, LanShape, Layout, LineShape, RouterShape, Side, SiteShape
from topology.draw.words import Language
from topology.model import Network

MARGIN = 22.0
TOP = 76.0
ROW_GAP = 20.0
CAMPUS_GAP = 108.0
STACK_GAP = 20.0


def lay_out(network: Network, estate: Estate, language: Language) -> Layout:
    """Return where everything of a network stands; equal input gives equal places."""
    return _Planner(network, estate, language).layout()


class _Planner:
    """Holds the shapes placed so far."""

    def __init__(self, network: Network, estate: Estate, language: Language) -> None:
        self.estate, self.network = estate, network
        self.arrangement = arrange(estate)
        self.interior = Interior(network, estate, language)
        self.corridor = Corridor(network, estate, self.arrangement)
        self.contents = {site: self.interior.contents(site) for site in estate.records.sites}
        self.sites: dict[str, SiteShape] = {}
        self.routers: dict[str, RouterShape] = {}
        self.lans: list[LanShape] = []
        self.lines: list[LineShape] = []

    def layout(self) -> Layout:
        """Place rows, then the centre beside them, then the lines between."""
        centre = self.contents[self.arrangement.centre]
        rows = self.arrangement.rows
        heights = [self._row_height(row) for row in rows]
        needed = sum(heights) + ROW_GAP * max(0, len(rows) - 1)
        stretch = max(0.0, centre.height - needed) / max(1, len(rows))
        left = MARGIN + centre.width
        column = left + self.corridor.width
        right = max((column + self._row_width(row) for row in rows), default=column)
        y = TOP
        boxes: dict[str, Box] = {}
        for row, height in zip(rows, heights, strict=True):
            boxes[row.site] = self._place_row(row, column, y, height + stretch, right)
            y += height + stretch + ROW_GAP
        bottom = y - ROW_GAP if rows else TOP + centre.height
        self._place(centre, Box(MARGIN, TOP, centre.width, bottom - TOP), "right")
        for site, box in boxes.items():
            self.corridor.place_row(site, box, self.routers, left + FAN, column - FAN)
        self.corridor.place_rest(left + FAN, column - FAN)
        self.routers = {id_: self._untangled(router) for id_, router in self.routers.items()}
        frames = [shape.box for shape in self.sites.values()]
        return Layout(
            width=max(box.right for box in frames) + MARGIN,
            height=bottom,
            sites=tuple(self.sites.values()),
            routers=self.routers,
            lans=tuple(self.lans),
            lines=(*self.corridor.lines.values(), *self.lines),
            clouds=tuple(self.corridor.clouds.values()),
            pipes=tuple(self.corridor.pipes),
        )

    def _untangled(self, router: RouterShape) -> RouterShape:
        """Return a router whose ports to circuits stand in the order in which the circuits arrive."""
        arrives: dict[str, float] = {}
        for port in router.ports:
            node, _, name = port.key.partition("/")
            found = [one for one in self.network.interfaces_of(node) if one.name == name]
            line = self.corridor.lines.get(found[0].segment) if found else None
            if line is not None:
                ends = ((line.x1, line.y1), (line.x2, line.y2))
                arrives[port.key] = min(ends, key=lambda end: abs(end[0] - port.x) + abs(end[1] - port.y))[1]
        free = [port.y for port in router.ports if port.key in arrives]
        moved = dict(zip(sorted(arrives, key=lambda key: arrives[key]), free, strict=True))
        ports = tuple(dataclasses.replace(port, y=moved.get(port.key, port.y)) for port in router.ports)
        return dataclasses.replace(router, ports=ports)

    def _row_height(self, row: Row) -> float:
        beyond = [self.contents[site].height for site in row.beyond]
        stacked = sum(beyond) + STACK_GAP * max(0, len(beyond) - 1)
        return max(self.contents[row.site].height, stacked, self.corridor.need(row.site))

    def _row_width(self, row: Row) -> float:
        beyond = [CAMPUS_GAP + self.contents[site].width for site in row.beyond]
        return self.contents[row.site].width + max(beyond, default=0.0)

    def _place_row(self, row: Row, x: float, y: float, height: float, right: float) -> Box:
        """Place a row's site and, beyond it, the sites on its campus links with the links between.

        Rows end together at `right`; the site's own frame is returned.
        """
        width = self.contents[row.site].width if row.beyond else right - x
        head = self._place(self.contents[row.site], Box(x, y, width, height), "left")
        x = head.box.right + CAMPUS_GAP
        total = sum(self.contents[site].height for site in row.beyond)
        extra = (height - total - STACK_GAP * max(0, len(row.beyond) - 1)) / max(1, len(row.beyond))
        for site in row.beyond:
            tall = self.contents[site].height + extra
            shape = self._place(self.contents[site], Box(x, y, right - x, tall), "left")
            for id_, circuit in self.estate.records.circuits.items():
                if circuit.service == "campus-link" and site in circuit.ends.both and id_ not in self._drawn():
                    middle = shape.box.middle
                    self.lines.append(LineShape(id_, head.box.right, middle, shape.box.x, middle, CAMPUS_GAP - 8))
            y += tall + STACK_GAP
        return head.box

    def _drawn(self) -> set[str]:
        return {line.circuit for line in self.lines}

    def _place(self, contents: Contents, frame: Box, facing: Side) -> SiteShape:
        shape, routers, lans = self.interior.place(contents, frame, facing)
        self.sites[contents.site] = shape
        self.routers.update({router.node: router for router in routers})
        self.lans += lans
        return shape
