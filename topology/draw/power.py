"""The power one-line diagram (電源系統図): sources, UPS, feeds and racks, a frame for each site."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.words import Language
from topology.model import Network

SIDES = {"a": "#0b4f8a", "b": "#b3261e"}
NOTE = {"ja": "青: A系統、赤: B系統", "en": "Blue: side A, red: side B"}


def power_diagram(estate: Estate, _network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return the diagram, one sheet; none where the estate has no power sources."""
    records = estate.records
    if not records.power_sources:
        return ()
    title, other = titles("電源系統図", "Power one-line diagram", language)
    sites = dict.fromkeys(source.site for source in records.power_sources.values())
    frames = tuple(Frame(site, records.sites[site].label(language), f"sites.{site}") for site in sites)
    boxes = (*_sources(estate, language), *_racks(estate, language))
    return (
        Diagram(
            "power-diagram", title, other, records.estate.label(language), language, boxes, tuple(_lines(estate)),
            frames, (NOTE[language],), across=False, square=True,
        ),
    )  # fmt: skip


def _sources(estate: Estate, language: Language) -> Iterator[Box]:
    records = estate.records
    for id_, source in records.power_sources.items():
        size = f"{source.capacity_va / 1000:g} kVA"
        yield Box(f"source:{id_}", source.kind, source.label(language), (size,), f"power_sources.{id_}", source.site)
    for id_, feed in records.power_feeds.items():
        size = f"{feed.capacity_va / 1000:g} kVA"
        site = records.power_sources[feed.source].site
        yield Box(f"feed:{id_}", "feed", feed.label(language), (size,), f"power_feeds.{id_}", site)


def _racks(estate: Estate, language: Language) -> Iterator[Box]:
    records = estate.records
    sites = {source.site for source in records.power_sources.values()}
    for id_, rack in records.racks.items():
        site = records.rooms[rack.room].site
        drawn_w = sum(item.power_w for item in records.hardware.values() if item.rack == id_)
        frame = site if site in sites else None
        yield Box(f"rack:{id_}", "rack", rack.label(language), (f"{drawn_w:g} W",), f"racks.{id_}", frame)


def _lines(estate: Estate) -> Iterator[Line]:
    records = estate.records
    for id_, source in records.power_sources.items():
        for name in source.fed_by:
            yield Line(f"source:{name}", f"source:{id_}", arrow=False)
    for id_, feed in records.power_feeds.items():
        yield Line(f"source:{feed.source}", f"feed:{id_}", colour=SIDES[feed.side], arrow=False)
    for id_, rack in records.racks.items():
        for name in rack.feeds:
            yield Line(f"feed:{name}", f"rack:{id_}", colour=SIDES[records.power_feeds[name].side], arrow=False)
