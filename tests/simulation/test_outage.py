"""From spans to outages: runs of lost probes by flow, phase and direction."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from simulation.control_plane.forwarding import Branch, Reach
from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Span
from simulation.draws import Draws, Streams
from simulation.outage import Loss, Probes, measure, phases_of
from simulation.records import OutageRecord
from simulation.scenario import Scenario

UP = Reach(("main",), ("main",), 1e9, certain=True)
DOWN = Reach(None, (), 0.0, certain=False)
HALF = Reach(Branch(0, (("one",), None)), ("one",), 1e9, certain=None)
MakeScenario = Callable[..., Scenario]


def _spans(*changes: tuple[float, Reach], horizon_s: float = 60.0) -> list[Span]:
    ends = [at_s for at_s, _ in changes[1:]] + [horizon_s]
    return [Span(at_s, end_s, found) for (at_s, found), end_s in zip(changes, ends, strict=True)]


def _measure(layout: Layout, scenario: Scenario, spans: list[Span], replication: int = 0) -> OutageRecord:
    return measure(layout, scenario, spans, Draws(Streams(4, 200), replication), (replication, "city", "to_dc"))


def test_one_loss_is_as_long_as_its_lost_probes(deck_layout: Layout, scenario: MakeScenario) -> None:
    """An outage of 0.75 s loses 75 probes of each of the 32 flows."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), _spans((0, UP), (5, DOWN), (5.75, UP)))
    assert record.outage_s == pytest.approx(0.75, abs=0.0101)
    assert record.lost_probes == 32 * round(record.outage_s * 100)
    assert (record.flows_hit, record.ended_by_repair, record.lasts) == (1.0, False, False)
    assert [phase.outage_s for phase in record.phases] == [record.outage_s, 0.0]


def test_loss_that_only_the_repair_ends(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Its whole length is the outage; the fault's phase never ends by itself, the repair's counts from the repair."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), _spans((0, UP), (5, DOWN), (18, UP)))
    assert record.outage_s == pytest.approx(13, abs=0.0101)
    assert record.ended_by_repair
    assert math.isinf(record.switch_over_s)
    assert record.recovery_s == pytest.approx(3, abs=0.0101)


def test_loss_to_the_horizon_lasts(deck_layout: Layout, scenario: MakeScenario) -> None:
    """What nothing ends is infinite."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", None)), _spans((0, UP), (5, DOWN)))
    assert record.lasts
    assert not record.ended_by_repair


def test_recovery_alone_is_judged_where_the_scenario_says_so(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Loss before the repair does not count there; loss across the repair counts from the repair on."""
    judged = scenario((5, "circuit-cut", "x", 10), judge="recovery")
    before = _spans((0, UP), (5, DOWN), (5.7, UP), (16, DOWN), (16.2, UP))
    record = _measure(deck_layout, judged, before)
    assert record.outage_s == pytest.approx(0.2, abs=0.0101)
    across = _measure(deck_layout, judged, _spans((0, UP), (5, DOWN), (16, UP)))
    assert across.outage_s == pytest.approx(1.0, abs=0.0101)


def test_worst_flow_counts(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Where half of the paths fail the outage is that of the flows on them, and their share is shown."""
    records = [
        _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), _spans((0, UP), (5, HALF), (6, UP)), number)
        for number in range(200)
    ]
    assert all(record.outage_s == pytest.approx(1.0, abs=0.0101) for record in records)
    share = np.mean([record.flows_hit for record in records])
    assert share == pytest.approx(0.5, abs=3.29 * math.sqrt(0.25 / (200 * 32)))


def test_loss_between_two_probes_is_not_seen() -> None:
    """A loss shorter than the spacing shows only if a probe falls into it."""
    probes = Probes(0.01, 0.004)
    assert probes.count(Loss(1.005, 1.012, lasts=False)) == 0
    assert probes.count(Loss(1.005, 1.015, lasts=False)) == 1
    assert probes.count(Loss(0.0, 1.0, lasts=False)) == 100


def test_phases_follow_the_faults_and_repairs(scenario: MakeScenario) -> None:
    """Every instant at which something happens begins a phase; what happens together shares one."""
    phases = phases_of(scenario((5, "circuit-cut", "a", 10), (5, "circuit-cut", "b", 12), horizon_s=30))
    assert [(phase.from_s, phase.until_s, phase.repair) for phase in phases] == [
        (5, 15, False),
        (15, 17, True),
        (17, 30, True),
    ]
    assert phases[0].events == ("circuit-cut a", "circuit-cut b")
