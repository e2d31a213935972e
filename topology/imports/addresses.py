"""Rows of an address plan (IPアドレス管理表): who has which address in which segment, and what of it cannot be."""

from __future__ import annotations

import dataclasses
import itertools

from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.kinds import STATES, USES, kind_in
from topology.imports.ports import checked_port, device_known, is_unit, port_name
from topology.imports.sheets import Row
from topology.imports.text import as_id
from topology.imports.values import Address4, Network4

USUAL_PORT = "eth0"


@dataclasses.dataclass(frozen=True)
class Given:
    """An address that the plan gives out. `segment` is its name there; `device` an id, or None for a shared gateway."""

    row: Row
    spot: Spot
    segment: str
    address: Address4
    prefix: Network4
    device: str | None
    port: str | None
    use: str
    vlan: int | None


@dataclasses.dataclass
class Plan:
    """The whole plan: addresses in use, and what was given out and is kept (`retired`)."""

    given: list[Given] = dataclasses.field(default_factory=list)
    retired_prefixes: dict[str, str] = dataclasses.field(default_factory=dict)
    retired_addresses: dict[str, str] = dataclasses.field(default_factory=dict)
    pins: dict[str, str] = dataclasses.field(default_factory=dict)
    prefixes: dict[str, Network4] = dataclasses.field(default_factory=dict)
    vlans: dict[str, int] = dataclasses.field(default_factory=dict)
    first: dict[str, Spot] = dataclasses.field(default_factory=dict)


def read_addresses(rows: list[Row], stated: dict[str, Network4], draft: Draft) -> Plan:
    """Return the plan of the rows; `stated` are prefixes that a segment list gives by segment."""
    plan = Plan(prefixes=dict(stated))
    _segment_prefixes(rows, plan, draft)
    holders: dict[Address4, tuple[str, Given]] = {}
    ports: dict[tuple[str, str], Given] = {}
    for row in rows:
        use = kind_in(USES, draft.values.text(row, "use")) or "port"
        state = kind_in(STATES, draft.values.text(row, "state"))
        if state == "free":
            continue
        if "retired" in {use, state}:
            _retire(row, plan, draft)
            continue
        given = _given(row, use, plan, draft)
        if given is None or _clashes(given, holders, ports, draft):
            _loosen(row, draft)
            continue
        plan.given.append(given)
        if state == "pinned" and given.device and given.port:
            plan.pins[f"{given.device}/{given.port}"] = str(given.address)
    _overlaps(plan, draft)
    _reused(plan, draft)
    return plan


def segment_key(row: Row, draft: Draft) -> str | None:
    """Return the name of the row's segment in one spelling: that of an entry where it is known."""
    label = draft.values.text(row, "segment")
    if label is None:
        return None
    for section in ("segments", "circuits"):
        id_ = draft.names.find(section, label.removeprefix(f"{section}."))
        if id_ is not None:
            return id_
    return label


def _segment_prefixes(rows: list[Row], plan: Plan, draft: Draft) -> None:
    """Collect the prefix and the VLAN of every segment; rows that disagree are findings at the later one."""
    vlan_spots: dict[str, Spot] = {}
    for row in rows:
        use = kind_in(USES, draft.values.text(row, "use"))
        name = segment_key(row, draft)
        if name is None or use in {"tunnel", "tunnel-endpoint", "loopback", "retired"}:
            continue
        prefix = draft.values.network(row, "prefix") if row.has("prefix") else None
        if prefix is not None:
            known = plan.prefixes.setdefault(name, prefix)
            where = plan.first.setdefault(name, row.at("prefix"))
            if known != prefix:
                found = f"`{name}` is {prefix} here and {known} ({where})"
                draft.findings.add(row.at("prefix"), "prefix", found, "one prefix for a segment")
        vlan = draft.values.whole(row, "vlan", 1, 4094)
        if vlan is not None and plan.vlans.setdefault(name, vlan) != vlan:
            found = f"`{name}` is VLAN {vlan} here and {plan.vlans[name]} ({vlan_spots[name]})"
            draft.findings.add(row.at("vlan"), "vlan", found, "one VLAN for a segment")
        vlan_spots.setdefault(name, row.at("vlan"))


def _overlaps(plan: Plan, draft: Draft) -> None:
    """Find segments whose prefixes overlap."""
    found = sorted(plan.prefixes.items(), key=lambda item: (item[1].network_address, item[1].prefixlen, item[0]))
    for (one, prefix), (other, later) in itertools.pairwise(found):
        if prefix.overlaps(later):
            spots = sorted(plan.first[name] for name in (one, other) if name in plan.first)
            said = f"{later} of `{other}` overlaps {prefix} of `{one}`"
            draft.findings.add(spots[-1] if spots else Spot(""), "prefix", said, "a prefix of its own")


def _given(row: Row, use: str, plan: Plan, draft: Draft) -> Given | None:
    values = draft.values
    found = values.address(row, "address")
    if found is None:
        if not row.has("address") and row.has("device"):
            draft.findings.add(row.at("address"), "address", "is blank", "the device's address, or no device")
        return None
    address, length = found
    name = segment_key(row, draft)
    prefix = _prefix(row, use, address, length, name, plan, draft)
    if prefix is None:
        return None
    ends = {prefix.network_address, prefix.broadcast_address} if prefix.prefixlen < 31 else set()
    if address in ends:
        what = "network" if address == prefix.network_address else "broadcast"
        draft.findings.add(row.at("address"), "address", f"{address} is the {what} address of {prefix}", "a host's")
        return None
    name = name or next((one for one, known in plan.prefixes.items() if known == prefix), None) or _new_name(prefix)
    if use not in {"tunnel", "tunnel-endpoint", "loopback"}:
        plan.prefixes.setdefault(name, prefix)
        plan.first.setdefault(name, row.at("address"))
    device, port = _holder(row, use, draft)
    if device is None and use != "gateway":
        return None
    vlan = plan.vlans.get(name)
    return Given(row, row.at("address"), name, address, prefix, device, port, use, vlan)


