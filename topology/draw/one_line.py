"""A site's power as a one-line drawing: sources on top, racks between the bars of their feeds.

Feed A's bar runs above the racks and feed B's below them, so that no line has to cross another. What goes on which
sheet is decided in `power_sheets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.models.estate import Estate
from topology.draw import ink
from topology.draw.diagram import FILLS, Kind
from topology.draw.graphviz import FRAME, GROUND
from topology.draw.power import SIDES
from topology.draw.words import Language

NAME, FIGURE = 11.0, 10.0
TALL, PAD, GAP = 38.0, 14.0, 20.0
HEAD, STEP, DROP, APART = 40.0, 12.0, 24.0, 14.0
"""The room for the site's name; between bars of one row; between a box and a bar; between drops to one rack."""
INK = "#3d4a59"
Point = tuple[float, float]


class OneLine:
    """The one-line drawing of a site with some of its racks, from its upper left corner at 0, 0 (points)."""

    def __init__(self, estate: Estate, language: Language, site: str, racks: Iterable[str]) -> None:
        """Place all boxes; `racks` are those to draw, by id."""
        self.estate, self.records, self.language, self.site = estate, estate.records, language, site
        self.racks = list(racks)
        self.sources = {id_: one for id_, one in self.records.power_sources.items() if one.site == site}
        feeds = [id_ for id_, one in self.records.power_feeds.items() if one.source in self.sources]
        feeds.sort(key=lambda id_: self.records.power_feeds[id_].side)
        sides = {self.records.power_feeds[id_].side for id_ in feeds}
        self.upper = [id_ for id_ in feeds if self.records.power_feeds[id_].side == min(sides)]
        self.lower = [id_ for id_ in feeds if id_ not in self.upper]
        self.boxes: dict[str, tuple[float, float, float]] = {}
        self.bars = self._bars()
        self.wide, self.tall = self._place()

    def _words(self, path: str) -> tuple[str, str, Kind]:
        """Return a box's name, its figure and its kind."""
        section, id_ = path.split(".", 1)
        record = getattr(self.records, section)[id_]
        name: str = record.label(self.language)
        if section == "racks":
            drawn_w = sum(item.power_w for item in self.records.hardware.values() if item.rack == id_)
            return name, f"{drawn_w:g} W", "rack"
        return name, f"{record.capacity_va / 1000:g} kVA", "feed" if section == "power_feeds" else record.kind

    def _broad(self, paths: Iterable[str]) -> float:
        words = [self._words(path) for path in paths]
        return (
            max((max(ink.text_width(a, NAME) * 1.08, ink.text_width(b, FIGURE)) for a, b, _ in words), default=0) + 20
        )

    def _depth(self, source: str) -> int:
        above = [name for name in self.sources[source].fed_by if name in self.sources]
        return 1 + max(map(self._depth, above)) if above else 0

    def _bars(self) -> list[tuple[int, tuple[str, ...], list[str]]]:
        """Return what joins sources: the row below which it lies, what feeds it, what it feeds."""
        found: dict[tuple[str, ...], list[str]] = {}
        for id_, source in self.sources.items():
            if own := tuple(name for name in source.fed_by if name in self.sources):
                found.setdefault(own, []).append(id_)
        bars = [(min(map(self._depth, fed)) - 1, own, fed) for own, fed in found.items()]
        return sorted(bars, key=lambda bar: bar[0])

    def _place(self) -> Point:
        """Give every box its middle and upper edge, and return the size of the whole."""
        broad = self._broad([*(f"power_sources.{one}" for one in self.sources),
                             *(f"power_feeds.{one}" for one in (*self.upper, *self.lower))])  # fmt: skip
        rack = self._broad(f"racks.{one}" for one in self.racks)
        left = list(dict.fromkeys(self.records.power_feeds[one].source for one in self.upper))
        right = [self.records.power_feeds[one].source for one in self.lower]
        right = [one for one in dict.fromkeys(right) if one not in left]
        across = {one: PAD + broad / 2 + index * (broad + GAP) for index, one in enumerate(left)}
        first = PAD + max(1, len(left)) * (broad + GAP)
        beyond = first + max(1, len(self.racks)) * (rack + GAP)
        between = [one for one in self.sources if one not in across and one not in right]
        inner = len(between) * (broad + GAP)
        beyond = max(beyond, first + inner) if right else max(beyond, PAD + inner)
        across |= {one: beyond + broad / 2 + index * (broad + GAP) for index, one in enumerate(right)}
        wide = (beyond + max(1, len(right)) * (broad + GAP) if right or self.lower else beyond) - GAP + PAD
        for depth in range(len(self.sources)):
            row = [one for one in between if self._depth(one) == depth]
            start, end = (first, beyond - GAP) if right else (PAD, PAD + len(row) * (broad + GAP) - GAP)
            step = (end - start) / max(1, len(row))
            across |= {one: start + step * (index + 0.5) for index, one in enumerate(row)}
        y = HEAD
        for depth in range(max(map(self._depth, self.sources)) + 1):
            for one in self.sources:
                if self._depth(one) == depth:
                    self.boxes[f"power_sources.{one}"] = (across[one], y, broad)
            y += TALL + 2 * DROP + STEP * max(0, sum(bar[0] == depth for bar in self.bars) - 1)
        at_right = wide - PAD - broad / 2
        for one in reversed(self.upper):
            self.boxes[f"power_feeds.{one}"] = (across[self.records.power_feeds[one].source], y, broad)
            y += TALL + DROP
        for index, one in enumerate(self.racks):
            self.boxes[f"racks.{one}"] = (first + rack / 2 + index * (rack + GAP), y, rack)
        y += TALL
        for one in self.lower:
            source = self.records.power_feeds[one].source
            y += DROP
            self.boxes[f"power_feeds.{one}"] = (across[source] if source in right else at_right, y, broad)
            y += TALL
        return wide, y + PAD

    def draw(self, x: float, y: float, tall: float) -> str:
        """Return the drawing with its frame, `tall` points high, at a place."""
        label = self.records.sites[self.site].label(self.language)
        parts = [
            ink.rect(0, 0, self.wide, tall, rx=10, fill=GROUND, stroke=FRAME),
            ink.text(PAD, 20, label, 12, font_weight="bold"),
            *self._joins(), *self._drops(), *self._supplies(), *map(self._box, self.boxes),
        ]  # fmt: skip
        return ink.element("g", "\n".join(parts), transform=f"translate({ink.number(x)} {ink.number(y)})")

    def _box(self, path: str) -> str:
        x, y, broad = self.boxes[path]
        name, figure, kind = self._words(path)
        fill, edge = FILLS[kind]
        parts = [
            ink.rect(x - broad / 2, y, broad, TALL, fill=fill, stroke=edge),
            ink.text(x, y + 16, name, NAME, anchor="middle", font_weight="bold"),
            ink.text(x, y + 30, figure, FIGURE, anchor="middle"),
        ]
        return ink.group(path.replace(".", "-"), parts, self.estate.cite(path), path)

    def _joins(self) -> Iterator[str]:
        """Yield the lines between sources: a bar with a dot at every branch."""
        used: dict[str, int] = {}
        for index, (row, own, fed) in enumerate(self.bars):
            place = sum(bar[0] == row for bar in self.bars[:index])
            starts = []
            for name in own:
                x, y, _ = self.boxes[f"power_sources.{name}"]
                starts.append((x + APART * used.get(name, 0), y + TALL))
                used[name] = used.get(name, 0) + 1
            level = max(y for _, y in starts) + DROP + STEP * place
            ends = [self.boxes[f"power_sources.{name}"][:2] for name in fed]
            xs = [x for x, _ in (*starts, *ends)]
            if min(xs) < max(xs):
                yield _line((min(xs), level), (max(xs), level), INK, 2.4)
            for x, y in (*starts, *ends):
                yield _line((x, y), (x, level), INK)
                if min(xs) < x < max(xs) or (len(own) > 1 and len(fed) > 1):
                    yield _dot(x, level, INK)

    def _supplies(self) -> Iterator[str]:
        """Yield the line from each feed's source to the feed."""
        for id_ in (*self.upper, *self.lower):
            feed = self.records.power_feeds[id_]
            (x, y, _), (to_x, to_y, _) = self.boxes[f"power_sources.{feed.source}"], self.boxes[f"power_feeds.{id_}"]
            colour, level = SIDES[feed.side], y + TALL + DROP
            if x == to_x:
                yield _line((x, y + TALL), (x, to_y), colour)
            else:
                x += APART
                yield _line((x, y + TALL), (x, level), colour)
                yield _line((x, level), (to_x, level), colour)
                yield _line((to_x, level), (to_x, to_y), colour)

    def _drops(self) -> Iterator[str]:
        """Yield each feed's bar and what branches off it to the racks."""
        for feeds, above in ((self.upper, True), (self.lower, False)):
            for place, id_ in enumerate(feeds):
                x, y, broad = self.boxes[f"power_feeds.{id_}"]
                colour, level = SIDES[self.records.power_feeds[id_].side], y + TALL / 2
                own = [self.boxes[f"racks.{one}"] for one in self.racks if id_ in self.records.racks[one].feeds]
                shift = APART * (place - (len(feeds) - 1) / 2)
                drops = [(rack_x + shift, rack_y if above else rack_y + TALL) for rack_x, rack_y, _ in own]
                if not drops:
                    continue
                far = max(drops)[0] if above else min(drops)[0]
                yield _line((x + broad / 2 if above else x - broad / 2, level), (far, level), colour, 2.4)
                for drop_x, drop_y in drops:
                    yield _line((drop_x, level), (drop_x, drop_y), colour)
                    if drop_x != far:
                        yield _dot(drop_x, level, colour)


def _line(a: Point, z: Point, colour: str, wide: float = 1.4) -> str:
    return ink.line(*a, *z, stroke=colour, stroke_width=wide, stroke_linecap="square")


def _dot(x: float, y: float, colour: str) -> str:
    return ink.element("circle", cx=x, cy=y, r=3, fill=colour)
