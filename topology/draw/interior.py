"""What stands inside a site: its routers on the side of the corridor, its LANs with their hosts on the other."""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate
from topology.draw.ink import fit_title, wrap
from topology.draw.shapes import Box, LanShape, PortShape, RouterShape, Side, SiteShape
from topology.draw.words import Language
from topology.model import Network, Segment

PAD = 16.0
ROUTER_WIDTH = 262.0
LAN_WIDTH = 214.0
LAN_GAP = 42.0
ROUTER_HEAD = 46.0
PORT_STEP = 17.0
LAN_HEAD = 51.0
LAN_TITLE = 12.5
HOST_STEP = 17.0
STACK_GAP = 22.0
TRANSIT_GAP = 46.0
TITLE_SIZE = 16.0
FOOTNOTE_ROOM = " *1"


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a site holds, before it has a place."""

    site: str
    title: tuple[str, ...]
    routers: tuple[str, ...]
    lans: tuple[tuple[str, tuple[str, ...]], ...]
    width: float
    height: float


class Interior:
    """Measures and places the contents of sites."""

    def __init__(self, network: Network, estate: Estate, language: Language) -> None:
        self.network = network
        self.records = estate.records
        self.hanging = [place for places in estate.hangs_on.values() for place in places]
        self.language = language
        self.order = [*self.records.segments, *self.records.circuits]

    def contents(self, site: str) -> Contents:
        """Return what a site holds and the room that it needs."""
        own = [node for node in self.network.routers() if node.site == site]
        routers = tuple(node.id for node in sorted(own, key=lambda node: (-(node.vrrp_priority or 0), node.id)))
        lans = tuple(
            (segment.id, hosts)
            for segment in sorted(self.network.segments.values(), key=lambda one: self._rank(one.id))
            if (hosts := self._hosts(segment, site)) is not None
        )
        width = 2 * PAD + (ROUTER_WIDTH if routers else 0) + (LAN_WIDTH if lans else 0)
        width += LAN_GAP if routers and lans else 0
        title = tuple(fit_title(self.records.sites[site].label(self.language), width - 2 * PAD, TITLE_SIZE)[1])
        height = self._header(title) + 2 * PAD
        height += max(
            self._stack([self._router_height(r) for r in routers], TRANSIT_GAP),
            self._stack([self._lan_height(id_, hosts) for id_, hosts in lans], STACK_GAP),
        )
        return Contents(site, title, routers, lans, width, height)

    def place(
        self, contents: Contents, frame: Box, facing: Side
    ) -> tuple[SiteShape, list[RouterShape], list[LanShape]]:
        """Return the shapes of a site in its frame; `facing` is the side of the corridor."""
        header = self._header(contents.title)
        x, y, height = frame.x, frame.y, frame.height
        room = (y + header + PAD, height - header - 2 * PAD)
        routers_x = frame.right - PAD - ROUTER_WIDTH if facing == "right" else x + PAD
        lans_x = x + PAD if facing == "right" else frame.right - PAD - LAN_WIDTH
        heights = [self._router_height(router) for router in contents.routers]
        tops = spread(heights, *room, TRANSIT_GAP)
        routers = [
            self._router(router, Box(routers_x, top, ROUTER_WIDTH, tall), facing)
            for router, top, tall in zip(contents.routers, tops, heights, strict=True)
        ]
        heights = [self._lan_height(id_, hosts) for id_, hosts in contents.lans]
        lans = [
            LanShape(segment, contents.site, Box(lans_x, top, LAN_WIDTH, tall), hosts)
            for (segment, hosts), top, tall in zip(
                contents.lans, spread(heights, *room, STACK_GAP), heights, strict=True
            )
        ]
        return SiteShape(contents.site, frame, header, facing), routers, lans

    def _hosts(self, segment: Segment, site: str) -> tuple[str, ...] | None:
        """Return the hosts of a LAN at a site, or None where the LAN has nothing to show there."""
        if segment.kind != "lan" or site not in segment.sites:
            return None
        nodes = [self.network.nodes[port.node] for port in self.network.members(segment.id)]
        hosts = tuple(node.id for node in nodes if node.role != "router" and node.site == site)
        return hosts if hosts or self.records.segments[segment.id].site == site else None

    def _sides(self, router: str) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str, bool]]]:
        """Return the ports towards LANs and towards the corridor, each as `(key, label, encrypted)`."""
        inner, outer = [], []
        for port in sorted(self.network.interfaces_of(router), key=lambda port: self._rank(port.segment)):
            segment = self.network.segments[port.segment]
            if segment.kind == "lan":
                short = segment.prefix.prefixlen >= 24
                address = f".{str(port.address.ip).rpartition('.')[2]}" if short else str(port.address.ip)
                inner.append((port.key, f"{port.name} {address}", False))
            elif segment.kind in ("circuit", "access"):
                outer.append((port.key, f"{port.name} {port.address.ip}", False))
        for tunnel in self.network.tunnels_of(router):
            if tunnel.underlay in self.network.carrier_networks:
                end = tunnel.a if tunnel.a.node == router else tunnel.z
                outer.append((f"{router}/{end.interface}", f"{end.interface} {end.address.ip}", True))
        return inner, outer

    def _rank(self, segment: str) -> int:
        """Return a segment's place in the order that LANs and ports share, so that their lines do not cross."""
        return self.order.index(segment) if segment in self.order else len(self.order)

    def _router_height(self, router: str) -> float:
        return ROUTER_HEAD + PORT_STEP * max(1, *(len(side) for side in self._sides(router))) + 4

    def _router(self, router: str, box: Box, facing: Side) -> RouterShape:
        inner, outer = self._sides(router)
        other: Side = "left" if facing == "right" else "right"
        ports = []
        for entries, side in ((inner, other), (outer, facing)):
            x = box.x if side == "left" else box.right
            for index, (key, label, encrypted) in enumerate(entries):
                y = box.y + ROUTER_HEAD + PORT_STEP * (index + 0.5) - 2
                ports.append(PortShape(key, x, y, side, label, encrypted))
        return RouterShape(router, box, tuple(ports))

    def _lan_height(self, segment: str, hosts: tuple[str, ...]) -> float:
        noted = any(place.startswith(f"segments.{segment}.") for place in self.hanging)
        title = lan_title(self.records.segments[segment].label(self.language) + (FOOTNOTE_ROOM if noted else ""))
        return LAN_HEAD + 15 * len(title) + HOST_STEP * max(1, len(hosts)) + 6

    def _header(self, title: tuple[str, ...]) -> float:
        return 14.0 + 20.0 * len(title)

    def _stack(self, heights: list[float], gap: float) -> float:
        return sum(heights) + gap * max(0, len(heights) - 1)


def lan_title(title: str) -> list[str]:
    """Return a LAN's name in one or two lines."""
    return wrap(title, LAN_WIDTH - 18, LAN_TITLE, 2)


def spread(heights: list[float], top: float, room: float, gap: float) -> list[float]:
    """Return the tops of boxes that share a room: at least `gap` between them, equal space around each."""
    space = (room - sum(heights) - gap * (len(heights) - 1)) / (len(heights) + 1) if heights else 0.0
    tops = []
    for height in heights:
        top += space
        tops.append(top)
        top += height + gap
    return tops
