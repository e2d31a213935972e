"""Rules on rooms, power, cooling, racks and the hardware in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from inventory.models.devices import Device
from inventory.models.facility import Hardware
from inventory.problems import Problem
from inventory.rules.scope import Scope

POWER_FACTOR = 0.9
"""Watts per volt-ampere of server power supplies with correction; a cautious round figure."""


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Rooms have sites, racks rooms and feeds, feeds supplies, hardware racks, devices, parties and contracts."""
    records = scope.records
    for id_, room in records.rooms.items():
        yield from scope.unknown(f"rooms.{id_}.site", "site", room.site, "sites")
    for id_, unit in records.cooling_units.items():
        yield from scope.unknown(f"cooling_units.{id_}.room", "room", unit.room, "rooms")
    for id_, source in records.power_sources.items():
        yield from scope.unknown(f"power_sources.{id_}.site", "site", source.site, "sites")
        for index, name in enumerate(source.fed_by):
            yield from scope.unknown(f"power_sources.{id_}.fed_by.{index}", "power source", name, "power_sources")
    for id_, feed in records.power_feeds.items():
        yield from scope.unknown(f"power_feeds.{id_}.source", "power source", feed.source, "power_sources")
    for id_, rack in records.racks.items():
        yield from scope.unknown(f"racks.{id_}.room", "room", rack.room, "rooms")
        for index, name in enumerate(rack.feeds):
            yield from scope.unknown(f"racks.{id_}.feeds.{index}", "power feed", name, "power_feeds")
    for id_, item in records.hardware.items():
        yield from _of_hardware(scope, f"hardware.{id_}", item)


def _of_hardware(scope: Scope, path: str, item: Hardware) -> Iterator[Problem]:
    yield from scope.unknown(f"{path}.rack", "rack", item.rack, "racks")
    yield from scope.unknown(f"{path}.owner", "party", item.owner, "parties")
    yield from scope.unknown(f"{path}.operator", "party", item.operator, "parties")
    yield from scope.unknown(f"{path}.contract", "contract", item.contract, "contracts")
    for index, name in enumerate(item.carries):
        yield from scope.unknown(f"{path}.carries.{index}", "device", name, "devices")


def racks_have_two_supplies_in_a_data_centre(scope: Scope) -> Iterator[Problem]:
    """Both feeds of a rack come from different supplies; a rack of a data centre has two."""
    records = scope.records
    for id_, rack in records.racks.items():
        feeds = [records.power_feeds[name] for name in rack.feeds if name in records.power_feeds]
        site = records.sites.get(records.rooms[rack.room].site) if rack.room in records.rooms else None
        if site is not None and site.kind == "data-centre" and len(rack.feeds) < 2:
            yield scope.problem(f"racks.{id_}.feeds", "has one feed in a data centre", "two feeds, A and B")
        if len(feeds) == 2 and feeds[0].source == feeds[1].source:
            found = f"both feeds come from `{feeds[0].source}`"
            yield scope.problem(f"racks.{id_}.feeds", found, "feeds of two supplies")
        if len(feeds) == 2 and feeds[0].side == feeds[1].side:
            found = f"both feeds are of side {feeds[0].side.upper()}"
            yield scope.problem(f"racks.{id_}.feeds", found, "one feed of each side")


def supplies_survive_the_grid(scope: Scope) -> Iterator[Problem]:
    """An uninterruptible supply is fed, in a data centre by a generator as well; feeds come from such supplies."""
    records = scope.records
    for id_, source in records.power_sources.items():
        kinds = {records.power_sources[name].kind for name in source.fed_by if name in records.power_sources}
        site = records.sites.get(source.site)
        if source.kind == "ups" and not source.fed_by:
            yield scope.problem(f"power_sources.{id_}", "is fed by nothing", "`fed_by` the grid or a generator")
        elif source.kind == "ups" and site and site.kind == "data-centre" and "generator" not in kinds:
            found = "is fed by no generator, in a data centre"
            yield scope.problem(f"power_sources.{id_}.fed_by", found, "a generator beside the grid")
    for id_, feed in records.power_feeds.items():
        found_source = records.power_sources.get(feed.source)
        if found_source is not None and found_source.kind != "ups":
            found = f"`{feed.source}` is no uninterruptible supply"
            yield scope.problem(f"power_feeds.{id_}.source", found, "a source of kind `ups`")


def hardware_fits_its_rack(scope: Scope) -> Iterator[Problem]:
    """Hardware ends below the top of its rack and shares no unit with other hardware."""
    for rack_id, items in _by_rack(scope).items():
        rack = scope.records.racks[rack_id]
        for id_, item in items.items():
            top = item.position + item.height - 1
            if top > rack.units:
                found = f"reaches unit {top} of a rack of {rack.units}"
                yield scope.problem(f"hardware.{id_}.position", found, f"at most {rack.units - item.height + 1}")
        for (one_id, one), (other_id, other) in combinations(items.items(), 2):
            if one.position < other.position + other.height and other.position < one.position + one.height:
                found = f"shares units with `{one_id}` in `{rack_id}`"
                yield scope.problem(f"hardware.{other_id}.position", found, "units of its own")


