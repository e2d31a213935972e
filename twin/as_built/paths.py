"""By which ports a router sends to each LAN when nothing has failed: the prediction's own shortest paths."""

from __future__ import annotations

from inventory.models.estate import Estate
from simulation.control_plane.layout import Layout, compile_layout
from simulation.control_plane.spf import lan_bit, routes


def next_ports(estate: Estate) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return `(router, LAN) → own ports` of all equal shortest paths, for LANs that the router is not on itself."""
    layout = compile_layout(estate)
    view = tuple(_content(layout, router) for router in range(len(layout.routers)))
    result: dict[tuple[str, str], tuple[str, ...]] = {}
    for router, name in enumerate(layout.routers):
        for lan, arcs in zip(layout.lans, routes(layout, router, view), strict=True):
            if arcs:
                ports = {layout.arcs[arc].port.partition("/")[2] for arc in arcs}
                result[name, lan.id] = tuple(sorted(ports))
    return result


def _content(layout: Layout, router: int) -> int:
    """Return the link state of a router all of whose neighbours are Full and all of whose ports are up."""
    arcs = sum(1 << arc.id for arc in layout.arcs_of[router])
    return arcs | sum(lan_bit(layout, number) for number, lan in enumerate(layout.lans) if router in lan.attachments)
