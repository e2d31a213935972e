"""A generated estate of 1,700 municipalities over 28 days: one worker and two, as processes and on Dask.

    python -m twin.bench_simulation.municipalities FOLDER

plays the days on each kind of workers in one process of its own, since what an estate of this size takes of memory
would stay with the benchmark, and prints a line of JSON for each.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventory.models.estate import Estate
from simulation.day.ensemble import Task, play_days, world_of
from simulation.day.world import DayRecord, World
from simulation.workers import local_dask, processes
from simulation.year.representative import representative_days
from topology.check import check_estate
from twin.bench.estates import REGION, write_estate
from twin.bench.process import environment, peak_bytes
from twin.bench_simulation.cores import all_cores

if TYPE_CHECKING:
    from twin.bench_simulation.__main__ import Page

MUNICIPALITIES = 1700
YEAR = 2018
SOON = 7
MOST_GROWTH_BYTES = 100e6
"""What a worker's peak may grow by from the seventh day to the last: less than two days of 1,700 municipalities."""
KINDS = {"processes": processes, "Dask": local_dask}


@dataclasses.dataclass(frozen=True)
class Played:
    """What is kept of a day: a digest of its record, who played it, when it was done, and the most memory till then."""

    digest: str
    worker: int
    done_s: float
    peak_bytes: int


def played(_world: World, record: DayRecord) -> Played:
    """Return the day's digest and what its worker has taken so far."""
    total = hashlib.sha256()
    for table in (*record.totals, record.calls, record.call_wait_s):
        total.update(table.tobytes())
    return Played(total.hexdigest(), os.getpid(), time.monotonic(), peak_bytes())


def measure(folder: str) -> Iterator[dict[str, Any]]:
    """Yield what loading took, then what each kind and number of workers did."""
    begin = time.perf_counter()
    estate = check_estate(folder)
    loaded_s = time.perf_counter() - begin
    world = world_of(estate)
    days = [(day, 0) for day, _ in representative_days(world, YEAR)]
    world.conditions.of()
    yield {
        "municipalities": len(estate.records.cities), "streams": len(world.plant.streams), "days": len(days),
        "machines": len(world.plant.machines), "load_s": loaded_s, "world_s": time.perf_counter() - begin - loaded_s,
    }  # fmt: skip
    yield _run("processes", 1, estate, days)
    yield _run("processes", 2, estate, days)
    for count in (1, 2) if importlib.util.find_spec("distributed") else ():
        yield _run("Dask", count, estate, days)


def _run(kind: str, count: int, estate: Estate, days: Sequence[Task]) -> dict[str, Any]:
    """Play the days on some workers and return their digest, seconds, and peaks of memory early and late."""
    with contextlib.ExitStack() as stack:
        executor: Executor | None = stack.enter_context(KINDS[kind](count))
        begin_s = time.monotonic()
        found = list(play_days(estate, days, 1, keep=played, executor=executor))
        seconds = time.monotonic() - begin_s
    first = {one.worker: one.done_s for one in reversed(found)}
    under_way_s = max(one.done_s for one in found) - min(first.values())
    return {
        "kind": kind, "workers": count, "seconds": seconds, "used": len(first),
        "days_a_second": (len(found) - 1) / under_way_s,
        "digest": hashlib.sha256("".join(one.digest for one in found).encode()).hexdigest(),
        "soon_bytes": _peak(found[:SOON]), "late_bytes": _peak(found),
    }  # fmt: skip


def _peak(found: Sequence[Played]) -> int:
    """Return the most memory that any worker had taken."""
    return max(one.peak_bytes for one in found)


def rows(page: Page, part: int) -> None:
    """Add a row for the estate and one for each kind and number of workers; a part is of whole regions."""
    regions = max(2, MUNICIPALITIES // REGION // part)
    with tempfile.TemporaryDirectory() as name, all_cores():
        folder = write_estate(Path(name) / "estate", regions * REGION, demand=True)
        command = [sys.executable, "-m", "twin.bench_simulation.municipalities", str(folder)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment())
    about, alone, *others = map(json.loads, done.stdout.splitlines())
    what = f"{about['municipalities']:,} municipalities × {about['days']} days"
    page.shown(
        f"{what}: {about['streams']:,} streams of requests on {about['machines']:,} machines, wall-clock",
        f"loaded and checked in {about['load_s']:.3g} s, made ready to be played in {about['world_s']:.3g} s",
    )
    for one in (alone, *others):
        _row(page, what, one, alone)
    if not any(one["kind"] == "Dask" for one in others):
        page.missing(f"{what} on Dask", "the package `distributed` is not installed")


def _row(page: Page, what: str, one: dict[str, Any], alone: dict[str, Any]) -> None:
    growth_bytes, same = one["late_bytes"] - one["soon_bytes"], one["digest"] == alone["digest"]
    records = "the same records" if same else "OTHER records"
    page.agree(
        f"{what} by {one['kind']}, {one['workers']} worker{'s' if one['workers'] > 1 else ''}, wall-clock",
        f"{one['seconds']:.3g} s, {one['days_a_second']:.3g} days a second once under way; peak of a worker "
        f"{one['soon_bytes'] / 1e9:.3g} GB after {SOON} days, {one['late_bytes'] / 1e9:.3g} GB after all",
        f"one process: {alone['days_a_second']:.3g} days a second",
        f"{one['days_a_second'] / alone['days_a_second']:.2f}×, {records}",
        f"same records, memory + ≤ {MOST_GROWTH_BYTES / 1e6:g} MB",
        holds=same and growth_bytes <= MOST_GROWTH_BYTES and one["used"] == one["workers"],
    )  # fmt: skip


if __name__ == "__main__":
    for line in measure(sys.argv[1]):
        print(json.dumps(line), flush=True)
