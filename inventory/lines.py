"""What a group of circuits carries, from its members: for the rule on what is stated, and for what-ifs that change one.

Who asks what another rate of a circuit would mean gives that rate alone: the group's own then follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inventory.models.circuits import Circuit, CircuitGroup
from inventory.models.estate import EstateRecords


def rate_of_members(group: CircuitGroup, circuits: Sequence[Circuit]) -> float | None:
    """Return the sum over a logical line, or the rate of a main line (bit/s); None where there is not one main line.

    `circuits` are those of the group's members, in their order.
    """
    chosen = [
        circuit.rate_bps
        for member, circuit in zip(group.members, circuits, strict=True)
        if group.kind == "logical-line" or member.priority == "primary"
    ]
    return sum(chosen) if group.kind == "logical-line" or len(chosen) == 1 else None


def with_lines_following(records: EstateRecords, overrides: Mapping[str, str]) -> EstateRecords:
    """Return records whose groups have the rate of their members where a member's was given for this run.

    A rate that was given for the group itself stays, and must then be the right one.
    """
    given = {path.split(".")[1] for path in overrides if path.startswith("circuits.") and path.endswith(".rate")}
    if not given:
        return records
    groups = dict(records.circuit_groups)
    for id_, group in records.circuit_groups.items():
        names = [member.circuit for member in group.members]
        known = all(name in records.circuits for name in names)
        if known and given & set(names) and f"circuit_groups.{id_}.rate" not in overrides:
            rate_bps = rate_of_members(group, [records.circuits[name] for name in names])
            if rate_bps is not None:
                groups[id_] = group.model_copy(update={"rate_bps": rate_bps})
    return records.model_copy(update={"circuit_groups": groups})
