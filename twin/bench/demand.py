"""What the municipalities of a generated estate ask on a day: every business with its stations, all invented.

A business of rank 1 is the register of residents, which every municipality has; those of higher rank are asked less,
and only larger municipalities have them. Leaves the municipalities and their machines to `twin.bench.estates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from twin.bench.frame import Sections, named

RESIDENTS_PER_STAFF = 140
HOURS = {"08:00": 6, "09:00": 14, "10:00": 15, "11:00": 14, "12:00": 8, "13:00": 12, "14:00": 12, "15:00": 10,
         "16:00": 7, "17:00": 2}  # fmt: skip
Servers = Mapping[str, tuple[int, int]]
"""Population and pairs of servers of each municipality, by id."""


def demand_files(members: Servers) -> Iterator[tuple[str, Sections]]:
    """Yield by file the services over all municipalities, their load, and the demand of days."""
    ranks = range(1, max(pairs for _, pairs in members.values()) + 1)
    for rank in ranks:
        yield f"business-{rank:03d}.yaml", {"services": {f"business-{rank}": _service(rank, members)}}
    yield "load.yaml", {"load": _load({id_: people for id_, (people, _) in members.items()})}
    closed = [f"12-{day}" for day in (29, 30, 31)] + [f"01-{day:02d}" for day in (1, 2, 3)]
    yield "demand.yaml", {"office_days": {"closed": closed}, "demand": _demand(ranks, members)}


def _service(rank: int, members: Servers) -> dict[str, Any]:
    instances = {
        id_: {"application": f"{id_}-ap-{rank}", "database": f"{id_}-db-{rank}", "users": f"{id_}-hall"}
        for id_, (_, pairs) in members.items()
        if pairs >= rank
    }
    return {**named(f"Business {rank}", f"業務{rank}"), "port": 443, "data_seed": rank, "instances": instances}


def _load(people: Mapping[str, int]) -> dict[str, Any]:
    return {
        "business_days": 243, "opens": "08:30", "closes": "17:15", "users": 0.6, "at_once": 0.5,
        "terminals_per_user": 1.0, "residents_per_counter": 2000, "transactions_per_user_day": 40, "busiest_hour": 0.15,
        "certificates_per_resident_year": 0.9, "moves_per_resident_year": 0.03,
        "move_months": {"march": 0.169, "april": 0.142}, "monday_factor": 1.3, "peak_day_factor": 2.5,
        "cities": {id_: {"staff": max(10, count // RESIDENTS_PER_STAFF)} for id_, count in people.items()},
    }  # fmt: skip


def _demand(ranks: Iterable[int], members: Servers) -> dict[str, Any]:
    return {
        "default_day": "2018-04-02", "closed_day": 0.02,
        "day_variation": 0.1, "think": "60 s", "messages_per_transaction": 0, "service_scv": 1.5, "round_trips": 3,
        "job_cores": 1, "growth": 0.02, "helpdesk": {"calls_per_user_day": 0.05, "agents": 1000, "handling": "8 min"},
        "limits": {"utilisation": 0.8, "response": "3 s"}, "profiles": {"counters": HOURS},
        "seasons": {"new-fiscal-year": {
            **named("Moves at the turn of the fiscal year", "年度末・年度始の異動繁忙期"), "factor": 1.4,
            "every_year": {"first": "03-22", "last": "04-08"},
        }},
        "applications": {f"business-{rank}": _application(rank) for rank in ranks},
        "stations": {
            "application-servers": {**named("Application servers", "APサーバ"), **_station(members, "ap", 100)},
            "database-servers": {**named("Database servers", "DBサーバ"), **_station(members, "db", 50)},
        },
    }  # fmt: skip


def _application(rank: int) -> dict[str, Any]:
    asked = {"weight": round(1 / rank, 6), "application_cpu": "300 ms", "database_cpu": "200 ms",
             "disk_operations": 12, "up": "4 kB", "down": "60 kB"}  # fmt: skip
    printed = {**asked, "weight": 1.0, "application_cpu": "600 ms", "disk_operations": 25, "down": "300 kB"}
    return {
        **named(f"Business {rank}", f"業務{rank}"), "service": f"business-{rank}", "profile": "counters",
        "seasons": ["new-fiscal-year"], "moves": 0.3 if rank == 1 else 0.0, "counter": rank == 1, "calls": 1,
        "asks": {"transactions": asked, **({"certificates": printed} if rank == 1 else {})},
    }  # fmt: skip


def _station(members: Servers, kind: str, at_once: int) -> dict[str, Any]:
    machines = [f"{id_}-{kind}-{rank}" for id_, (_, pairs) in members.items() for rank in range(1, pairs + 1)]
    return {"machines": machines, "cores": 4, "at_once": at_once, "backlog": at_once // 2, "disks": 2,
            "disk_operation": "6 ms"}  # fmt: skip