def _prefix(  # noqa: PLR0917 -- what a row and the rows before it say
    row: Row, use: str, address: Address4, length: int | None, name: str | None, plan: Plan, draft: Draft
) -> Network4 | None:
    """Return the prefix around an address; a mask or a prefix that disagrees is a finding."""
    values = draft.values
    stated, mask = values.network(row, "prefix"), values.mask(row, "mask")
    if (row.has("prefix") and stated is None) or (row.has("mask") and mask is None):
        return None
    lengths = {"prefix": stated.prefixlen if stated else None, "mask": mask, "address": length}
    known = stated if use in {"tunnel", "tunnel-endpoint", "loopback"} else stated or plan.prefixes.get(name or "")
    wanted = known.prefixlen if known else next((one for one in lengths.values() if one is not None), None)
    if wanted is None:
        if use == "loopback":
            return Network4(f"{address}/32")
        draft.findings.add(row.at("address"), "prefix", f"nothing says how long the prefix of {address} is",
                           "a prefix or a mask")  # fmt: skip
        return None
    for field, one in lengths.items():
        if one is not None and one != wanted:
            around = f"{known} of its segment" if known else f"/{wanted}"
            draft.findings.add(row.at(field), field, f"/{one} disagrees with {around}", f"/{wanted}")
            return None
    prefix = known or Network4((address, wanted), strict=False)
    if address not in prefix:
        draft.findings.add(row.at("address"), "address", f"{address} is not in {prefix}", f"an address of {prefix}")
        return None
    return prefix


def _holder(row: Row, use: str, draft: Draft) -> tuple[str | None, str | None]:
    """Return the device and the port of a row; a shared gateway belongs to its segment."""
    if use == "gateway":
        return None, None
    label = draft.values.required(row, "device")
    if label is None:
        return None, None
    label = label.removeprefix("devices.")
    carrier = draft.names.find("carrier_networks", label)
    if carrier is not None:
        return carrier, draft.values.text(row, "interface")
    device = device_known(label, row.at("device"), "device", draft)
    if device is None:
        if is_unit(label, draft):
            draft.findings.note(
                row.at("device"), f"address of `{label}`, which is no node of the estate: not taken over"
            )
        return None, None
    name = checked_port(draft.values.text(row, "interface"), row.at("interface"), "interface", draft)
    return device, name or USUAL_PORT


def _clashes(
    given: Given, holders: dict[Address4, tuple[str, Given]], ports: dict[tuple[str, str], Given], draft: Draft
) -> bool:
    """Tell whether an address or a port is given out already, and find it so."""
    holder = given.segment if given.device is None else f"{given.device}/{given.port}"
    known = holders.get(given.address)
    if known is not None:
        if given.use == "gateway" and known[1].use == "gateway" and known[0] == holder:
            return True
        found = f"{given.address} is that of `{known[0]}` as well ({known[1].spot})"
        draft.findings.add(given.spot, "address", found, "an address of its own")
        return True
    holders[given.address] = (holder, given)
    if given.device is None or given.port is None or given.use in {"tunnel", "tunnel-endpoint", "loopback"}:
        return False
    first = ports.setdefault((given.device, given.port), given)
    if first is not given:
        found = f"`{holder}` has {first.address} already ({first.spot})"
        draft.findings.add(given.row.at("interface"), "interface", found, "one address for a port")
        return True
    return False


def _loosen(row: Row, draft: Draft) -> None:
    """Keep in mind that the port of a row may be without its address because the row was left out."""
    label = (draft.values.text(row, "device") or "").removeprefix("devices.")
    device = draft.names.find("devices", label)
    if device is not None:
        draft.loose.add((device, port_name(draft.values.text(row, "interface")) or USUAL_PORT))


def _retire(row: Row, plan: Plan, draft: Draft) -> None:
    """Keep what was given out once: a prefix of an entry, or an address of a port."""
    values = draft.values
    found, prefix = values.address(row, "address"), values.network(row, "prefix")
    device, port = values.plain(row, "device"), values.plain(row, "interface")
    if found is not None:
        name = (device or "retired").removeprefix("devices.")
        holder = f"{as_id(name) or name}/{port or found[0]}"
        plan.retired_addresses[holder] = str(found[0])
        plan.first[f"retired {found[0]}"] = row.at("address")
    elif prefix is not None:
        plan.retired_prefixes[values.text(row, "segment") or str(prefix)] = str(prefix)


def _reused(plan: Plan, draft: Draft) -> None:
    """Find addresses in use that are kept for what left."""
    kept = {text: holder for holder, text in plan.retired_addresses.items()}
    for given in plan.given:
        holder = kept.get(str(given.address))
        if holder is not None:
            where = plan.first[f"retired {given.address}"]
            found = f"{given.address} is kept for `{holder}`, which left ({where})"
            draft.findings.add(given.spot, "address", found, "an address that was never given out")


def _new_name(prefix: Network4) -> str:
    return f"net-{str(prefix).replace('.', '-').replace('/', '-')}"
