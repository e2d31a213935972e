"""Rows of a circuit list (回線一覧): circuits with their two ends, their providers and the groups that they form."""

from __future__ import annotations

import re
from typing import Any

from inventory.spelling import spell_duration, spell_rate
from topology.imports.draft import Draft, assumed, inferred, sourced, value_of
from topology.imports.holders import holders_if_named
from topology.imports.kinds import CIRCUITS, PRIORITIES, kind_in
from topology.imports.places import is_network, site_named
from topology.imports.sheets import Row
from topology.imports.text import same

PROFILE = "ikev2-aes256gcm"
_BETWEEN = re.compile(r"\s*(?:—|–|―|~|〜|～|⇔|↔|⇄|→|⇒|<->|<=>|->|から|\bto\b| - |-|－)\s*")


def read_circuits(rows: list[Row], draft: Draft) -> None:
    """Make a circuit of every row, with providers and carrier networks; those of one logical line form a group."""
    groups: dict[str, list[tuple[Row, str]]] = {}
    for row in rows:
        id_ = _read_circuit(row, draft)
        if id_ and row.has("group"):
            groups.setdefault(draft.values.text(row, "group") or "", []).append((row, id_))
    for label, members in groups.items():
        _group(label, members, draft)


def _read_circuit(row: Row, draft: Draft) -> str | None:
    values = draft.values
    label, provider = values.required(row, "circuit"), values.required(row, "provider")
    rate_bps, planned_bps = values.rate_bps(row, "rate"), values.rate_bps(row, "planned")
    if not row.has("rate"):
        values.required(row, "rate")
    kind = _kind(row, draft)
    ends = _ends(row, draft)
    if label is None or provider is None or rate_bps is None or kind is None or ends is None:
        return None
    id_ = draft.names.make("circuits", label.removeprefix("circuits."), row.at("circuit"), "circuit")
    draft.names.declare("circuits", id_, values.text(row, "name"))
    provider_id = draft.names.make("providers", provider, row.at("provider"), "provider")
    contact = values.text(row, "contact")
    if provider_id not in draft.section("providers"):
        record: dict[str, Any] = {**draft.named("providers", provider_id), "contact": contact}
        draft.put("providers", provider_id, {**record, **draft.more("providers", provider_id)}, row.at("provider"))
    placed = [_end(end, row, provider_id, draft) for end in ends]
    profile, mtu = values.text(row, "profile"), values.whole(row, "mtu", 1280, 9216)
    delay_s = values.delay_s(row, "delay")
    service_ja = values.text(row, "service")
    pppoe = kind_in({"pppoe": "pppoe"}, values.text(row, "encapsulation"))
    if profile:
        profile = draft.names.make("tunnel_profiles", profile, row.at("profile"), "profile")
    elif any(end in draft.section("carrier_networks") for end in placed):
        profile = draft.names.make("tunnel_profiles", PROFILE, row.at("profile"), "profile")
    record = {
        **draft.named("circuits", id_),
        "requirements": values.names(row, "requirements"),
        "provider": provider_id,
        "service": kind,
        "service_ja": service_ja if same(service_ja) not in {same(values.text(row, "kind")), same(kind)} else None,
        "ends": dict(zip("az", placed, strict=True)),
        "rate": sourced(spell_rate(rate_bps), row.at("rate")),
        "planning_rate": sourced(spell_rate(planned_bps), row.at("planned"))
        if planned_bps and planned_bps != rate_bps else None,
        "encapsulation": pppoe,
        "mtu": sourced(mtu, row.at("mtu")) if mtu != 1500 else None,
        "delay": sourced(spell_duration(delay_s), row.at("delay")) if delay_s else None,
        "tunnel_profile": profile,
        **holders_if_named(row, draft),
        **{key: value for key, value in draft.more("circuits", id_).items() if key == "service_ja"},
    }  # fmt: skip
    draft.put("circuits", id_, record, row.at("circuit"))
    return id_


def _kind(row: Row, draft: Draft) -> str | None:
    texts = [draft.values.text(row, field) for field in ("kind", "service", "name")]
    found = kind_in(CIRCUITS, *texts, own=draft.headings.kinds)
    if found is None:
        field = next((name for name in ("kind", "service", "name") if row.has(name)), "service")
        said = f"`{draft.values.text(row, field) or ''}` is no known kind of circuit"
        expected = "広域イーサネット, アクセス回線 or 構内線 in it, or `kinds` in a mapping file"
        draft.findings.add(row.at(field), "kind", said, expected)
    return found


def _ends(row: Row, draft: Draft) -> tuple[str, str] | None:
    """Return the names of both ends, from two columns or from one (`A—Z`); fewer than two are a finding."""
    values = draft.values
    field = "between" if row.has("between") or "end_a" not in row.cells else "end_a"
    if field == "between":
        text = values.text(row, "between") or ""
        ends = _parted(text, draft)
    else:
        ends = [end for end in (values.text(row, "end_a"), values.text(row, "end_z")) if end]
        text = " ".join(ends)
        field = field if values.text(row, "end_z") else "end_z"
        field = field if values.text(row, "end_a") else "end_a"
    if len(ends) != 2:
        found = f"`{text}` names {len(ends)} of two ends" if text else "names no end"
        draft.findings.add(row.at(field), field, found, "two places, such as `データセンター—市庁舎`")
        return None
    if same(ends[0]) == same(ends[1]):
        draft.findings.add(row.at(field), field, f"both ends are `{ends[0]}`", "two places")
        return None
    return ends[0], ends[1]


