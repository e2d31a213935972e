"""What was measured on real routers against what the model says of the same fault."""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from inventory.models.estate import Estate
from simulation.control_plane.clockwork import BUSY
from simulation.draws import delay
from simulation.failover import Prediction, predict
from simulation.intervals import quantile
from simulation.scenario import load_scenario

MEASURED = Path(__file__).parent / "measured"
OUTAGES = yaml.safe_load((MEASURED / "outages.yaml").read_text("utf-8"))
REACTIONS = yaml.safe_load((MEASURED / "reactions.yaml").read_text("utf-8"))
PROBE_S = 0.01


@functools.cache
def _predicted(name: str, lsa_min_arrival: str = "100 ms") -> Prediction:
    from inventory.load import load_estate

    deck = load_estate("fuji-fujinomiya", {"timers.ospf.lsa_min_arrival": lsa_min_arrival})
    return predict(deck, load_scenario(name, deck), replications=300)


def _values_s(figures: dict[str, Any]) -> list[float]:
    """Return the worse direction's loss of every replication, in the phase and with the timers that were measured."""
    prediction = _predicted(figures["scenario"], figures.get("lsa_min_arrival", "100 ms"))
    city, phase = figures["city"], figures["phase"]
    both = zip(prediction.of(city, "to_dc"), prediction.of(city, "from_dc"), strict=True)
    return [max(record.phases[phase].outage_s for record in pair) for pair in both]


@pytest.mark.parametrize(
    "figures", OUTAGES, ids=lambda f: f"{f['scenario']}-{'loaded' if f.get('loaded') else 'quiet'}"
)
def test_measured_median_lies_in_the_predicted_interval(figures: dict[str, Any]) -> None:
    """The median of the runs lies in the 95 % interval widened by two probe spacings, as a drill judges it."""
    values = _values_s(figures)
    low, high = quantile(values, 0.025) - 2 * PROBE_S, quantile(values, 0.975) + 2 * PROBE_S
    assert low <= np.median(figures["outages_s"]) <= high


@pytest.mark.parametrize("figures", [f for f in OUTAGES if not f.get("loaded")], ids=lambda f: f["scenario"])
def test_measured_runs_are_none_of_the_impossible(figures: dict[str, Any]) -> None:
    """On a quiet host every single run lies within what the replications range over, two probe spacings added."""
    values = _values_s(figures)
    assert min(values) - 2 * PROBE_S <= min(figures["outages_s"])
    assert max(figures["outages_s"]) <= max(values) + 2 * PROBE_S


@pytest.mark.parametrize("figures", [f for f in OUTAGES if len(f["outages_s"]) >= 8], ids=lambda f: f["scenario"])
def test_long_series_agree_as_a_drill_judges(figures: dict[str, Any]) -> None:
    """With eight runs or more the means differ by at most 15 % or 100 ms, and the interval excuses nothing."""
    values, measured = _values_s(figures), figures["outages_s"]
    assert abs(np.mean(measured) - np.mean(values)) <= max(0.15 * np.mean(values), 0.1)
    assert quantile(values, 0.975) - quantile(values, 0.025) <= 2 * (max(measured) - min(measured))


@pytest.mark.parametrize(
    "figures",
    [f for f in OUTAGES if f["scenario"] == "fujinomiya-main-returns" and len(f["outages_s"]) >= 10],
    ids=lambda f: f.get("lsa_min_arrival", "100 ms"),
)
def test_return_of_the_main_circuit_loses_as_often_as_measured(figures: dict[str, Any]) -> None:
    """A loop of about one SPF hold met half of the returns on quiet hosts: that does not refute the predicted share."""
    measured = sum(outage_s > 0.015 for outage_s in figures["outages_s"])
    values = np.array(_values_s(figures))
    share = (values > 0.015).mean()
    assert binomtest(measured, len(figures["outages_s"]), share) > 0.05
    assert np.median(values[values > 0.015]) == pytest.approx(0.05, abs=PROBE_S)


def binomtest(hits: int, runs: int, share: float) -> float:
    """Return the probability of a number of hits at most as likely as the given one (exact, two-sided)."""
    likely = [math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(runs + 1)]
    return sum(p for p in likely if p <= likely[hits] * (1 + 1e-9))


def test_gateway_taken_back_too_early_loses_as_long_as_measured() -> None:
    """With a preempt delay of 5 s a restarted router takes the gateway before its routes are there.

    Measured on dc-rt-1, daemons started 0.8 s after the links: 3.70, 3.90, 8.30, 8.94 and 8.93 s on the way back; the
    longer ones met a link state that MinLSArrival dropped. Both clusters come out, to within what such a start varies.
    """
    from inventory.load import load_estate

    boot = {
        f"timers.reactions.node-boot.{key}": value
        for key, value in (("low", "750 ms"), ("mode", "850 ms"), ("high", "1.2 s"))
    }
    timers = {"timers.vrrp.preempt_delay": "5 s", "timers.ospf.lsa_min_arrival": "100 ms"}
    deck = load_estate("fuji-fujinomiya", {**timers, **boot})
    found = predict(deck, load_scenario("dc-router-crash", deck), replications=120)
    recoveries_s = np.array([record.recovery_s for record in found.of("fuji", "from_dc")])
    early, late = recoveries_s[recoveries_s < 6], recoveries_s[recoveries_s >= 6]
    assert 0.1 < len(late) / len(recoveries_s) < 0.9
    assert np.median(early) == pytest.approx(np.mean([3.70, 3.90]), abs=0.3)
    assert np.median(late) == pytest.approx(np.mean([8.30, 8.94, 8.93]), abs=0.3)


@pytest.mark.parametrize("figures", REACTIONS, ids=lambda f: "-".join(f["reactions"]))
def test_reaction_times_are_near_the_measured_ones(figures: dict[str, Any], deck: Estate) -> None:
    """With what a busy processor adds the median lies between the least and the upper quartile of a loaded host."""
    reactions = deck.records.timers.reactions
    random = np.random.default_rng(5)
    met = [reactions[name] for name in figures["reactions"]]
    met += [reactions[BUSY] for name in figures["reactions"] if name != "spf-start"]
    drawn_ms = 1000 * sum(delay(random.random(4000), reaction) for reaction in met)
    measured_ms = figures["quantiles_ms"]
    assert measured_ms[0.05] <= np.median(drawn_ms) <= measured_ms[0.75]
