"""Makes estates of any size as YAML: municipalities of unequal population around regional data centres, all invented.

Seventeen municipalities share a data centre with two routers; each has a hall with two routers, an annex on a campus
link, and most a branch. A region's servers are shared out by population, a pair at least to each. The same number and
seed give the same bytes.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from twin.bench.demand import demand_files
from twin.bench.frame import Sections, frame, named

REGION = 17
SERVERS_OF_A_REGION = 300
BRANCHES_OF_A_REGION = 15
HOUSEHOLD = 2.4
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclasses.dataclass(frozen=True)
class Municipality:
    """One of a region: its number over all, its population, whether it has a branch, how many servers it gets."""

    number: int
    population: int
    servers: int
    branch: bool

    @property
    def id(self) -> str:
        """Its id, such as `m0012`."""
        return f"m{self.number:04d}"


def write_estate(
    folder: Path, municipalities: int, seed: int = 1, servers: int = SERVERS_OF_A_REGION, *, demand: bool = False
) -> Path:
    """Write an estate into a new folder and return it; the number must be a multiple of a region's seventeen.

    `servers` are those of a region. With `demand` it also states what is asked on a day, and each business is one
    service of all regions. Raises ValueError for another number or too few servers, FileExistsError for a
    folder that is there.
    """
    if servers < 2 * REGION:
        raise ValueError(f"{servers} servers in a region; expected {2 * REGION} or more")
    if municipalities < REGION or municipalities % REGION:
        raise ValueError(f"{municipalities} municipalities; expected a multiple of {REGION}")
    folder.mkdir(parents=True)
    generator = random.Random(seed)
    regions = municipalities // REGION
    _write(folder / "estate.yaml", frame(regions))
    everyone = [_members(generator, region, servers) for region in range(regions)]
    for region, members in enumerate(everyone):
        records = _region(region, regions, members)
        if demand:
            del records["services"]
        _write(folder / f"region-{region:03d}.yaml", records)
    if demand:
        served = {one.id: (one.population, one.servers // 2) for members in everyone for one in members}
        for name, sections in demand_files(served):
            _write(folder / name, sections, flow=True)
    return folder


def _write(path: Path, sections: Sections, *, flow: bool = False) -> None:
    """Write sections; with `flow` lists stand in lines, so that long ones stay within the size of one file."""
    style = None if flow else False
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(sections, stream, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, default_flow_style=style)


def _members(generator: random.Random, region: int, servers: int) -> list[Municipality]:
    """Return a region's municipalities: sizes spread as those of Japan's are, servers by largest remainders."""
    people = [max(2000, round(generator.lognormvariate(10.3, 1.1))) for _ in range(REGION)]
    spare = servers // 2 - REGION
    shares = [spare * one / sum(people) for one in people]
    pairs = [1 + int(share) for share in shares]
    by_remainder = sorted(range(REGION), key=lambda one: (int(shares[one]) - shares[one], one))
    for index in by_remainder[: spare - sum(map(int, shares))]:
        pairs[index] += 1
    largest = sorted(range(REGION), key=lambda one: (-people[one], one))[:BRANCHES_OF_A_REGION]
    return [
        Municipality(region * REGION + index, people[index], 2 * pairs[index], index in largest)
        for index in range(REGION)
    ]


def _region(region: int, regions: int, members: list[Municipality]) -> Sections:
    """Return a region's records."""
    found: Sections = {
        name: {}
        for name in ("cities", "sites", "circuits", "circuit_groups", "segments", "devices", "services", "flows")
    }
    for section, id_, record in _centre(region, regions):
        found[section][id_] = record
    for member in members:
        for section, id_, record in _municipality(region, member):
            found[section][id_] = record
        for name in ("dc-rt-1", "dc-rt-2"):
            ports = found["devices"][f"r{region:03d}-{name}"]["interfaces"]
            ports[f"core-{member.id}"] = {"segment": f"{member.id}-core"}
            ports[f"wan-{member.id}"] = {"circuit": f"{member.id}-{'main' if name.endswith('1') else 'backup'}"}
    for rank in range(1, max(member.servers for member in members) // 2 + 1):
        instances = {
            member.id: {"application": f"{member.id}-ap-{rank}", "database": f"{member.id}-db-{rank}",
                        "users": f"{member.id}-hall"}
            for member in members if member.servers >= 2 * rank
        }  # fmt: skip
        words = named(f"Business {rank} of region {region}", f"業務{rank}(圏域{region})")
        service = {**words, "port": 443, "data_seed": rank, "instances": instances}
        found["services"][f"r{region:03d}-business-{rank}"] = service
    return found


def _centre(region: int, regions: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield a region's data centre, its routers, and its lines to the next and to the first: four of each region."""
    key = f"r{region:03d}"
    yield "sites", f"{key}-dc", {**named(f"Data centre {region}", f"第{region}データセンター"), "kind": "data-centre"}
    yield "segments", f"{key}-transit", _segment(f"{key}-dc", "transit", None)
    ports: dict[str, dict[str, Any]] = {"1": {}, "2": {}}
    for far, what in (((region + 1) % regions, "next"), (0, "first")):
        for side in "12":
            other = f"r{far:03d}-dc"
            if other != f"{key}-dc" and not (what == "first" and far == (region + 1) % regions):
                yield "circuits", f"{key}-{what}-{side}", _circuit(f"{key}-dc", other, "10 Gbps")
    for side in "12":
        for id_ in _lines_at(region, regions, side):
            ports[side][id_[0]] = {"circuit": id_[1]}
        priority = 110 if side == "1" else 100
        yield "devices", f"{key}-dc-rt-{side}", {
            **named(f"Router {side} of data centre {region}", f"第{region}データセンター ルータ{side}"),
            "role": "router", "site": f"{key}-dc", "memory": "8 GiB", "vrrp_priority": priority,
            "interfaces": {"transit": {"segment": f"{key}-transit"}, **ports[side]},
        }  # fmt: skip


def _lines_at(region: int, regions: int, side: str) -> Iterator[tuple[str, str]]:
    """Yield `(port, circuit)` of the lines between data centres that end at one of them, on the router of a side."""
    for near in range(regions):
        for far, what in (((near + 1) % regions, "next"), (0, "first")):
            if far == near or (what == "first" and far == (near + 1) % regions):
                continue
            circuit = f"r{near:03d}-{what}-{side}"
            if near == region:
                yield f"to-{what}", circuit
            elif far == region:
                yield f"from-{what[0]}{near:03d}", circuit


def _municipality(region: int, one: Municipality) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield a municipality's records, without the ports that the data centre's routers have towards it."""
    key, centre = one.id, f"r{region:03d}-dc"
    name, name_ja = f"Municipality {one.number}", f"第{one.number}市"
    yield "cities", key, {**named(name, name_ja), "population": one.population,
                          "households": round(one.population / HOUSEHOLD)}  # fmt: skip
    yield "sites", f"{key}-town", {**named(f"Hall of {name}", f"{name_ja}庁舎"), "kind": "hall", "city": key}
    annex = named(f"Annex of {name}", f"{name_ja}別館")
    yield "sites", f"{key}-annex", {**annex, "kind": "network-building", "city": key}
    yield "circuits", f"{key}-main", _circuit(centre, f"{key}-town", "1 Gbps")
    yield "circuits", f"{key}-backup", _circuit(centre, f"{key}-town", "300 Mbps")
    yield "circuits", f"{key}-campus", {**_circuit(f"{key}-town", f"{key}-annex", "1 Gbps"), "service": "campus-link"}
    members = [{"circuit": f"{key}-main", "priority": "primary"}, {"circuit": f"{key}-backup", "priority": "secondary"}]
    yield "circuit_groups", f"{key}-line", {**named(f"Line of {name}", f"{name_ja}回線"), "kind": "main-and-backup",
                                            "city": key, "rate": "1 Gbps", "members": members}  # fmt: skip
    yield "segments", f"{key}-core", _segment(centre, "lan", key, 100 + one.number % REGION)
    yield "segments", f"{key}-hall", {**_segment(f"{key}-annex", "lan", key, 10), "over": f"{key}-campus"}
    yield "segments", f"{key}-transit", _segment(f"{key}-town", "transit", key)
    routers = {"1": {"main": {"circuit": f"{key}-main"}}, "2": {"backup": {"circuit": f"{key}-backup"}}}
    if one.branch:
        yield from _branch(one)
        routers["1"]["branch"] = {"circuit": f"{key}-branch-line"}
    for side, ports in routers.items():
        common = {"hall": {"segment": f"{key}-hall"}, "transit": {"segment": f"{key}-transit"}}
        yield "devices", f"{key}-rt-{side}", {
            **named(f"Router {side} of {name}", f"{name_ja} ルータ{side}"), "role": "router", "site": f"{key}-town",
            "memory": "1 GiB", "vrrp_priority": 110 if side == "1" else 100, "interfaces": {**common, **ports},
        }  # fmt: skip
    terminals = (f"Terminals of {name}", f"{name_ja} 端末")
    yield "devices", f"{key}-pc", _host(terminals, "terminal", f"{key}-annex", f"{key}-hall", key)
    for rank in range(1, one.servers // 2 + 1):
        for role, short in (("application", "ap"), ("database", "db")):
            words = (f"Server {short} {rank} of {name}", f"{name_ja} {short.upper()}サーバ{rank}")
            yield "devices", f"{key}-{short}-{rank}", _host(words, role, centre, f"{key}-core", key)
        yield "flows", f"{key}-use-{rank}", {
            **named(f"Counters of {name} use business {rank}", f"{name_ja} 窓口から業務{rank}"),
            "source": f"{key}-hall", "destination": f"{key}-ap-{rank}", "protocol": "tcp", "ports": [443],
            "reason": "counters",
        }  # fmt: skip


def _branch(one: Municipality) -> Iterator[tuple[str, str, dict[str, Any]]]:
    key, name, name_ja = one.id, f"Municipality {one.number}", f"第{one.number}市"
    site = f"{key}-branch"
    yield "sites", site, {**named(f"Branch of {name}", f"{name_ja}支所"), "kind": "hall", "city": key}
    yield "circuits", f"{key}-branch-line", _circuit(f"{key}-town", site, "100 Mbps")
    yield "segments", f"{key}-branch-lan", _segment(site, "lan", key, 20)
    yield "devices", f"{key}-branch-rt", {
        **named(f"Branch router of {name}", f"{name_ja}支所 ルータ"), "role": "router", "site": site, "memory": "1 GiB",
        "interfaces": {"lan": {"segment": f"{key}-branch-lan"}, "line": {"circuit": f"{key}-branch-line"}},
    }  # fmt: skip


def _circuit(a: str, z: str, rate: str) -> dict[str, Any]:
    words = named(f"Circuit {a} to {z}", f"回線 {a}~{z}")
    rated = {"value": rate, "source": "invented", "trust": "L"}
    return {**words, "provider": "carrier", "service": "wide-area-ethernet", "ends": {"a": a, "z": z}, "rate": rated}


def _segment(site: str, kind: str, city: str | None, vlan: int | None = None) -> dict[str, Any]:
    zone, pool = ("number-use", "lan") if kind == "lan" else ("transit", "transit")
    words = named(f"Segment at {site}", f"セグメント({site})")
    optional = {"city": city, "vlan": vlan}
    rest = {key: value for key, value in optional.items() if value is not None}
    return {**words, "site": site, "zone": zone, "kind": kind, "pool": pool, "rate": "10 Gbps", **rest}


def _host(names: tuple[str, str], role: str, site: str, segment: str, city: str) -> dict[str, Any]:
    port = {"eth0": {"segment": segment}}
    return {**named(*names), "role": role, "site": site, "city": city, "memory": "1 GiB", "interfaces": port}
