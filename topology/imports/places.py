"""Sites and cities as lists name them: known from a code list, else made, with what their names say."""

from __future__ import annotations

import re

from topology.imports.draft import Draft, assumed, inferred
from topology.imports.findings import Spot
from topology.imports.sheets import Row
from topology.imports.text import folded, same

_CITY = re.compile(r"^(\w{1,6}?[市町村区])(?![市場])")
_CENTRES = ("データセンタ", "センター", "datacentre", "datacenter", "idc")
_HALLS = ("庁舎", "市役所", "町役場", "村役場", "役場", "本庁", "支所", "hall")
_NETWORKS = ("網", "network", "インターネット")


def site_of(row: Row, field: str, draft: Draft) -> str | None:
    """Return the id of the site that a cell names; a new name makes a new site."""
    label = draft.values.required(row, field)
    return site_named(label, row.at(field), field, draft) if label else None


def site_named(label: str, spot: Spot, field: str, draft: Draft) -> str:
    """Return the id of a site by its name; of a new one the kind and the city follow from the name."""
    id_ = draft.names.make("sites", label, spot, field)
    if id_ not in draft.section("sites") and f"sites.{id_}" not in draft.stated:
        kind = _site_kind(label)
        record = {**draft.named("sites", id_), "kind": inferred(kind, spot, f"the name `{label}`")}
        if kind != "data-centre":
            record["city"] = inferred(_city_of(label, spot, draft), spot, f"the name `{label}`")
        draft.put("sites", id_, record, spot)
    return id_


def is_network(label: str) -> bool:
    """Tell whether the end of a circuit is a carrier's network (地域IP網) by its name."""
    return any(word in same(label) for word in _NETWORKS)


def city_named(label: str, spot: Spot, draft: Draft) -> str:
    """Return the id of a city by its name; nobody knows how many people live in a new one."""
    id_ = draft.names.make("cities", label, spot, "city")
    if id_ not in draft.section("cities") and f"cities.{id_}" not in draft.stated:
        why = "the number of people, from which every load scales; 1 stands for it"
        record = {**draft.named("cities", id_), "population": assumed(1, why), "households": assumed(1, why)}
        draft.put("cities", id_, record, spot)
    return id_


def _city_of(label: str, spot: Spot, draft: Draft) -> str:
    found = _CITY.match(folded(label))
    return city_named(found[1] if found else label, spot, draft)


def _site_kind(label: str) -> str:
    text = same(label)
    if any(word in text for word in _CENTRES):
        return "data-centre"
    return "hall" if any(word in text for word in _HALLS) else "network-building"
