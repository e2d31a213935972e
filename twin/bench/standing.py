"""What is measured on the lab that stands, each figure beside its peer, both sides in one run. Changes nothing on it.

Nodes and networks are compared by `infra.targets.lab.bench`; here are the provisioning (Mitogen against the stock
connection, both as second runs on the standing lab) and the time of a warm preview with the gate.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PREVIEW_LIMIT_S = 5.0
PROVISIONING_FACTOR = 4.0


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command and return its seconds; raises CalledProcessError where it fails."""
    begin = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def provisioning() -> dict[str, float]:
    """Return the seconds of one run of the playbooks by each connection, and their ratio."""
    command = ["ansible-playbook", "-i", "playbooks/hosts.py", "playbooks/site.yml"]
    mitogen_s = _seconds(command, {"ANSIBLE_STRATEGY": "mitogen_linear"})
    stock_s = _seconds(command, {"ANSIBLE_STRATEGY": "linear"})
    return {"mitogen_s": mitogen_s, "stock_s": stock_s, "factor": stock_s / mitogen_s, "least": PROVISIONING_FACTOR}


def preview(runs: int = 3) -> dict[str, float]:
    """Return the median seconds of a preview, after one that warms the caches."""
    command = ["pulumi", "preview", "--stack", "lab", "--non-interactive"]
    _seconds(command, {})
    return {"median_s": statistics.median(_seconds(command, {}) for _ in range(runs)), "limit_s": PREVIEW_LIMIT_S}


def preview_part() -> int:
    """Print the figure of a preview; return 1 where it takes too long."""
    found = preview()
    print(json.dumps({"preview": found}), flush=True)
    return 0 if found["median_s"] <= PREVIEW_LIMIT_S else 1


def provisioning_part() -> int:
    """Print both sides of provisioning; return 1 where Mitogen is not so many times as quick."""
    against = provisioning()
    print(json.dumps({"provisioning": against}), flush=True)
    return 0 if against["factor"] >= PROVISIONING_FACTOR else 1
