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
from typing import Any

from infra.errors import PromiseBroken
from inventory.models.estate import Estate

ROOT = Path(__file__).resolve().parent.parent
PREDICTING = ("simulation", "topology", "inventory")
KEPT = 20


@dataclasses.dataclass(frozen=True)
class Outcome:
    """A gate's result as plain values: the rows as `twin gate --json` gives them, each with its sentence for people."""

    rows: tuple[dict[str, Any], ...]
    sentences: tuple[str, ...]
    seed: int
    replications: int
    excepted: dict[str, str]

    @property
    def broken(self) -> tuple[str, ...]:
        """The sentences of the rows that do not hold."""
        return tuple(words for row, words in zip(self.rows, self.sentences, strict=True) if row["holds"] is not True)


def outcome_for(estate: Estate, folder: Path) -> Outcome:
    """Return the gate's outcome for an estate, from `folder` where the same was evaluated before.

    Raises what `simulation.gate.evaluate` raises.
    """
    path = folder / f"{_key(estate)}.json"
    kept = _kept(path)
    if kept is not None:
        return kept
    from simulation.gate import evaluate

    result = evaluate(estate)
    rows, sentences = tuple(result.document()), tuple(row.sentence() for row in result.rows)
    outcome = Outcome(rows, sentences, result.seed, result.replications, result.excepted)
    _keep(outcome, path)
    return outcome


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


def _kept(path: Path) -> Outcome | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        rows, sentences = tuple(found.pop("rows")), tuple(found.pop("sentences"))
        outcome = Outcome(rows=rows, sentences=sentences, **found)
        return outcome if len(outcome.broken) <= len(rows) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(outcome: Outcome, path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(dataclasses.asdict(outcome)))
        partial.replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda item: item.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        # Without the file the next run predicts again; a full disk is told by what needs it.
        return


def require(outcome: Outcome) -> None:
    """Raise PromiseBroken naming every broken promise, the scenario, the figure and the line to change."""
    broken = outcome.broken
    if not broken:
        return
    lines = "\n".join(f"  {words}" for words in broken)
    raise PromiseBroken(
        f"the gate is closed, nothing was changed: {len(broken)} of {len(outcome.rows)} rows are broken "
        f"(seed {outcome.seed}, {outcome.replications} replications each)\n{lines}"
    )


def summary(outcome: Outcome) -> str:
    """Return what a preview shows: scenario by city, the predicted figure beside its limit."""
    from simulation.gate_rows import shown

    lines = []
    for scenario in dict.fromkeys(row["scenario"] for row in outcome.rows):
        figures = ", ".join(
            f"{row['city']} {shown(row['predicted'], row['unit'])} ({row['bound']} {shown(row['limit'], row['unit'])})"
            for row in outcome.rows
            if row["scenario"] == scenario
        )
        lines.append(f"  {'' if ':' in scenario else 'after '}{scenario}: {figures}")
    left_out = [f"  not promised after {entry}: {why}" for entry, why in outcome.excepted.items()]
    count = len(outcome.rows)
    head = f"gate: {count} of {count} predictions keep their promises"
    return "\n".join([f"{head} (seed {outcome.seed}, {outcome.replications} replications each)", *lines, *left_out])
