"""No kernel reads or writes outside its arrays: the kinds of predictions that have some, played with Numba's checks on.

Without the checks a kernel that leaves an array goes on with whatever lies beside it, and only luck shows it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PLAYED = """
import datetime as dt
from inventory.load import load_estate
from simulation.questions import ask

for name in ("fuji-fujinomiya", "tri-villages"):
    estate = load_estate(name)
    for kind in ("batch", "day", "availability"):
        ask(estate, {"kind": kind}, seed=1, replications=2)
        print(name, kind)
"""


def test_kernels_stay_within_their_arrays(tmp_path: Path) -> None:
    """Nights, days and lives of both estates end well where every index is checked."""
    done = subprocess.run(
        [sys.executable, "-c", PLAYED],
        env={**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 6
