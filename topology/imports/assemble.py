"""From the rows of all lists to the sections of an estate; what no list says is assumed, and says so."""

from __future__ import annotations

from pathlib import Path

import yaml

from topology.documents.code_list import WHOLE
from topology.imports.addresses import Plan, read_addresses
from topology.imports.circuits import add_profiles, read_circuits
from topology.imports.codes import DESIGN, read_codes, take_codes
from topology.imports.connections import read_connections
from topology.imports.draft import Draft, Plain, assumed, inferred, value_of
from topology.imports.equipment import read_equipment
from topology.imports.facility import add_hardware, size_plant
from topology.imports.findings import Spot
from topology.imports.holders import fill_holders
from topology.imports.nodes import read_nodes, read_segments
from topology.imports.pools import add_pools
from topology.imports.sheets import Row
from topology.imports.text import same
from topology.imports.values import Network4
from topology.imports.wiring import BETWEEN, UNZONED, attach, compare_rates

DEFAULTS = Path(__file__).parent / "defaults.yaml"
PRIORITIES = (*range(110, 0, -10), *range(109, 0, -1))
_FACILITY = ("rooms", "cooling_units", "power_sources", "power_feeds", "racks", "parties", "contracts")
_ZONES = {
    UNZONED: ("Not yet in a zone", "ゾーン未定", "the lists say nothing of zones; sort the segments into them"),
    BETWEEN: ("Between routers", "ルータ間", "routing only, no hosts"),
}


def assemble(rows: dict[str, list[Row]], draft: Draft, name: str) -> Plan:
    """Fill the draft from the rows of each list and return the address plan; `name` is the estate's own."""
    read_codes(rows.get("codes", []), draft)
    with_nodes = bool(rows.get("nodes"))
    if with_nodes:
        read_nodes(rows["nodes"], draft)
    units = read_equipment(rows.get("equipment", []), draft, with_nodes)
    draft.carried = {unit.id: unit.carries for unit in units}
    for row in rows.get("circuits", []):
        label = draft.values.text(row, "circuit")
        if label and not draft.names.find("circuits", label.removeprefix("circuits.")):
            draft.names.make("circuits", label.removeprefix("circuits."), row.at("circuit"), "circuit")
    read_segments(rows.get("segments", []), draft)
    read_circuits(rows.get("circuits", []), draft)
    plan = read_addresses(rows.get("addresses", []), _stated_prefixes(rows.get("segments", []), draft), draft)
    connections = read_connections(rows.get("connections", []), frozenset(map(same, plan.prefixes)), draft)
    entries = attach(plan, connections, draft)
    draft.entry_of = entries
    compare_rates(connections, draft)
    draft.prefix_of = {entries[label]: prefix for label, prefix in plan.prefixes.items() if label in entries}
    whole = [section for section in WHOLE if section not in {"estate", *_FACILITY}]
    take_codes(draft, *whole, *DESIGN, *(_FACILITY if units else ()))
    add_hardware(units, draft)
    size_plant(draft)
    fill_holders(draft)
    add_profiles(draft)
    add_pools(plan, entries, draft)
    _add_zones(draft)
    _rank_routers(draft)
    _add_pins(plan, draft)
    _add_rest(draft, name)
    _unattached(draft)
    return plan


def _stated_prefixes(rows: list[Row], draft: Draft) -> dict[str, Network4]:
    """Return the prefixes that a segment list gives."""
    found = {}
    for row in rows:
        label = draft.values.text(row, "segment") or ""
        id_ = draft.names.find("segments", label.removeprefix("segments."))
        prefix = draft.values.network(row, "prefix")
        if id_ and prefix:
            found[id_] = prefix
    return found


def _add_zones(draft: Draft) -> None:
    """Define the zones that segments are in and no list states."""
    zones = draft.section("zones")
    for record in draft.section("segments").values():
        zone = value_of(record["zone"])
        if zone in zones:
            continue
        english, japanese, reason = _ZONES.get(zone, (*reversed(draft.names.label("zones", zone)), "why it is a zone"))
        zones[zone] = {"name": english, "name_ja": japanese, "reason": assumed(reason, "the reason")}


def _rank_routers(draft: Draft) -> None:
    """Rank routers that share a LAN and have no priority, in the order of the list (RFC 5798: the highest holds it)."""
    devices = draft.section("devices")
    on: dict[str, list[str]] = {}
    for id_, device in devices.items():
        for port in device["interfaces"].values() if device["role"] == "router" else ():
            segment = draft.section("segments").get(port.get("segment", ""), {})
            if segment and value_of(segment.get("kind", "lan")) == "lan":
                on.setdefault(port["segment"], []).append(id_)
    for id_, device in devices.items():
        sharing = {other for found in on.values() if id_ in found and len(found) > 1 for other in found} - {id_}
        if sharing and "vrrp_priority" not in device:
            taken = {value_of(devices[other].get("vrrp_priority")) for other in sharing}
            rank = next(number for number in PRIORITIES if number not in taken)
            device["vrrp_priority"] = assumed(rank, "which router holds the gateway first; the order of the list")


def _add_pins(plan: Plan, draft: Draft) -> None:
    draft.section("addressing").setdefault("pins", {}).update(plan.pins)


def _add_rest(draft: Draft, name: str) -> None:
    """Add the header and the sections of which the lists say nothing."""
    defaults: Plain = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    centre = _data_centre(draft)
    header = draft.stated.get("estate", {"name": name, "name_ja": name})
    draft.sections["estate"] = {**header, "data_centre": header.get("data_centre", centre)}
    routers = [id_ for id_, device in draft.section("devices").items() if device["role"] == "router"]
    first = [id_ for id_ in routers if draft.section("devices")[id_]["site"] == centre] or routers
    draft.sections["time_service"] = {
        "servers": assumed(first[:2], "which routers serve the time"),
        "reason": assumed("the first routers of the data centre", "why these"),
    }
    draft.sections |= defaults
    for section in ("readings", "flows", "services", "promises", "circuit_groups", "carrier_networks", "circuits",
                    "providers", "segments", "devices", "sites", "cities", "zones"):  # fmt: skip
        draft.section(section)
    draft.section("encryption.tunnel_profiles")
    if not routers:
        draft.findings.add(Spot(", ".join(draft.files)), "", "no router in the lists", "equipment of kind ルータ")


def _data_centre(draft: Draft) -> str | None:
    """Return the data centre: the site that is one, else the one with most devices, which is made one."""
    sites = draft.section("sites")
    for id_, site in sites.items():
        if value_of(site["kind"]) == "data-centre":
            return id_
    counts: dict[str, int] = dict.fromkeys(sites, 0)
    for device in draft.section("devices").values():
        counts[device["site"]] = counts.get(device["site"], 0) + 1
    if not counts:
        return None
    centre = max(counts, key=lambda id_: counts[id_])
    spot = draft.origins.get(f"sites.{centre}", Spot(""))
    sites[centre]["kind"] = inferred(
        "data-centre", spot, "most devices stand there, and no name says where the centre is"
    )
    sites[centre].pop("city", None)
    return centre


def _unattached(draft: Draft) -> None:
    """Find devices that neither the address plan nor the connection list knows."""
    for id_, device in draft.section("devices").items():
        if not device["interfaces"] and not any(holder == id_ for holder, _ in draft.loose):
            spot = draft.origins[f"devices.{id_}"]
            said = f"`{id_}` has no port: it stands in no address plan and no connection list"
            draft.findings.add(spot, "", said, "its addresses or its connections")