def _parted(text: str, draft: Draft) -> list[str]:
    """Return the two ends of `A—Z`; where the sign stands in names as well, the place that leaves two known ones."""
    found = list(_BETWEEN.finditer(text))
    pairs = [(text[: at.start()].strip(), text[at.end() :].strip()) for at in found]
    pairs = [pair for pair in pairs if all(pair)]
    known = [pair for pair in pairs if all(_is_known(end, draft) for end in pair)]
    one = known or [pair for pair in pairs if len(pairs) == 1]
    return list(one[0]) if one else [text] if text and not pairs else re.split(_BETWEEN, text) if text else []


def _is_known(label: str, draft: Draft) -> bool:
    return any(draft.names.knows(section, label) for section in ("sites", "carrier_networks"))


def _end(label: str, row: Row, provider: str, draft: Draft) -> str:
    """Return the id of a circuit's end: a carrier network or a site."""
    field = "between" if row.has("between") else "end_a"
    names = draft.names
    id_ = names.find("carrier_networks", label)
    if id_ is None and (names.knows("sites", label) or not is_network(label)):
        if not names.knows("sites", label):
            draft.findings.add(row.at(field), field, f"`{label}` is a place where no equipment of the lists stands",
                               "a site of the equipment list")  # fmt: skip
        return site_named(label, row.at(field), field, draft)
    id_ = id_ or names.make("carrier_networks", label, row.at(field), field)
    if id_ not in draft.section("carrier_networks"):
        record = {**draft.named("carrier_networks", id_), "provider": provider}
        draft.put("carrier_networks", id_, {**record, **draft.more("carrier_networks", id_)}, row.at(field))
    return id_


def _group(label: str, members: list[tuple[Row, str]], draft: Draft) -> None:
    """Make a group of the circuits of one logical line, unless the code list states it."""
    row = members[0][0]
    known = draft.names.find("circuit_groups", label)
    if known and f"circuit_groups.{known}" in draft.stated:
        return
    if len(members) < 2:
        draft.findings.note(row.at("group"), f"`{label}` has one circuit: no group")
        return
    records = [draft.section("circuits").get(id_, {}) for _, id_ in members]
    priorities = []
    for member, _ in members:
        text = draft.values.text(member, "priority")
        priority = kind_in(PRIORITIES, text) if text else "active"
        if priority is None:
            draft.findings.add(member.at("priority"), "priority", f"`{text}` is no priority", "主, 副 or 稼働")
        priorities.append(priority or "active")
    kind = "logical-line" if set(priorities) == {"active"} else "main-and-backup"
    ends = {end for record in records for end in record.get("ends", {}).values()}
    cities = [_city(draft, end) for end in sorted(ends)]
    city = next((one for one in cities if one), None)
    rates = [_bps(record) for record, priority in zip(records, priorities, strict=True)
             if kind == "logical-line" or priority == "primary"]  # fmt: skip
    if kind == "main-and-backup" and priorities.count("primary") != 1:
        found = f"`{label}` has {priorities.count('primary')} main circuits"
        draft.findings.add(row.at("group"), "group", found, "one that is 主, the others 副")
        return
    if not all(rates):
        return
    if city is None:
        draft.findings.note(row.at("group"), f"`{label}` ends at no city's site: no group")
        return
    id_ = draft.names.make("circuit_groups", label, row.at("group"), "group")
    draft.put("circuit_groups", id_, {
        **draft.named("circuit_groups", id_), "kind": kind, "city": city,
        "rate": inferred(spell_rate(sum(rates)), row.at("group"), "the rates of its circuits"),
        "members": [{"circuit": circuit, "priority": priority}
                    for (_, circuit), priority in zip(members, priorities, strict=True)],
    }, row.at("group"))  # fmt: skip


def _city(draft: Draft, site: str) -> str | None:
    record = draft.section("sites").get(site) or draft.stated.get(f"sites.{site}", {})
    city = value_of(record.get("city"))
    return str(city) if city else None


def _bps(record: dict[str, Any]) -> float:
    from inventory.quantities import parse_rate

    return parse_rate(value_of(record["rate"])) if "rate" in record else 0.0


def add_profiles(draft: Draft) -> None:
    """Define the tunnel profiles that circuits name and the code list does not state."""
    profiles = draft.section("encryption.tunnel_profiles")
    named = {record["tunnel_profile"] for record in draft.section("circuits").values() if "tunnel_profile" in record}
    for id_ in sorted(named - set(profiles)):
        profiles[id_] = {
            **draft.named("tunnel_profiles", id_),
            "ike_version": 2,
            "ike_proposal": assumed("aes256gcm16-prfsha384-ecp384", "how the tunnel is negotiated"),
            "esp_proposal": assumed("aes256gcm16-ecp384", "how the tunnel is encrypted"),
            "authentication": "pre-shared-key",
            "dpd_delay": assumed("10 s", "how often the peer is asked"),
            "udp_encapsulation": assumed(True, "whether ESP runs inside UDP"),
        }
