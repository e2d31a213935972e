"""What was drilled before is found again by its prediction, so that a long series can go on where it was torn off."""

from __future__ import annotations

from pathlib import Path

from evidence.chain import append
from evidence.seal import seal
from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.failover import predict
from simulation.scenario import load_scenario
from twin.drill.drill import drilled


def test_drill_of_the_same_prediction_is_found_with_enough_runs_alone(estate: Estate, tmp_path: Path) -> None:
    """Another seed, other timers or more runs than were held mean that it is still to be drilled."""
    scenario = load_scenario("fujinomiya-main-port-down", estate)
    assert drilled(tmp_path, estate, scenario, repeats=1, seed=1) is None
    predicted = predict(estate, scenario, seed=1).document()
    sealed = seal(tmp_path, predicted, {})
    held = {"scenario": scenario.name, "repeats": 3, "sealed_prediction": sealed.prediction_digest}
    held["predicted"] = {**predicted, "estate_digest": "of the estate as it was"}
    append(tmp_path, "drill", held)
    assert drilled(tmp_path, estate, scenario, repeats=3, seed=1) == held
    assert drilled(tmp_path, estate, scenario, repeats=4, seed=1) is None
    assert drilled(tmp_path, estate, scenario, repeats=3, seed=2) is None
    other = load_estate("fuji-fujinomiya", {"timers.bfd.interval": "100 ms"})
    assert drilled(tmp_path, other, scenario, repeats=3, seed=1) is None