def racks_carry_their_load(scope: Scope) -> Iterator[Problem]:
    """The hardware of a rack draws no more power and weighs no more than the rack allows."""
    for rack_id, items in _by_rack(scope).items():
        rack = scope.records.racks[rack_id]
        power_w, weight_kg = _power_w(items), sum(item.weight_kg for item in items.values())
        if power_w > rack.max_power_w:
            found = f"its hardware draws {power_w:g} W"
            yield scope.problem(f"racks.{rack_id}.max_power", found, f"at most {rack.max_power_w:g} W")
        if weight_kg > rack.max_load_kg:
            found = f"its hardware weighs {weight_kg:g} kg"
            yield scope.problem(f"racks.{rack_id}.max_load", found, f"at most {rack.max_load_kg:g} kg")


def feeds_carry_their_racks(scope: Scope) -> Iterator[Problem]:
    """Every feed carries all of its racks, and every supply all of its feeds, for the other side may fail."""
    records = scope.records
    drawn_w = {rack_id: _power_w(items) for rack_id, items in _by_rack(scope).items()}
    on_feed = {
        id_: sum(drawn_w.get(name, 0.0) for name, rack in records.racks.items() if id_ in rack.feeds) / POWER_FACTOR
        for id_ in records.power_feeds
    }
    for id_, feed in records.power_feeds.items():
        yield from _overload(scope, f"power_feeds.{id_}.capacity", "its racks", on_feed[id_], feed.capacity_va)
    for id_, source in records.power_sources.items():
        feeds = [name for name, feed in records.power_feeds.items() if feed.source == id_]
        if source.kind == "ups":
            total = sum(on_feed[name] for name in feeds)
            yield from _overload(scope, f"power_sources.{id_}.capacity", "its feeds", total, source.capacity_va)


def rooms_are_cooled(scope: Scope) -> Iterator[Problem]:
    """In a data centre the largest cooling unit of a room may fail: the others take away what the racks draw."""
    records = scope.records
    by_rack = _by_rack(scope)
    for id_, room in records.rooms.items():
        site = records.sites.get(room.site)
        heat_w = sum(_power_w(by_rack.get(name, {})) for name, rack in records.racks.items() if rack.room == id_)
        units = sorted(unit.capacity_w for unit in records.cooling_units.values() if unit.room == id_)
        spare = bool(site and site.kind == "data-centre")
        left_w = sum(units[:-1] if spare else units)
        if heat_w and scope.whole("cooling_units") and left_w < heat_w:
            without = " without the largest unit" if spare else ""
            found = f"{left_w:g} W of cooling{without} for {heat_w:g} W of hardware"
            yield scope.problem(f"rooms.{id_}", found, "as much cooling as the hardware draws")


def devices_stand_on_hardware(scope: Scope) -> Iterator[Problem]:
    """At a site whose rooms are listed, every device but terminals runs on one piece of hardware, at that site."""
    records = scope.records
    if not scope.whole("hardware", "rooms", "racks"):
        return
    listed = {room.site for room in records.rooms.values()}
    carriers: dict[str, list[str]] = {}
    for id_, item in records.hardware.items():
        for name in item.carries:
            carriers.setdefault(name, []).append(id_)
    for name, device in records.devices.items():
        found = carriers.get(name, [])
        if device.role != "terminal" and device.site in listed and not found:
            yield scope.problem(f"devices.{name}", "stands on no hardware", "hardware that `carries` it")
        for id_ in found[1:]:
            yield scope.problem(f"hardware.{id_}.carries", f"`{name}` runs on `{found[0]}` already", "one carrier")
        site = _site_of(scope, records.hardware[found[0]]) if found else None
        if site is not None and site != device.site in records.sites:
            problem = f"carries `{name}` of `{device.site}`, but stands at `{site}`"
            yield scope.problem(f"hardware.{found[0]}.carries", problem, "devices of its own site")


def redundant_devices_stand_apart(scope: Scope) -> Iterator[Problem]:
    """Routers that stand in for each other share no rack."""
    records = scope.records
    rack_of = {name: item.rack for item in records.hardware.values() for name in item.carries}
    ranked: dict[str, dict[str, Device]] = {}
    for id_, device in records.devices.items():
        if id_ in rack_of and device.vrrp_priority is not None:
            ranked.setdefault(rack_of[id_], {})[id_] = device
    for rack, devices in ranked.items():
        for (one_id, one), (other_id, other) in combinations(devices.items(), 2):
            if _stand_in(one, other):
                found = f"shares `{rack}` with `{one_id}`, for which it stands in"
                yield scope.problem(f"devices.{other_id}", found, "hardware in another rack")


def _stand_in(one: Device, other: Device) -> bool:
    """Tell whether two devices that are ranked are so for the gateway of a segment that both are on."""
    segments = [{port.segment for port in device.interfaces.values() if port.segment} for device in (one, other)]
    return bool(segments[0] & segments[1])


def _by_rack(scope: Scope) -> dict[str, dict[str, Hardware]]:
    found: dict[str, dict[str, Hardware]] = {}
    for id_, item in scope.records.hardware.items():
        if item.rack in scope.records.racks:
            found.setdefault(item.rack, {})[id_] = item
    return found


def _site_of(scope: Scope, item: Hardware) -> str | None:
    rack = scope.records.racks.get(item.rack)
    room = scope.records.rooms.get(rack.room) if rack else None
    return room.site if room else None


def _power_w(items: dict[str, Hardware]) -> float:
    return sum(item.power_w for item in items.values())


def _overload(scope: Scope, path: str, what: str, drawn_va: float, most_va: float) -> Iterator[Problem]:
    if drawn_va > most_va:
        found = f"{what} draw {drawn_va:.0f} VA at a power factor of {POWER_FACTOR}"
        yield scope.problem(path, found, f"at most {most_va:g} VA")
