"""What to do about a job or circuit, by which volume of the manual, and whom to call: by role, as the estate has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.models.estate import Estate
from inventory.models.record import said
from simulation.batch.layout import described
from simulation.tonight.standing import Standing

DAY_S = 86400.0


def matters(standing: Standing, endless: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return what calls for someone: failed, held and overdue jobs, circuits that are not as they should be.

    `endless` are jobs that do not end as things stand, even with all failed and held ones put right.
    """
    state, estate = standing.state, standing.estate
    found = []
    kinds = (("failed", state.of("failed")), ("overdue", standing.overdue), ("held", state.of("held")))
    for why, jobs in (*kinds, ("endless", endless)):
        for id_ in jobs:
            record: Any = estate.records.jobs.get(id_) or estate.records.backups[id_]
            found.append({
                "about": id_, "why": why, "name": record.name, "name_ja": record.name_ja,
                "do": _on_failure(record, "en"), "do_ja": _on_failure(record, "ja"),
                "call": _merged(
                    [*_watch(estate), *_running(estate), *_deciding(estate, standing.habits[id_].city)]
                ),
            })  # fmt: skip
    for id_, circuit in sorted(state.circuits.items()):
        if circuit.state == "down" or circuit.rate_bps is not None:
            one = estate.records.circuits[id_]
            found.append({
                "about": id_, "why": "down" if circuit.state == "down" else "slow", "name": one.name,
                "name_ja": one.name_ja, "do": None, "do_ja": None,
                "call": _merged([*_watch(estate), *_carrier(estate, id_)]),
            })  # fmt: skip
    return found


def runbook(estate: Estate) -> dict[str, Any] | None:
    """Return the volume of the operation manual that covers the nights, or None where the estate names none."""
    name = described(estate).manual
    if name is None:
        return None
    volume = estate.records.manual_volumes[name]
    return {"volume": name, "name": volume.name, "name_ja": volume.name_ja,
            "command": "twin document --only operation-manual --out DIR"}  # fmt: skip


def helpdesk(estate: Estate, now_s: float) -> dict[str, Any] | None:
    """Return whether the helpdesk answers now (s after noon), and when it does; None where there is none."""
    desk = estate.records.helpdesk
    if desk is None:
        return None
    clock_s = (now_s + DAY_S / 2) % DAY_S
    return {"name": desk.name, "name_ja": desk.name_ja, "open": desk.opens_s <= clock_s < desk.closes_s,
            "opens_s": desk.opens_s, "closes_s": desk.closes_s, "first_line": desk.first_line}  # fmt: skip


def _merged(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each party once, in the order of the calls, with all its roles."""
    found: dict[str, dict[str, Any]] = {}
    roles: dict[str, list[tuple[str, str]]] = {}
    for call in calls:
        key = call["party"] or call["name"]
        found.setdefault(key, call)
        roles.setdefault(key, []).append((call["role"], call["role_ja"]))
    for key, told in roles.items():
        found[key]["role"] = ", ".join(dict.fromkeys(english for english, _ in told))
        found[key]["role_ja"] = "、".join(dict.fromkeys(japanese for _, japanese in told))
    return list(found.values())


def _on_failure(record: Any, language: str) -> str | None:
    return said(record, "on_failure", language) if hasattr(record, "on_failure") else None


def _watch(estate: Estate) -> Iterator[dict[str, Any]]:
    yield from _responsible(estate, described(estate).watched_by)


def _running(estate: Estate) -> Iterator[dict[str, Any]]:
    yield from _responsible(estate, described(estate).run_by)


def _responsible(estate: Estate, task: str | None) -> Iterator[dict[str, Any]]:
    """Yield the parties that carry a task out, with the task as their role."""
    if task is None:
        return
    record = estate.records.responsibilities[task]
    for party in record.parties:
        yield _party(estate, party, record.name, record.name_ja)


def _deciding(estate: Estate, city: str) -> Iterator[dict[str, Any]]:
    """Yield the sections of a city that decide what is left out."""
    for id_, party in estate.records.parties.items():
        if party.city == city and party.kind == "it-section":
            yield _party(estate, id_, "decides what is left out", "実行見合わせの判断")


def _carrier(estate: Estate, circuit: str) -> Iterator[dict[str, Any]]:
    """Yield who operates a circuit, who has it repaired by contract, and its provider's name."""
    record = estate.records.circuits[circuit]
    provider = estate.records.providers[record.provider]
    contract = estate.records.contracts.get(record.contract or "")
    told = dict.fromkeys(
        party for party in (record.operator, contract.contractor if contract else None, record.owner) if party
    )
    for party in told:
        yield _party(estate, party, f"circuit of {provider.name}", f"回線({provider.name_ja})")
    if not told:
        yield {
            "party": None,
            "name": provider.name,
            "name_ja": provider.name_ja,
            "role": "provider",
            "role_ja": "回線事業者",
        }


def _party(estate: Estate, id_: str, role: str, role_ja: str) -> dict[str, Any]:
    party = estate.records.parties[id_]
    return {"party": id_, "name": party.name, "name_ja": party.name_ja, "role": role, "role_ja": role_ja}
