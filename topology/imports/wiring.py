"""Ports from the address plan and the connection list together: each attached to one segment or one circuit."""

from __future__ import annotations

from typing import Any

from inventory.quantities import show_rate
from inventory.spelling import spell_rate
from topology.imports.addresses import Given, Plan
from topology.imports.connections import Connection
from topology.imports.draft import Draft, assumed, inferred, sourced, value_of
from topology.imports.findings import Spot

Target = tuple[str, str]
USUAL_RATE = "1 Gbps"
PORT_USES = ("port", "transit")
UNZONED, BETWEEN = "unzoned", "transit"


def attach(plan: Plan, connections: list[Connection], draft: Draft) -> dict[str, str]:
    """Give every device its interfaces and add segments that no list states; return entries by the plan's names.

    Where the two lists disagree on what a port is on, the finding is at the connection.
    """
    by_port = {connection.port: connection for connection in connections}
    entries = _entries(plan, by_port, draft)
    for given in _ports(plan, draft):
        target = entries.get(given.segment)
        if target is None:
            continue
        connection = by_port.get((given.device or "", given.port or ""))
        over = _real(connection, draft)
        if connection is not None and over is not None and over != target:
            found = f"`{'/'.join(connection.port)}` is over `{over[1]}` here and on `{target[1]}` ({given.spot})"
            draft.findings.add(connection.row.at("over"), "over", found, "the same in both lists")
        _attach(given.device or "", given.port or "", target, draft)
    for connection in connections:
        _attach_unaddressed(connection, entries, plan, draft)
    _set_gateways(plan, entries, draft)
    return {name: id_ for name, (_, id_) in entries.items()}


def _set_gateways(plan: Plan, entries: dict[str, Target], draft: Draft) -> None:
    """State the gateways that are not the first address of their segment; two of one segment are a finding."""
    first: dict[str, Given] = {}
    for given in plan.given:
        section, id_ = entries.get(given.segment, ("", ""))
        if given.use != "gateway" or section != "segments":
            continue
        other = first.setdefault(id_, given)
        if other.address != given.address:
            found = f"`{given.segment}` has the gateway {other.address} as well ({other.spot})"
            draft.findings.add(given.spot, "address", found, "one gateway for a segment")
        elif given.address != given.prefix.network_address + 1:
            draft.section(section)[id_]["gateway"] = sourced(str(given.address), given.spot)


def _ports(plan: Plan, draft: Draft) -> list[Given]:
    devices = draft.section("devices")
    return [given for given in plan.given if given.use in PORT_USES and given.device in devices]


def _real(connection: Connection | None, draft: Draft) -> Target | None:
    """Return what a connection is over; a campus link is part of a segment, which the plan names."""
    if connection is None or connection.over is None:
        return None
    section, id_ = connection.over
    campus = section == "circuits" and draft.section("circuits").get(id_, {}).get("service") == "campus-link"
    return None if campus else connection.over


def _entries(plan: Plan, by_port: dict[tuple[str, str], Connection], draft: Draft) -> dict[str, Target]:
    """Return by the plan's name of a segment the entry that it is: known, that of its connections, or a new one."""
    result: dict[str, Target] = {}
    first: dict[Target, str] = {}
    members: dict[str, list[Given]] = {}
    for given in _ports(plan, draft):
        members.setdefault(given.segment, []).append(given)
    for name in plan.prefixes:
        found = next(
            ((section, name) for section in ("segments", "circuits") if name in draft.section(section)),
            None,
        )
        own = members.get(name, [])
        overs = [over for given in own if (over := _real(by_port.get((given.device or "", given.port or "")), draft))]
        if found is None and overs:
            found = overs[0]
        if found is None and own:
            found = _new_segment(name, own, plan, by_port, draft)
        if found is not None and first.setdefault(found, name) != name:
            other = first[found]
            keys = {(one.device or "", one.port or ""): one for one in own}
            draft.loose |= set(keys)
            spots = [by_port[key].row.at("over") for key in keys if key in by_port]
            spot = spots[0] if spots else plan.first.get(name, Spot(""))
            said = f"ports of `{name}` and of `{other}` are both on `{found[1]}`"
            draft.findings.add(spot, "over", said, "one segment of the address plan for each entry")
        elif found is not None:
            result[name] = found
    return result


