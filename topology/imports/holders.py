"""Who owns and operates an asset of a list, and under which contract."""

from __future__ import annotations

from topology.imports.draft import Draft, Plain, assumed
from topology.imports.findings import Spot
from topology.imports.kinds import PARTIES, kind_in
from topology.imports.sheets import Row

FIELDS = ("owner", "operator", "contract")
HELD = ("circuits", "rooms", "power_sources")
"""Sections whose records the lists may leave without a holder."""


def holders(row: Row, draft: Draft) -> Plain:
    """Return owner, operator and contract of a row; what it leaves out is somebody whom nobody named."""
    names = {field: draft.values.text(row, field) for field in FIELDS}
    owner = _party(names["owner"] or "owner-unknown", row.at("owner"), "owner", draft)
    operator = _party(names["operator"] or "operator-unknown", row.at("operator"), "operator", draft)
    unnamed = f"{names['operator']}との契約" if names["operator"] and operator != owner else "contract-unknown"
    how = "inferred" if names["contract"] else "assumed"
    contract = _contract(names["contract"] or unnamed, how, (owner, operator), row.at("contract"), draft)
    return {"owner": owner, "operator": operator, "contract": contract}


def holders_if_named(row: Row, draft: Draft) -> Plain:
    """Return the holders of a row that names one of them, else nothing."""
    return holders(row, draft) if any(row.has(field) for field in FIELDS) else {}


def fill_holders(draft: Draft) -> None:
    """Where the lists name parties, give every asset without holders somebody whom nobody named."""
    if not draft.section("parties") and not any(path.startswith("parties.") for path in draft.stated):
        return
    for section in HELD:
        for id_, record in draft.section(section).items():
            if any(field in record for field in FIELDS) or f"{section}.{id_}" in draft.stated:
                continue
            spot = draft.origins[f"{section}.{id_}"]
            owner = _party("owner-unknown", spot, "owner", draft)
            operator = _party("operator-unknown", spot, "operator", draft)
            contract = _contract("contract-unknown", "assumed", (owner, operator), spot, draft)
            record |= {"owner": owner, "operator": operator, "contract": contract}


def _contract(label: str, how: str, sides: tuple[str, str], spot: Spot, draft: Draft) -> str:
    """Return the id of a contract between an owner and an operator, added where no list states it."""
    owner, operator = sides
    id_ = draft.names.make("contracts", label, spot, "contract")
    if id_ not in draft.section("contracts") and f"contracts.{id_}" not in draft.stated:
        contractor = operator if operator != owner else _party("operator-unknown", spot, "operator", draft)
        draft.put("contracts", id_, {
            **draft.named("contracts", id_), "how": how,
            "kind": assumed("service-contract", "what kind of contract it is"),
            "client": assumed(owner, "who has the work done"), "contractor": assumed(contractor, "who does it"),
        }, spot)  # fmt: skip
    return id_


def _party(label: str, spot: Spot, field: str, draft: Draft) -> str:
    id_ = draft.names.make("parties", label, spot, field)
    if id_ not in draft.section("parties") and f"parties.{id_}" not in draft.stated:
        kind = kind_in(PARTIES, label) or "integrator"
        record = {**draft.named("parties", id_), "how": "assumed" if "unknown" in id_ else "printed",
                  "kind": assumed(kind, f"what `{label}` is")}  # fmt: skip
        draft.put("parties", id_, record, spot)
    return id_
