"""The jobs of a night as a net: what each follows, from when, until when, on which server, what it sends where.

Times are seconds from the start of the night, wherever that is set. Leaves when jobs run to `schedule` and `night`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence

import networkx as nx

from simulation.errors import MechanismInvalid


@dataclasses.dataclass(frozen=True)
class BatchJob:
    """A job: it runs `takes_s` on one place of its server, and meanwhile sends `moves_bytes` over its route.

    It begins when all of `after` have ended, not before `release_s`, and when a place is free; it should end by
    `deadline_s`. A route is names of links; `goodput_factor` is payload per bit on them.
    """

    name: str
    takes_s: float
    server: str
    after: tuple[str, ...] = ()
    release_s: float = 0.0
    deadline_s: float = math.inf
    moves_bytes: float = 0.0
    route: tuple[str, ...] = ()
    goodput_factor: float = 1.0


class JobNet:
    """Jobs in the order of their priority, and the servers with their places: how many jobs each runs at once."""

    def __init__(self, jobs: Sequence[BatchJob], places: Mapping[str, int], *, may_be_late: bool = False) -> None:
        """Check everything; raises MechanismInvalid with all that is wrong.

        A job that can never be in time is wrong, unless `may_be_late`: then its lateness is what is asked for.
        """
        self._may_be_late = may_be_late
        self.jobs = tuple(jobs)
        self.places = dict(places)
        self.number = {job.name: index for index, job in enumerate(self.jobs)}
        problems = [*self._problems_of_places(), *self._problems_of_jobs(), *self._problems_of_order()]
        if not problems:
            problems = list(self._circles())
        if problems:
            raise MechanismInvalid(problems)
        self.before = tuple(tuple(self.number[name] for name in job.after) for job in self.jobs)
        self.order = tuple(nx.lexicographical_topological_sort(self._graph(), key=self.number.__getitem__))

    def followers(self) -> tuple[tuple[int, ...], ...]:
        """Return for each job the numbers of those that directly follow it."""
        found: list[list[int]] = [[] for _ in self.jobs]
        for number, before in enumerate(self.before):
            for earlier in before:
                found[earlier].append(number)
        return tuple(tuple(numbers) for numbers in found)

    def _graph(self) -> nx.DiGraph[str]:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.number)
        graph.add_edges_from((name, job.name) for job in self.jobs for name in job.after)
        return graph

    def _problems_of_places(self) -> Iterator[str]:
        for server, count in self.places.items():
            if count < 1:
                yield f"server `{server}` has {count} places, expected at least 1"

    def _problems_of_jobs(self) -> Iterator[str]:
        if len(self.number) < len(self.jobs):
            names = [job.name for job in self.jobs]
            twice = sorted({name for name in names if names.count(name) > 1})
            yield from (f"job `{name}` is there twice, expected once" for name in twice)
        for job in self.jobs:
            if not (job.takes_s >= 0 and math.isfinite(job.takes_s)):
                yield f"job `{job.name}` takes {job.takes_s} s, expected 0 or more, and finite"
            if not 0 <= job.release_s < math.inf:
                yield f"job `{job.name}` may run from {job.release_s} s on, expected 0 or more, and finite"
            if job.server not in self.places:
                yield f"job `{job.name}` runs on `{job.server}`, expected one of: {', '.join(sorted(self.places))}"
            if not (job.moves_bytes >= 0 and math.isfinite(job.moves_bytes)):
                yield f"job `{job.name}` sends {job.moves_bytes} bytes, expected 0 or more, and finite"
            if job.moves_bytes > 0 and not job.route:
                yield f"job `{job.name}` sends {job.moves_bytes} bytes nowhere, expected a route"
            if not self._may_be_late and job.deadline_s < job.release_s + job.takes_s:
                left_s = job.deadline_s - job.release_s
                yield f"job `{job.name}` can never be in time: it takes {job.takes_s:g} s, {left_s:g} s are left for it"

    def _problems_of_order(self) -> Iterator[str]:
        for job in self.jobs:
            if len(set(job.after)) < len(job.after):
                yield f"job `{job.name}` follows one job twice, expected each once"
            for name in job.after:
                if name not in self.number:
                    yield f"job `{job.name}` follows `{name}`, which is no job of this night"

    def _circles(self) -> Iterator[str]:
        graph = self._graph()
        for members in sorted(sorted(part) for part in nx.strongly_connected_components(graph)):
            if len(members) > 1 or graph.has_edge(members[0], members[0]):
                yield f"jobs wait for each other in a circle: {', '.join(members)}"