def _new_segment(
    name: str, members: list[Given], plan: Plan, by_port: dict[tuple[str, str], Connection], draft: Draft
) -> Target:
    """Add a segment that only the address plan knows: its place follows from its devices."""
    spot = plan.first.get(name, members[0].spot)
    id_ = draft.names.make("segments", name, spot, "segment")
    devices = draft.section("devices")
    roles = {devices[given.device]["role"] for given in members if given.device}
    shared = any(given.use == "gateway" and given.segment == name for given in plan.given)
    between = any(given.use == "transit" for given in members) or (
        roles == {"router"} and len(members) > 1 and not shared
    )
    site, over = _site(name, members, draft)
    connections = [by_port[key] for given in members if (key := (given.device or "", given.port or "")) in by_port]
    rates = sorted((one.rate_bps, one.row.at("rate")) for one in connections if one.rate_bps)
    city = draft.section("sites").get(site, {}).get("city") or draft.stated.get(f"sites.{site}", {}).get("city")
    record: dict[str, Any] = {
        **draft.named("segments", id_),
        "site": site,
        "zone": assumed(BETWEEN if between else UNZONED, "the zone"),
        "kind": inferred("transit", spot, "only routers are on it") if between else None,
        "city": value_of(city),
        "vlan": plan.vlans.get(name),
        "over": over,
        "rate": sourced(spell_rate(rates[0][0]), rates[0][1]) if rates else assumed(USUAL_RATE, "the speed"),
    }
    draft.put("segments", id_, record, spot)
    return "segments", id_


def _site(name: str, members: list[Given], draft: Draft) -> tuple[str, str | None]:
    """Return the site of a segment, and the campus link that carries it where its devices stand at two."""
    devices = draft.section("devices")
    sites = {devices[given.device]["site"]: given for given in members if given.device}
    if len(sites) == 1:
        return next(iter(sites)), None
    for id_, circuit in draft.section("circuits").items():
        if circuit["service"] == "campus-link" and set(circuit["ends"].values()) == set(sites):
            hosts = [
                devices[one.device]["site"] for one in members if one.device and devices[one.device]["role"] != "router"
            ]
            return (hosts or [min(sites)])[0], id_
    if draft.loose & {(one.device or "", one.port or "") for one in members}:
        return min(sites), None
    names = ", ".join(f"`{site}`" for site in sorted(sites))
    last = max(sites.values(), key=lambda given: given.spot)
    found = f"`{name}` has devices at {names}, which no campus link of the circuit list joins"
    draft.findings.add(last.spot, "segment", found, "devices of one site, or the campus link between them")
    return min(sites), None


def _attach(device: str, port: str, target: Target, draft: Draft) -> None:
    section, id_ = target
    ports = draft.section("devices")[device].setdefault("interfaces", {})
    ports[port] = {"segment" if section == "segments" else "circuit": id_}


def _attach_unaddressed(connection: Connection, entries: dict[str, Target], plan: Plan, draft: Draft) -> None:
    """Attach a port that the plan gives no address, and find cables that lead nowhere or into two segments."""
    devices = draft.section("devices")
    spots = {(given.device, given.port): given for given in plan.given}
    ends = [port for port in (connection.port, *connection.far) if port[0] in devices]
    on = {port: entries[spots[port].segment] for port in ends if port in spots and spots[port].segment in entries}
    if connection.over is None and len(set(on.values())) > 1:
        said = " and ".join(f"`{'/'.join(port)}` on `{target[1]}`" for port, target in sorted(on.items()))
        draft.findings.add(connection.row.at("port"), "port", f"one cable, two segments: {said}", "one segment")
        return
    target = _real(connection, draft) or next(iter(on.values()), None)
    for device, port in ends:
        known = devices[device].get("interfaces", {}).get(port)
        if known is None and target is not None:
            _attach(device, port, target, draft)
        elif known is None and not draft.loose & set(ends):
            said = f"`{device}/{port}` has no address and is over nothing that the lists name"
            draft.findings.add(connection.row.at("port"), "port", said, "a row of the address plan, or a circuit")


def compare_rates(connections: list[Connection], draft: Draft) -> None:
    """Find connections whose speed or MTU is not that of the circuit or segment that they are over."""
    from inventory.quantities import parse_rate

    for connection in connections:
        if connection.over is None:
            continue
        section, id_ = connection.over
        record = draft.section(section).get(id_, {})
        rate = record.get("planning_rate") or record.get("rate")
        stated = parse_rate(value_of(rate)) if rate else None
        if section == "circuits" and stated and connection.rate_bps and connection.rate_bps < stated:
            said = f"{show_rate(connection.rate_bps)} carries `{id_}` of {show_rate(stated)}"
            draft.findings.add(connection.row.at("rate"), "rate", said, "a port as fast as its circuit")
        mtu = value_of(record.get("mtu", 1500 if section == "circuits" else None))
        if mtu is not None and connection.mtu is not None and connection.mtu != mtu:
            said = f"{connection.mtu} on `{id_}`, whose MTU is {mtu}"
            draft.findings.add(connection.row.at("mtu"), "mtu", said, "the circuit's")
