"""Measure both sides on one pinned core, several times, and write docs/performance.md; end with 1 where a bound fails.

`--short` runs a twentieth and writes nothing.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from simulation.warm import warm
from twin.bench_simulation import availability, commands, days, municipalities, packets, queues, sharing, variants
from twin.bench_simulation.cores import pin

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
HALF_WIDTH, HALF_WIDTH_LIMIT_S = 1e-6, 2.0
AGREEMENT, PACKETS = 1e-6, 0.01
HEAD = """# Performance of the simulation

Written by `make bench-simulation`: both sides in one run, on one pinned core, medians of {runs} runs (SimPy alone: 2 or
3) with the least and the most. Python {python}, Numba {numba}, SimPy {simpy}. Kernels are warm; drawing is included;
seconds are processor time, unless a row says wall-clock: those with several workers, which run on all cores, and those
of commands.

| work | ours | peer | factor | to reach | |
|---|---|---|---|---|---|
"""


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Return the seconds of processor time of each run, so that others on the machine disturb less."""
    found = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return found


def shown(seconds: list[float]) -> str:
    """Return a median with its range, in a unit that suits it."""
    middle = statistics.median(seconds)
    unit, factor = ("s", 1.0) if middle >= 1 else ("ms", 1e3)
    return f"{middle * factor:.3g} {unit} ({min(seconds) * factor:.3g} to {max(seconds) * factor:.3g})"


class Page:
    """The rows of the page, and whether all bounds held."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.good = True

    def compare(self, work: str, ours: list[float], peer: list[float], least: float, scale: float = 1.0) -> None:
        """Add a row; `scale` is how much more the peer would have had to do."""
        factor = statistics.median(peer) * scale / statistics.median(ours)
        of = f", of which 1/{scale:g} was run" if scale != 1 else ""
        sides = (shown(ours), f"{shown([one * scale for one in peer])}{of}", f"{factor:.3g}×", f"≥ {least:g}×")
        self._row(work, sides, holds=factor >= least)

    def bound(self, work: str, found: str, limit: str, *, holds: bool) -> None:
        """Add a row without a peer."""
        self._row(work, (found, "", "", limit), holds=holds)

    def agree(self, work: str, ours: str, peer: str, apart: str, limit: str, *, holds: bool) -> None:
        """Add a row of two results that must agree."""
        self._row(work, (ours, peer, apart, limit), holds=holds)

    def shown(self, work: str, found: str) -> None:
        """Add a row without a bound."""
        self.rows.append(f"| {work} | {found} | | | | shown |")
        print(self.rows[-1], flush=True)

    def missing(self, work: str, why: str) -> None:
        """Add a row whose peer is not there."""
        self.rows.append(f"| {work} | | {why} | | | not measured |")

    def _row(self, work: str, cells: tuple[str, ...], *, holds: bool) -> None:
        self.good &= holds
        self.rows.append(f"| {work} | {' | '.join(cells)} | {'holds' if holds else 'FAILS'} |")
        print(self.rows[-1], flush=True)


def main() -> int:
    """Measure, and write the page."""
    short = "--short" in sys.argv[1:]
    runs, part = (1, 20) if short else (5, 1)
    pin()
    warm()
    page = Page()
    _queues(page, runs, 1_000_000 // part)
    _sharing(page, runs)
    _availability(page, runs, part)
    days.rows(page, runs, part)
    variants.rows(page, part)
    municipalities.rows(page, part)
    commands.rows(page, 1 if short else 3)
    _packets(page)
    if not short:
        head = HEAD.format(runs=runs, python=platform.python_version(), numba=version("numba"), simpy=version("simpy"))
        PAGE.write_text(head + "\n".join(page.rows) + "\n", encoding="utf-8")
    return 0 if page.good else 1


def _queues(page: Page, runs: int, customers: int) -> None:
    for servers in (1, 8):
        ours = timed(partial(queues.kernel, customers, servers), runs)
        peer = timed(partial(queues.simpy_resource, customers, servers), min(runs, 2))
        page.compare(f"M/M/{servers}, {customers:,} customers; SimPy with a process for each", ours, peer, 400)


def _sharing(page: Page, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = sharing.build(Path(folder))
        for dynamic in (False, True):
            work = f"1,000 transfers over 50 links, {'arriving one by one' if dynamic else 'all at once'}; SimGrid CM02"
            capacities, plan = sharing.plan_of(1000, 50, dynamic=dynamic)
            run = partial(sharing.ours, *sharing.named(capacities, plan))
            ours = timed(run, runs)
            if program is None:
                page.missing(
                    f"{work}: ours {shown(ours)}", "SimGrid is not installed (`apt-get install libsimgrid-dev g++`)"
                )
                continue
            ends_s = run()
            best: list[float] | None = None
            for mode in sharing.MODES:
                found = [sharing.simgrid(program, capacities, plan, mode) for _ in range(runs)]
                seconds = [one for one, _ in found]
                if best is None or statistics.median(seconds) < statistics.median(best):
                    best = seconds
                apart = max(abs(a - b) / b for a, b in zip(ends_s, found[0][1], strict=True))
                name = f"the same: farthest end of a transfer from SimGrid's ({mode})"
                page.bound(name, f"{apart:.1e}", f"≤ {AGREEMENT:g}", holds=apart <= AGREEMENT)
            page.compare(f"{work} in its best mode", ours, best or [], 2)


def _packets(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = packets.build(Path(folder))
        if program is None:
            page.missing("transfers packet by packet", "ns-3 is not installed (`apt-get install libns3-dev g++`)")
            return
        for case, (circuits, plan) in packets.CASES.items():
            fluid_s = packets.mean_s(plan, packets.fluid(circuits, plan))
            found_s = packets.mean_s(plan, packets.packets(program, circuits, plan))
            queue_s = packets.mean_s(plan, packets.packets(program, circuits, plan, in_turn=False))
            apart = abs(fluid_s / found_s - 1)
            work = f"mean time of a transfer, {case}; ns-3, flows served in turn"
            sides = f"{fluid_s:.4g} s", f"{found_s:.4g} s (one queue for all: {queue_s:.4g} s)"
            page.agree(work, *sides, f"{apart:.2%}", f"≤ {PACKETS:.0%}", holds=apart <= PACKETS)


def _availability(page: Page, runs: int, part: int) -> None:
    years, fewer = 100_000 // part, 10
    ours = timed(lambda: availability.lives(years // 10, 10.0), runs)
    peer = timed(lambda: availability.simpy_years(years / fewer), min(runs, 3))
    page.compare(f"availability of 60 components, {years:,} years; lean SimPy twin", ours, peer, 20, fewer)
    system = availability.tied()
    ours = timed(lambda: availability.lives(years // 10, 10.0, system), runs)
    peer = timed(lambda: availability.simpy_years(years / fewer, ties=True), min(runs, 3))
    page.compare(f"the same with a crew for all and ducts, {years:,} years", ours, peer, 20, fewer)
    count = 40_000 // part
    seconds = timed(lambda: availability.lives(count, 10.0), runs)
    share = availability.lives(count, 10.0).unavailability("service")
    needed = statistics.median(seconds) * (share.half_width / HALF_WIDTH) ** 2
    found = (
        f"{needed:.2g} s (unavailability {share.mean:.3e}, measured to ± {share.half_width:.1e} in {shown(seconds)})"
    )
    page.bound(
        f"half-width {HALF_WIDTH:g} at 95 %", found, f"≤ {HALF_WIDTH_LIMIT_S:g} s", holds=needed <= HALF_WIDTH_LIMIT_S
    )


if __name__ == "__main__":
    sys.exit(main())
