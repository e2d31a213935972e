"""The economics of an estate as one plain document: figures, effort, the phase after, and another case beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from inventory.models.economics import MONEY_MEASURES, Economics, Effort
from inventory.models.estate import Estate
from topology.economics.costs import WhatIf
from topology.economics.derivation import Figures, derive
from topology.economics.printed import compare
from topology.economics.schedule import schedule


def economics_document(estate: Estate, economics: Economics, what_if: WhatIf) -> dict[str, Any]:
    """Return amounts in yen (`unit` JPY) and shares and savings as fractions of one (`unit` ratio).

    Raises KeyError for a line or candidate that the estate does not have.
    """
    derived, exact = derive(economics), derive(economics, rounded=False)
    return {
        "estate": estate.name,
        "estate_digest": estate.digest,
        "term_years": economics.term_years,
        "figures": _figures(estate, economics, derived, exact),
        "what_if": _what_if(economics, derived, what_if) if what_if else None,
        "second_phase": _second_phase(economics),
        "effort": _effort(estate.records.effort),
        "assumed": [
            {"path": path, "source": origin.source, "file": estate.where(path)[0], "line": estate.where(path)[1]}
            for path, origin in sorted(estate.provenance.items())
            if path.startswith("economics.") and origin.how == "assumed"
        ],
    }


def unit_of(measure: str) -> str:
    """Return the unit of a measure."""
    return "JPY" if measure in MONEY_MEASURES else "ratio"


def _number(value: Fraction, measure: str) -> float:
    """Return yen to the hundredth, ratios to the millionth of a percent: enough for any print, no more."""
    return round(float(value), 2 if measure in MONEY_MEASURES else 8)


def _figures(estate: Estate, economics: Economics, derived: Figures, exact: Figures) -> list[dict[str, Any]]:
    printed = {one.key: one for one in compare(economics)}
    rows = []
    for key, value in derived.of.items():
        who, alternative, measure = key
        one = printed.get(key)
        file, line = estate.where(f"economics.printed.{one.index}" if one else "economics")
        rows.append({
            "who": who, "alternative": alternative, "measure": measure, "unit": unit_of(measure),
            "derived": _number(value, measure), "exact": _number(exact.of[key], measure),
            "printed": _number(one.printed, measure) if one else None,
            "decimals": one.decimals if one else None,
            "agrees": one.agrees if one else None,
            "rounding_matters": one.rounding_matters if one else None,
            "slip": one.slip if one else None,
            "source": one.source if one else None,
            "file": file, "line": line,
        })  # fmt: skip
    return rows


def _what_if(economics: Economics, stated: Figures, change: WhatIf) -> dict[str, Any]:
    changed = derive(economics, what_if=change)
    return {
        "term_years": changed.term_years,
        "prices": dict(change.prices),
        "joining": list(change.joining),
        "figures": [
            {
                "who": key[0], "alternative": key[1], "measure": key[2], "unit": unit_of(key[2]),
                "stated": _number(stated.of[key], key[2]) if key in stated.of else None,
                "changed": _number(value, key[2]),
            }
            for key, value in changed.of.items()
        ],
    }  # fmt: skip


def _second_phase(economics: Economics) -> dict[str, Any] | None:
    if economics.second_phase is None:
        return None
    plan = schedule(economics, economics.second_phase)
    return {
        "payments": plan.payments,
        "planned": {who: _number(value, "total") for who, value in plan.planned.items()},
        "allowed": {who: _number(value, "total") for who, value in plan.allowed.items()},
        "kept": plan.kept,
    }


def _effort(effort: Effort | None) -> dict[str, Any] | None:
    if effort is None:
        return None
    tables = {
        id_: {
            "columns": dict(table.columns),
            "slots": sum(table.columns.values()),
            "hours": sum(table.columns.values()) * effort.slot_hours,
            "printed_totals": list(table.printed_totals),
            "remark": table.remark,
        }
        for id_, table in effort.meetings.items()
    }
    return {"staff": {city: dict(years) for city, years in effort.staff.items()}, "meetings": tables}
