"""Racks for the hardware of an equipment list, and rooms, power and cooling that no list states, just large enough."""

from __future__ import annotations

import math
from typing import Any

from inventory.quantities import parse_apparent_power, parse_mass, parse_power
from inventory.rules.facility import POWER_FACTOR
from topology.imports.draft import Draft, Plain, assumed, value_of
from topology.imports.equipment import Unit, hardware_record
from topology.imports.findings import Spot
from topology.imports.holders import holders

USUAL_UNITS = 42
RACKLESS = "rack-unknown"


def add_hardware(units: list[Unit], draft: Draft) -> None:
    """Add hardware with its racks, owners and contracts; racks that no code list states get all that they need."""
    by_rack: dict[str, list[Unit]] = {}
    for unit in units:
        by_rack.setdefault(_rack(unit, draft), []).append(unit)
    for rack, found in by_rack.items():
        for unit in found:
            record = hardware_record(unit, rack, draft) | holders(unit.row, draft)
            draft.put("hardware", unit.id, record, unit.row.at("asset" if unit.row.has("asset") else "name"))
        _place(found, draft)
        if f"racks.{rack}" not in draft.stated:
            _add_rack(rack, found, draft)
    order = {unit.id: number for number, unit in enumerate(units)}
    hardware = draft.section("hardware")
    draft.sections["hardware"] = dict(sorted(hardware.items(), key=lambda item: order[item[0]]))


def _rack(unit: Unit, draft: Draft) -> str:
    """Return the id of a unit's rack: racks of two sites may have one name."""
    label = unit.rack
    if label is None:
        return draft.names.declare("racks", f"{unit.site}-{RACKLESS}", f"{unit.site} {RACKLESS}")
    for path, stated in draft.stated.items():
        room = draft.stated.get(f"rooms.{stated.get('room')}", {})
        id_ = path.removeprefix("racks.")
        here = path.startswith("racks.") and room.get("site") == unit.site
        if here and label in {id_, stated.get("name"), stated.get("name_ja")}:
            return id_
    return draft.names.make("racks", f"{unit.site} {label}", unit.row.at("rack"), "rack")


def _place(units: list[Unit], draft: Draft) -> None:
    """Give units whose place in the rack no list says the lowest free one."""
    hardware = draft.section("hardware")
    taken: set[int] = set()
    open_: list[Plain] = []
    for unit in units:
        record = hardware.get(unit.id, {})
        if not record:
            continue
        if record["position"]["how"] == "assumed":
            open_.append(record)
        else:
            taken |= _units(record)
    for record in open_:
        height = record["height"]["value"]
        low = next(n for n in range(1, 10_000) if not taken & set(range(n, n + height)))
        record["position"]["value"] = low
        taken |= _units(record)


def _units(record: Plain) -> set[int]:
    low = record["position"]["value"]
    return set(range(low, low + record["height"]["value"]))


def _add_rack(rack: str, units: list[Unit], draft: Draft) -> None:
    """Add a rack as strong as its hardware needs, with a room, feeds, supplies and cooling of its site."""
    site = units[0].site
    records = [draft.section("hardware")[unit.id] for unit in units if unit.id in draft.section("hardware")]
    top = max((max(_units(record)) for record in records), default=1)
    centre = _site_kind(site, draft) == "data-centre"
    sides = ("a", "b") if centre or any(value_of(record.get("supplies")) == 2 for record in records) else ("a",)
    room = f"{site}-room"
    why = "as much as the hardware in the list needs"
    power_w, mass_kg = _load(records)
    spot = units[0].row.at("rack")
    draft.put("racks", rack, {
        **draft.named("racks", rack), "room": room,
        "units": assumed(max(USUAL_UNITS, top), "the height of the rack"),
        "feeds": [_feed(site, side, spot, draft) for side in sides],
        "max_power": assumed(f"{max(1, math.ceil(power_w / 1000))} kW", f"what the rack may draw; {why}"),
        "max_load": assumed(f"{max(100, math.ceil(mass_kg / 100) * 100)} kg", f"what the rack may carry; {why}"),
    }, spot)  # fmt: skip
    if room not in draft.section("rooms") and f"rooms.{room}" not in draft.stated:
        draft.put("rooms", room, {**_names(site, "room", draft), "site": site, "how": "assumed"}, spot)


