"""The gate in the program: the same result from the file as from the simulation, and a clear end when it is closed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from infra import gate
from infra.errors import PromiseBroken
from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.gate import GateResult, GateRow

ROW = GateRow("back-in-3s", "fuji-one-cut", "fuji", 1.04, 3.0, "s", True, "policy.yaml", 4, "promises.back-in-3s")
HELD = GateResult((ROW,), 1, 200, "digest", {"fuji-campus": "one cable"})
BROKEN = dataclasses.replace(
    HELD,
    rows=(
        dataclasses.replace(
            ROW, predicted=41.2, holds=False, file="behaviour.yaml", line=3, entry="timers.bfd.enabled"
        ),
    ),
)


def _outcome(result: GateResult) -> gate.Outcome:
    """Return what the program makes of a result."""
    sentences = tuple(row.sentence() for row in result.rows)
    return gate.Outcome(tuple(result.document()), sentences, result.seed, result.replications, result.excepted)


def test_result_is_kept_under_all_that_it_hangs_on(
    deck: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run takes the first one's result; another estate, or a file that cannot be read, predicts again."""
    runs = []

    def evaluate(estate: Estate) -> GateResult:
        runs.append(estate.digest)
        return HELD

    monkeypatch.setattr("simulation.gate.evaluate", evaluate)
    first = gate.outcome_for(deck, tmp_path)
    assert gate.outcome_for(deck, tmp_path) == first
    assert len(runs) == 1
    changed = load_estate("fuji-fujinomiya", {"timers.bfd.multiplier": "4"})
    gate.outcome_for(changed, tmp_path)
    assert len(runs) == 2
    for path in tmp_path.glob("*.json"):
        path.write_text("{broken")
    assert gate.outcome_for(deck, tmp_path) == first
    assert len(runs) == 3


def test_full_disk_does_not_stop_the_gate(deck: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the result cannot be kept it is predicted all the same."""
    monkeypatch.setattr("simulation.gate.evaluate", lambda _: HELD)
    assert gate.outcome_for(deck, Path("/proc/nowhere")).rows[0]["predicted"] == 1.04


def test_closed_gate_names_promise_scenario_figure_and_line() -> None:
    """The words of a broken promise have all that is needed to mend it."""
    with pytest.raises(PromiseBroken) as caught:
        gate.require(_outcome(BROKEN))
    for part in ("nothing was changed", "back-in-3s", "fuji-one-cut", "41.20 s", "limit 3.00 s", "behaviour.yaml:3"):
        assert part in str(caught.value)
    gate.require(_outcome(HELD))


def test_summary_has_every_scenario_with_its_cities_and_what_is_left_out() -> None:
    """A preview shows predicted figures beside their limits, and what no promise covers."""
    shown = gate.summary(_outcome(HELD))
    assert "after fuji-one-cut: fuji 1.04 s (at most 3.00 s)" in shown
    assert "not promised after fuji-campus: one cable" in shown
