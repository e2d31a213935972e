"""What a layout consists of: boxes, ports, lines, with places in px from the top left. Leaves ink to `picture`."""

from __future__ import annotations

import dataclasses
from typing import Literal

Side = Literal["left", "right"]


@dataclasses.dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The height of the middle."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """The middle across."""
        return self.x + self.width / 2

    def overlaps(self, other: Box) -> bool:
        """Tell whether two rectangles share more than an edge."""
        apart = self.right <= other.x or other.right <= self.x or self.bottom <= other.y or other.bottom <= self.y
        return not apart

    def crossed(self, a: tuple[float, float], z: tuple[float, float]) -> bool:
        """Tell whether the straight line between two points comes inside."""
        low, high = 0.0, 1.0
        for start, way, least, most in (
            (a[0], z[0] - a[0], self.x, self.right),
            (a[1], z[1] - a[1], self.y, self.bottom),
        ):
            if way == 0.0:
                if not least < start < most:
                    return False
                continue
            ends = sorted(((least - start) / way, (most - start) / way))
            low, high = max(low, ends[0]), min(high, ends[1])
        return low < high


@dataclasses.dataclass(frozen=True)
class PortShape:
    """A port at the edge of its router, with the text beside it."""

    key: str
    x: float
    y: float
    side: Side
    label: str
    encrypted: bool = False


@dataclasses.dataclass(frozen=True)
class RouterShape:
    """A router with its ports."""

    node: str
    box: Box
    ports: tuple[PortShape, ...]


@dataclasses.dataclass(frozen=True)
class LanShape:
    """A segment at a site with the hosts on it there."""

    segment: str
    site: str
    box: Box
    hosts: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class SiteShape:
    """A site's frame; `header` is the height of its heading."""

    site: str
    box: Box
    header: float
    facing: Side


@dataclasses.dataclass(frozen=True)
class LineShape:
    """A circuit as a line between two terminals; `label_width` is the room for its text (px).

    `leaves` is where a line of another row leaves its carrier's cloud, before it runs level. A line between two rows
    runs level to its `track`, down that, and level again. `label_x` is the middle of its text where that is elsewhere.
    """

    circuit: str
    x1: float
    y1: float
    x2: float
    y2: float
    label_width: float
    leaves: tuple[float, float] | None = None
    track: float | None = None
    label_x: float | None = None


@dataclasses.dataclass(frozen=True)
class CloudShape:
    """A carrier network."""

    network: str
    box: Box


@dataclasses.dataclass(frozen=True)
class PipeShape:
    """A logical line around its circuits."""

    group: str
    box: Box


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where everything stands."""

    width: float
    height: float
    sites: tuple[SiteShape, ...]
    routers: dict[str, RouterShape]
    lans: tuple[LanShape, ...]
    lines: tuple[LineShape, ...]
    clouds: tuple[CloudShape, ...]
    pipes: tuple[PipeShape, ...]
