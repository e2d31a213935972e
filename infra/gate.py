"""The gate as the Pulumi program asks for it: evaluated before anything is registered, told in words, remembered.

A result hangs on nothing but the estate, the seed and the code that predicts, so it is kept under their digest in the
clone's private folder and taken from there while none of them changes. Leaves the prediction to `simulation.gate`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.errors import PromiseBroken
from inventory.models.estate import Estate

if TYPE_CHECKING:
    from simulation.gate import GateResult

ROOT = Path(__file__).resolve().parent.parent
PREDICTING = ("simulation", "topology", "inventory")
KEPT = 20


def result_for(estate: Estate, folder: Path) -> GateResult:
    """Return the gate's result for an estate, from `folder` where the same was evaluated before.

    Raises what `simulation.gate.evaluate` raises.
    """
    path = folder / f"{_key(estate)}.json"
    kept = _kept(path)
    if kept is not None:
        return kept
    from simulation.gate import evaluate

    result = evaluate(estate)
    _keep(result, path)
    return result


def _key(estate: Estate) -> str:
    """Return a digest of all that a result hangs on: the estate as loaded and the code and scenarios that predict."""
    total = hashlib.sha256(estate.digest.encode())
    lock = Path(estate.folder) / "addresses.lock.yaml"
    total.update(lock.read_bytes() if lock.exists() else b"")
    for package in PREDICTING:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".yaml") and "estates" not in path.parts:
                total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()


def _kept(path: Path) -> GateResult | None:
    from simulation.gate import GateResult, GateRow

    try:
        found: dict[str, Any] = json.loads(path.read_text())
        rows = tuple(GateRow(**row) for row in found.pop("rows"))
        return GateResult(rows=rows, **found)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(result: GateResult, path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(dataclasses.asdict(result)))
        partial.replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda item: item.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        # Without the file the next run predicts again; a full disk is told by what needs it.
        return


def require(result: GateResult) -> None:
    """Raise PromiseBroken naming every broken promise, the scenario, the figure and the line to change."""
    if result.holds:
        return
    lines = "\n".join(f"  {row.sentence()}" for row in result.broken)
    raise PromiseBroken(
        f"the gate is closed, nothing was changed: {len(result.broken)} of {len(result.rows)} rows are broken "
        f"(seed {result.seed}, {result.replications} replications each)\n{lines}"
    )


def summary(result: GateResult) -> str:
    """Return what a preview shows: scenario by city, the predicted figure beside its limit."""
    lines = []
    for scenario in dict.fromkeys(row.scenario for row in result.rows):
        figures = ", ".join(
            f"{row.city} {'never' if row.predicted is None else f'{row.predicted:.2f}'} of {row.limit:g} {row.unit}"
            for row in result.rows
            if row.scenario == scenario
        )
        lines.append(f"  after {scenario}: {figures}")
    left_out = [f"  not promised after {entry}: {why}" for entry, why in result.excepted.items()]
    head = f"gate: {len(result.rows)} of {len(result.rows)} predicted outages are within their promises"
    return "\n".join([f"{head} (seed {result.seed}, {result.replications} replications each)", *lines, *left_out])
