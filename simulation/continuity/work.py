"""What a city asks for in an hour that counters are open: screen transactions by service, certificates, and who enters.

Rates are those of a mean business day, spread evenly over its hours.
"""

from __future__ import annotations

import dataclasses

from inventory.models.continuity import Continuity
from inventory.models.estate import Estate
from topology.load import figures


@dataclasses.dataclass(frozen=True)
class Work:
    """A city's work in an open hour: `changes` and `inquiries` by service, `certificates`; how many are `entering`."""

    changes: dict[str, float]
    inquiries: dict[str, float]
    certificates: float
    entering: float


def work_of(estate: Estate, plan: Continuity, city: str, open_h: float) -> Work | None:
    """Return a city's work; None where the estate states no load of it.

    Services that an emergency counter replaces have `replaced_share` of all transactions, the others the rest by how
    many functions they serve; without others the whole is on those replaced.
    """
    found = {figure.key: float(figure.value) for figure in figures(estate) if figure.city == city}
    if not found:
        return None
    records = estate.records
    replaced = {name for one in records.emergency_counters.values() if one.city == city for name in one.replaces}
    replaced = replaced or {name for name, one in records.services.items() if city in one.instances}
    others = {
        id_: len(one.functions)
        for id_, one in records.designed_services.items()
        if one.functions and any(instance.city == city and instance.users for instance in one.instances.values())
    }
    share = plan.replaced_share if others else 1.0
    weights = {name: share / len(replaced) for name in replaced}
    weights |= {name: (1 - share) * count / sum(others.values()) for name, count in others.items()}
    hour = found["transactions"] / open_h
    return Work(
        {name: hour * weight * (1 - plan.inquiry_share) for name, weight in sorted(weights.items())},
        {name: hour * weight * plan.inquiry_share for name, weight in sorted(weights.items())},
        found["certificates"] / open_h,
        found["users-at-once"] * plan.entering_staff,
    )
