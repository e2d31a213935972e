"""Names of devices and ports in lists: `RT-01/Gi0/0/1`, `GigabitEthernet0/1`, `eth0`."""

from __future__ import annotations

import re

from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.text import dashed, same

LONGEST = 15
_SHORT = (
    ("hundredgigabitethernet", "hu"), ("hundredgige", "hu"), ("fortygigabitethernet", "fo"),
    ("tengigabitethernet", "te"), ("tengige", "te"), ("gigabitethernet", "gi"), ("fastethernet", "fa"),
    ("management", "mgmt"), ("ethernet", "eth"), ("port-channel", "po"), ("ポート", "port"),
)  # fmt: skip


def port_name(text: str | None) -> str | None:
    """Return the estate's name of a port: short, lower-case, hyphens for signs; None where nothing is left."""
    plain = dashed(text).casefold().replace("ポ-ト", "ポート")
    for long, short in _SHORT:
        if plain.startswith(long):
            plain = short + plain[len(long) :].lstrip()
            break
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    plain = plain if not plain[:1].isdigit() else f"p{plain}"
    return plain or None


def checked_port(text: str | None, spot: Spot, field: str, draft: Draft) -> str | None:
    """Return a port's name; one that stays too long is a finding."""
    name = port_name(text)
    if text and name is None:
        draft.findings.add(spot, field, f"`{text}` makes no name of a port", "Latin letters and digits")
    if name is not None and len(name) > LONGEST:
        draft.findings.add(spot, field, f"`{name}` has {len(name)} characters", f"at most {LONGEST}")
        return None
    return name


def device_known(label: str, spot: Spot, field: str, draft: Draft) -> str | None:
    """Return the id of a device that a list names; one that stands in no list of equipment is a finding.

    Hardware that carries one device may be named for it. Hardware without one (a switch) is known and has no ports.
    """
    label = label.removeprefix("devices.").removeprefix("hardware.")
    if same(label) in draft.dropped:
        return None
    id_ = draft.names.meant("devices", label, spot, field)
    if id_ is None:
        unit = draft.names.find("hardware", label)
        carried = draft.carried.get(unit or "", [])
        id_ = carried[0] if len(carried) == 1 else None
        if unit is not None and id_ is None:
            return None
    if id_ is None and not is_unit(label, draft):
        draft.findings.add(spot, field, f"`{label}` stands in no list of equipment", "a device of the equipment list")
    return id_


def is_unit(label: str, draft: Draft) -> bool:
    """Tell whether a name means hardware."""
    return draft.names.find("hardware", label.removeprefix("hardware.")) is not None