def _names(site: str, what: str, draft: Draft) -> Plain:
    japanese, english = draft.names.label("sites", site)
    return {"name": f"{english} {what}", "name_ja": f"{japanese} {what}"}


def _feed(site: str, side: str, spot: Spot, draft: Draft) -> str:
    """Return the feed of a side at a site, added with what is before it: supply, grid and generator."""
    feed, supply = f"{site}-feed-{side}", f"{site}-ups-{side}"
    if feed in draft.section("power_feeds"):
        return feed
    before = [f"{site}-grid"]
    if _site_kind(site, draft) == "data-centre":
        before.append(f"{site}-generator")
    for source in before:
        if source not in draft.section("power_sources"):
            kind = source.rpartition("-")[2]
            draft.put("power_sources", source, _power(site, kind, kind, draft), spot)
    draft.put("power_sources", supply, {**_power(site, f"UPS {side.upper()}", "ups", draft), "fed_by": before}, spot)
    draft.put("power_feeds", feed, {
        **_names(site, f"feed {side.upper()}", draft), "source": supply, "side": side, "capacity": _nothing("VA"),
    }, spot)  # fmt: skip
    return feed


def _power(site: str, what: str, kind: str, draft: Draft) -> Plain:
    return {**_names(site, what, draft), "site": site, "kind": kind, "how": "assumed", "capacity": _nothing("VA")}


def _nothing(unit: str) -> Plain:
    return assumed(f"0 {unit}", "the capacity; as much as the hardware in the list needs")


def size_plant(draft: Draft) -> None:
    """Make assumed feeds and supplies as strong as the hardware behind them needs, and cool assumed rooms."""
    drawn: dict[str, float] = {}
    for record in draft.section("hardware").values():
        drawn[record["rack"]] = drawn.get(record["rack"], 0.0) + _load([record])[0]
    racks = {id_: draft.section("racks").get(id_) or draft.stated.get(f"racks.{id_}", {}) for id_ in drawn}
    for id_, feed in draft.section("power_feeds").items():
        load_va = sum(drawn[rack] for rack, record in racks.items() if id_ in record.get("feeds", ())) / POWER_FACTOR
        _raise(feed, load_va)
    for id_, source in draft.section("power_sources").items():
        feeds = [feed for feed in draft.section("power_feeds").values() if feed["source"] == id_]
        if any(id_ in one.get("fed_by", ()) for one in draft.section("power_sources").values()):
            feeds = list(draft.section("power_feeds").values())
        _raise(source, sum(_va(feed) for feed in feeds))
    for room_id, room in draft.section("rooms").items():
        if f"rooms.{room_id}" in draft.stated:
            continue
        heat_w = sum(power for rack, power in drawn.items() if racks[rack].get("room") == room_id)
        count = 2 if _site_kind(room["site"], draft) == "data-centre" else 1
        for number in range(1, count + 1):
            why = "the cooling; as much as the hardware in the list needs"
            draft.section("cooling_units")[f"{room['site']}-cooling-{number}"] = {
                **_names(room["site"], f"cooling {number}", draft), "room": room_id,
                "capacity": assumed(f"{max(1, math.ceil(heat_w / 1000))} kW", why),
            }  # fmt: skip


def _raise(record: Plain, least_va: float) -> None:
    """Make an assumed capacity at least this, in whole kilovolt-amperes."""
    capacity: Any = record["capacity"]
    if isinstance(capacity, dict) and capacity["how"] == "assumed" and _va(record) < least_va:
        capacity["value"] = f"{max(1, math.ceil(least_va / 1000))} kVA"
    if isinstance(capacity, dict) and capacity["value"] == "0 VA":
        capacity["value"] = "1 kVA"


def _va(record: Plain) -> float:
    return parse_apparent_power(value_of(record["capacity"]))


def _load(records: list[Plain]) -> tuple[float, float]:
    power_w = sum(parse_power(record["power"]["value"]) for record in records)
    return power_w, sum(parse_mass(record["weight"]["value"]) for record in records)


def _site_kind(site: str, draft: Draft) -> str:
    record = draft.section("sites").get(site) or draft.stated.get(f"sites.{site}", {})
    return str(value_of(record.get("kind", "network-building")))
