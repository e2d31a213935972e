"""The same seed gives the same records wherever they are made: here, in processes, on Dask."""

from __future__ import annotations

import functools
import importlib.util
import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest

from simulation.availability.components import CommonCause, Component, Maintenance, System
from simulation.availability.monte_carlo import Lives, simulate
from simulation.availability.structure import works
from simulation.control_plane.layout import Layout
from simulation.draws import Streams
from simulation.ensemble import replicate
from simulation.errors import MechanismInvalid, WorkersUnavailable
from simulation.records import OutageRecord
from simulation.workers import dask, handed_over, local_dask, portions, processes, taken

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask, which is optional, is not installed here"
)
Workers = Callable[[], AbstractContextManager[Executor | None]]
PLACES = [
    *(pytest.param(functools.partial(processes, count), id=f"{count} processes") for count in (1, 2, 4)),
    pytest.param(functools.partial(local_dask, 2), id="Dask", marks=needs_dask),
]
REPLICATIONS = 24


def lives(executor: Executor | None) -> Lives:
    """Return lives of a system with a crew, a common cause and a window."""
    parts = (Component("a", 300, 20, 1.0, "day"), Component("b", 300, 20, 0.0, "day"), Component("c", 500, 30, 4.0))
    system = System(
        parts, {"line": works("a") | works("b"), "all": works("a") & works("c")},
        (CommonCause("duct", 700, {"a": 0.5, "b": 0.9}),), crews={"day": 1},
        maintenance=(Maintenance("c", 10.0, 168.0, 3.0),),
    )  # fmt: skip
    return simulate(system, 37, 1.0, seed=3, executor=executor)


@pytest.fixture(scope="module")
def alone() -> Lives:
    """The lives as this process makes them."""
    return lives(None)


@pytest.fixture(scope="module")
def outages(deck_layout: Layout, scenario: Any) -> Callable[[Executor | None], list[OutageRecord]]:
    """Make the records of a cut circuit on some workers."""
    cut = scenario((10.0, "circuit-cut", "fujinomiya-main", 20.0))
    return lambda executor: replicate(deck_layout, cut, Streams(5, REPLICATIONS), range(REPLICATIONS), executor)


@pytest.mark.parametrize("workers", PLACES)
def test_same_seed_gives_the_same_records_on_any_workers(
    workers: Workers, alone: Lives, outages: Callable[[Executor | None], list[OutageRecord]]
) -> None:
    """Lives and outages equal, to the bit, those of this process."""
    with workers() as executor:
        shared, records = lives(executor), outages(executor)
    assert np.array_equal(alone.away, shared.away)
    assert np.array_equal(alone.outages, shared.outages)
    assert alone.outages.sum() > 100
    assert records == outages(None)
    assert len({record.outage_s for record in records}) > REPLICATIONS / 2


@pytest.mark.parametrize("workers", PLACES[1:])
def test_large_thing_is_handed_to_each_worker_once(workers: Workers) -> None:
    """Every task sees the same thing, and a worker makes it once, however many tasks it has."""
    thing = {"numbers": list(range(1000))}
    with workers() as executor:
        assert executor is not None
        with handed_over(thing, executor) as handed:
            found = list(executor.map(_seen, [handed] * 20, range(20)))
        with handed_over([], executor) as other:
            assert list(executor.map(taken, [other])) == [[]]
    assert [number for _, _, number in found] == list(range(20))
    assert all(len({thing for worker, thing, _ in found if worker == one}) == 1 for one, _, _ in found)


def _seen(handed: Any, number: int) -> tuple[int, int, int]:
    """Return who has it, which object it is there, and the number asked for; at the top, so that workers find it."""
    return os.getpid(), id(taken(handed)), taken(handed)["numbers"][number]


@needs_dask
def test_cluster_on_this_machine_listens_to_nobody_else() -> None:
    """Scheduler and workers are bound to the loopback address alone, and end with the run."""
    import psutil  # comes with Dask

    with local_dask(2) as executor:
        workers = set(executor.map(_pid, range(40)))
        mine = [psutil.Process(), *psutil.Process().children(recursive=True)]
        bound = {
            link.laddr.ip for one in mine for link in one.net_connections("inet") if link.status == psutil.CONN_LISTEN
        }
        assert bound == {"127.0.0.1"}
        assert len(workers) == 2
        assert os.getpid() not in workers
    assert not any(psutil.pid_exists(pid) for pid in workers)


def _pid(_: int) -> int:
    return os.getpid()


@needs_dask
def test_silent_scheduler_is_told() -> None:
    """Nothing answers at a port of this machine that is free: one clear error."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(WorkersUnavailable, match=f"no Dask scheduler answers at `{address}`"), dask(address):
        pass


def test_without_dask_its_functions_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask is optional: what does without it works, what needs it says so."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(WorkersUnavailable, match="Dask is not installed: install the package `distributed`"),
        local_dask(2),
    ):
        pass
    with processes(1) as executor:
        assert executor is None


def test_no_workers_are_refused() -> None:
    """None at all is no number of workers."""
    with pytest.raises(MechanismInvalid, match="0 workers, expected at least 1"), processes(0):
        pass


def test_portions_cover_all_in_order() -> None:
    """Nothing is lost or done twice, for few and for many."""
    with processes(2) as executor:
        for count in (1, 5, 16, 17, 1000):
            parts = portions(range(count), executor)
            assert [one for part in parts for one in part] == list(range(count))
            assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert portions(range(7), None) == [range(7)]
