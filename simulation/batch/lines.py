"""What a night's transfers cross: circuits, disks, stores and the line to print, and which of them each one takes.

Capacities are payload bits per second: a circuit carries its rate times the share that its encapsulation leaves. Flows
take the cheapest way over the circuits that work, as the routers cost them (reference bandwidth over rate, a penalty on
secondary circuits), spread by a hash over ways of equal cost.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import networkx as nx

from inventory.models.estate import Estate
from simulation.errors import MechanismInvalid
from simulation.sharing.back_off import BackOffs, back_offs
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor
from simulation.sharing.hashing import chosen
from simulation.sharing.links import Links
from topology.build import build_network

PRINTING = "printing line"


@dataclasses.dataclass(frozen=True)
class LineChange:
    """From `at_s` (after noon) on a circuit carries `rate_bps`: 0 where it is down, None as much as it should."""

    at_s: float
    circuit: str
    rate_bps: float | None


@dataclasses.dataclass(frozen=True)
class LinePlan:
    """Links, and from each instant on their capacities and each job's route, in the order of the net.

    `back_offs` says how senders wait whose path is away: a link of it carries nothing.
    """

    links: Links
    starts_s: tuple[float, ...]
    capacities_bps: tuple[tuple[float, ...], ...]
    routes: tuple[tuple[tuple[str, ...], ...], ...]
    back_offs: BackOffs


@dataclasses.dataclass(frozen=True)
class Sending:
    """What sends: under which name, from where, to where (a site, or None for the printing site), past which disks."""

    name: str
    origin: str
    to: str | None
    disks: tuple[str, ...]


class Lines:
    """The lines of an estate, as they are at each time of a night."""

    def __init__(self, estate: Estate, changes: Sequence[LineChange] = ()) -> None:
        """Keep the changes in their order; raises MechanismInvalid for circuits that are none and rates below 0."""
        records = estate.records
        problems = [
            f"`{one.circuit}` is no circuit of the estate" for one in changes if one.circuit not in records.circuits
        ]
        problems += [
            f"circuit `{one.circuit}`: a rate of {one.rate_bps} bit/s, expected 0 or more"
            for one in changes
            if one.rate_bps is not None and not 0 <= one.rate_bps < math.inf
        ]
        if problems:
            raise MechanismInvalid(sorted(set(problems)))
        self.estate = estate
        self.changes = sorted(changes, key=lambda change: (change.at_s, change.circuit))
        self.starts_s = tuple(sorted({0.0, *(change.at_s for change in self.changes if change.at_s > 0)}))
        self._factors = self._goodput()
        self._spare = {
            member.circuit
            for group in records.circuit_groups.values()
            for member in group.members
            if member.priority == "secondary"
        }
        batch = records.batch
        self._others = {} if batch is None else {
            **{disk(name): server.disk_bytes_per_s * 8 for name, server in sorted(batch.servers.items())},
            **{store(site): rate * 8 for site, rate in sorted(batch.stores.items())},
            **({PRINTING: batch.printing.rate_bps * goodput_factor()} if batch.printing else {}),
        }  # fmt: skip

    def plan(self, sendings: Sequence[Sending | None]) -> LinePlan:
        """Return the lines with a route at each time for everything that sends, in the order given."""
        rates = [self._rates(start_s) for start_s in self.starts_s]
        names = [*rates[0], *self._others]
        capacities = tuple(
            (*(rate_bps * self._factors[name] for name, rate_bps in now.items()), *self._others.values())
            for now in rates
        )
        routes = tuple(
            tuple(
                () if one is None else self.route(one, frozenset(c for c, rate in now.items() if rate == 0))
                for one in sendings
            )
            for now in rates
        )
        links = Links(dict(zip(names, capacities[0], strict=True)))
        return LinePlan(links, self.starts_s, capacities, routes, back_offs(self.estate.records.timers.tcp))

    def route(self, sending: Sending, down: frozenset[str]) -> tuple[str, ...]:
        """Return the links that a sending crosses while some circuits are down.

        Where no way works it is that of better times, on which transfers stall.
        """
        if sending.to is None:
            return (*sending.disks, PRINTING)
        return (*sending.disks, *self._circuits(sending, down))

    def _circuits(self, sending: Sending, down: Collection[str]) -> tuple[str, ...]:
        if sending.origin == sending.to or sending.to is None:
            return ()
        number = _number(sending.name)
        for without in (down, ()):
            graph = self._places(without)
            if {sending.origin, sending.to} <= set(graph) and nx.has_path(graph, sending.origin, sending.to):
                ways = sorted(nx.all_shortest_paths(graph, sending.origin, sending.to, weight="cost"))
                way = chosen(number, ways) or ways[0]
                return tuple(str(chosen(number, graph.edges[hop]["circuits"])) for hop in pairwise(way))
        raise MechanismInvalid(
            [f"`{sending.name}` sends from `{sending.origin}` to `{sending.to}`, between which no circuits lead"]
        )

    def _places(self, down: Collection[str]) -> nx.Graph[str]:
        """Return the sites and carriers' networks with the cheapest circuits between any two."""
        graph: nx.Graph[str] = nx.Graph()
        for id_, circuit in sorted(self.estate.records.circuits.items()):
            if id_ in down:
                continue
            a, z = circuit.ends.both
            routing = self.estate.records.routing
            cost = routing.reference_bandwidth_bps / circuit.effective_rate_bps
            cost += routing.secondary_penalty if id_ in self._spare else 0
            best = graph.edges[a, z]["cost"] if graph.has_edge(a, z) else math.inf
            if cost < best:
                graph.add_edge(a, z, cost=cost, circuits=[id_])
            elif cost == best:
                graph.edges[a, z]["circuits"].append(id_)
        return graph

    def _rates(self, start_s: float) -> dict[str, float]:
        """Return the rate of each circuit from an instant on (bit/s)."""
        rates = {id_: circuit.effective_rate_bps for id_, circuit in sorted(self.estate.records.circuits.items())}
        whole = dict(rates)
        for change in self.changes:
            if change.at_s <= start_s:
                rates[change.circuit] = whole[change.circuit] if change.rate_bps is None else change.rate_bps
        return rates

    def _goodput(self) -> dict[str, float]:
        """Return for each circuit the share of its rate that full packets leave for payload, as a wire counts."""
        records = self.estate.records
        factors = {
            id_: goodput_factor(circuit.mtu, pppoe=circuit.encapsulation == "pppoe")
            for id_, circuit in records.circuits.items()
        }
        for _, tunnel in sorted(build_network(self.estate).tunnels.items()):
            profile = records.encryption.tunnel_profiles[tunnel.profile]
            for id_ in set(tunnel.segments) & set(factors):
                factors[id_] = tunnel_goodput_factor(
                    records.circuits[id_].mtu,
                    udp_encapsulation=profile.udp_encapsulation,
                    pppoe=records.circuits[id_].encapsulation == "pppoe",
                    largest_packet=profile.largest_packet,
                )
        return factors


def disk(device: str) -> str:
    """Return the link that a machine's disk is."""
    return f"disk of {device}"


def store(site: str) -> str:
    """Return the link that a store of backups is."""
    return f"store at {site}"


def link_name(estate: Estate, link: str, language: str) -> str:
    """Return a link's name for people."""
    records = estate.records
    if link in records.circuits:
        return records.circuits[link].label(language)
    if link == PRINTING and records.batch is not None and records.batch.printing is not None:
        return records.batch.printing.label(language)
    names: Mapping[str, str] = {
        **{
            disk(id_): one.label(language) + ("のディスク" if language == "ja" else ", disk")
            for id_, one in records.devices.items()
        },
        **{
            store(id_): one.label(language) + ("のバックアップ格納先" if language == "ja" else ", store of backups")
            for id_, one in records.sites.items()
        },
    }
    return names.get(link, link)


def _number(name: str) -> float:
    """Return a flow's own number in [0, 1), the same on every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=6).digest()) / 2**48
