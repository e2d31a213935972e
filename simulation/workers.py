"""Workers for ensembles, each as a `concurrent.futures.Executor`: processes of this machine, or a Dask cluster.

What is run depends on the seed and its own number alone, so it is the same on any of them. Dask is optional: without
the package `distributed` only its own functions refuse.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from simulation.errors import MechanismInvalid, WorkersUnavailable

HERE = "127.0.0.1"
PORTIONS = 16
Item = TypeVar("Item")


@contextlib.contextmanager
def processes(count: int) -> Iterator[Executor | None]:
    """Yield so many processes of this machine; None for one, which is this process itself."""
    _checked(count)
    if count == 1:
        yield None
        return
    # Forked from a clean server, so threads of this process (progress bars) can leave no lock behind.
    context = get_context("forkserver")
    context.set_forkserver_preload(["simulation.ensemble", "simulation.availability.monte_carlo"])
    with ProcessPoolExecutor(count, mp_context=context) as executor:
        yield executor


@contextlib.contextmanager
def local_dask(count: int) -> Iterator[Executor]:
    """Yield a Dask cluster of so many processes on this machine, which nobody outside of it can reach."""
    _checked(count)
    distributed = _distributed()
    with (
        tempfile.TemporaryDirectory() as folder,
        distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, host=HERE, dashboard_address=f"{HERE}:0",
            worker_dashboard_address=f"{HERE}:0", local_directory=folder, silence_logs="ERROR",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client.get_executor(pure=False)


@contextlib.contextmanager
def dask(scheduler: str) -> Iterator[Executor]:
    """Yield the workers of a Dask cluster that stands, by its scheduler's address (`tcp://host:port`).

    They need this project at the same commit. Raises WorkersUnavailable where nothing answers within 10 s.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise WorkersUnavailable(
            f"no Dask scheduler answers at `{scheduler}`, expected `tcp://host:port` of one that runs: {error}"
        ) from error
    with client:
        yield client.get_executor(pure=False)


def portions(items: Sequence[Item], executor: Executor | None) -> list[Sequence[Item]]:
    """Cut a sequence into parts in order, for an executor several so that no worker waits long for the last."""
    count = min(len(items), PORTIONS) if executor else 1
    edges = [len(items) * part // max(count, 1) for part in range(max(count, 1) + 1)]
    return [items[first:last] for first, last in itertools.pairwise(edges)]


@dataclasses.dataclass(frozen=True)
class Handed:
    """Something large that each worker takes once: pickled, in a file of this machine or in itself, by its digest."""

    digest: str
    path: str | None = None
    content: bytes = b""


_taken: dict[str, Any] = {}


@contextlib.contextmanager
def handed_over(thing: Any, executor: Executor) -> Iterator[Handed]:
    """Yield what is given to workers in place of a large thing; they `taken` it. Made once, whatever they are.

    Processes of this machine read it from a file of their own user; a Dask cluster, which may be elsewhere, is given it
    once for each worker.
    """
    content = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    digest = hashlib.sha256(content).hexdigest()
    client = getattr(executor, "_client", None)
    if client is not None:
        yield client.scatter(Handed(digest, content=content), broadcast=True, hash=False)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / digest
        path.write_bytes(content)
        del content
        yield Handed(digest, str(path))


def taken(handed: Handed) -> Any:
    """Return in a worker what was handed over; kept until something else is."""
    if handed.digest not in _taken:
        _taken.clear()
        content = Path(handed.path).read_bytes() if handed.path else handed.content
        _taken[handed.digest] = pickle.loads(content)  # noqa: S301 -- made by `handed_over` in this very run
    return _taken[handed.digest]


def _checked(count: int) -> None:
    if count < 1:
        raise MechanismInvalid([f"{count} workers, expected at least 1"])


def _distributed() -> Any:
    """Return the package, or raise WorkersUnavailable."""
    try:
        import distributed
    except ImportError as error:
        raise WorkersUnavailable(
            "Dask is not installed: install the package `distributed` in the version of requirements.txt, or use "
            "processes"
        ) from error
    return distributed
