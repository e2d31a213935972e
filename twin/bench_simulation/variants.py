"""Three hundred variants of the deck's estate, each over the representative days of a year, on two processes."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.load import load_estate
from simulation.answer import Answer
from simulation.sweep import load_sweep
from simulation.variants import answers
from simulation.workers import processes
from simulation.year.representative import COUNT
from twin.bench_simulation.cores import all_cores
from twin.progress_bar import progress_bar

if TYPE_CHECKING:
    from twin.bench_simulation.__main__ import Page

ESTATE = "fuji-fujinomiya"
FILE = Path(__file__).with_name("variants.yaml")
WORKERS = 2
LIMIT_S = 60.0


def rows(page: Page, part: int) -> None:
    """Add the row: wall-clock seconds from the first variant asked to the last answered, workers' start included."""
    sweep = load_sweep(FILE)
    variants = list(sweep.variants())[::part]
    asked = sweep.question, sweep.seed, sweep.replications
    estate = load_estate(ESTATE)
    with all_cores(), progress_bar(sweep.title) as progress:
        begin = time.perf_counter()
        with processes(WORKERS) as executor:
            found = answers(estate, variants, *asked, executor=executor, progress=progress)
        seconds = time.perf_counter() - begin
    answered = sum(isinstance(one, Answer) for one in found)
    for problem in dict.fromkeys(one for one in found if isinstance(one, str)):
        print(problem, file=sys.stderr)
    days = len(variants) * COUNT * (sweep.replications or 1)
    page.bound(
        f"{len(variants)} variants × {COUNT} representative days, {WORKERS} workers (`twin sweep`), wall-clock",
        f"{seconds:.3g} s ({days:,} days in {sweep.replications} replications, {days / seconds:.0f} a second; "
        f"{answered} answered)",
        f"≤ {LIMIT_S:g} s", holds=seconds <= LIMIT_S and answered == len(variants),
    )  # fmt: skip
