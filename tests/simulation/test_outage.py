"""From spans to losses and records: runs of lost probes by flow, and the routes before, during and after."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from simulation.control_plane.forwarding import Branch, Reach
from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Span
from simulation.draws import Draws, Streams
from simulation.loss import Course, Loss
from simulation.outage import Probes, courses_of, measure, phases_of
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
    draws = Draws(Streams(4, 200), replication)
    place = (replication, "city", "to_dc")
    return measure(layout, scenario.judge, phases_of(scenario), spans, draws, place=place)


def _losses(layout: Layout, probes: Probes, *changes: tuple[float, Reach]) -> list[Course]:
    return courses_of(layout, _spans(*changes), probes, Draws(Streams(4, 1), 0))


def test_one_loss_is_as_long_as_its_lost_probes(deck_layout: Layout, scenario: MakeScenario) -> None:
    """An outage of 0.75 s loses 75 probes of each of the 32 flows."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), _spans((0, UP), (5, DOWN), (5.75, UP)))
    assert record.outage_s == pytest.approx(0.75, abs=0.0101)
    assert record.lost_probes == 32 * round(record.outage_s * 100)
    assert (record.flows_hit, record.ended_by_repair, record.lasts) == (1.0, False, False)
    assert [phase.outage_s for phase in record.phases] == [record.outage_s, 0.0]


def test_loss_to_the_horizon_lasts(deck_layout: Layout, scenario: MakeScenario) -> None:
    """What nothing ends is infinite, and its probes are counted to the horizon."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", None)), _spans((0, UP), (5, DOWN)))
    assert record.lasts
    assert not record.ended_by_repair
    assert record.lost_probes == 32 * 5500


def test_repair_that_restores_reach_at_once_ended_the_outage(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Where reach is back in the very instant of the repair nothing but the repair brought it back."""
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", 0.3)), _spans((0, UP), (5, DOWN), (5.3, UP)))
    assert record.ended_by_repair
    assert [phase.outage_s for phase in record.phases] == [math.inf, 0.0]


def test_routes_are_those_of_the_start_the_repair_and_the_horizon(deck_layout: Layout, scenario: MakeScenario) -> None:
    """`during` is what was in use just before the first repair."""
    other = Reach(("other",), ("other",), 2e8, certain=True)
    spans = _spans((0, UP), (5, DOWN), (5.7, other), (16, UP))
    record = _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), spans)
    assert (record.before, record.during, record.after) == ((("main",), 1e9), (("other",), 2e8), (("main",), 1e9))


def test_worst_flow_counts(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Where half of the paths fail the outage is that of the flows on them, and their share is shown."""
    records = [
        _measure(deck_layout, scenario((5, "circuit-cut", "x", 10)), _spans((0, UP), (5, HALF), (6, UP)), number)
        for number in range(200)
    ]
    assert all(record.outage_s == pytest.approx(1.0, abs=0.0101) for record in records)
    share = np.mean([record.flows_hit for record in records])
    assert share == pytest.approx(0.5, abs=3.29 * math.sqrt(0.25 / (200 * 32)))


def test_loss_between_two_probes_is_not_seen(deck_layout: Layout) -> None:
    """A loss shorter than the spacing shows only if a probe falls into it."""
    probes = Probes(0.01, 0.004)
    assert _losses(deck_layout, probes, (0, UP), (1.005, DOWN), (1.012, UP)) == [Course(32, ())]
    found = _losses(deck_layout, probes, (0, UP), (1.005, DOWN), (1.015, UP))
    assert found == [Course(32, (Loss(pytest.approx(1.014), pytest.approx(1.024), 1),))]  # type: ignore[arg-type]


def test_reach_between_two_probes_does_not_end_a_loss(deck_layout: Layout) -> None:
    """Reach that no probe makes use of leaves one run of lost probes; a single probe that arrives makes two."""
    probes = Probes(0.01, 0.004)
    unseen = _losses(deck_layout, probes, (0, UP), (1, DOWN), (1.505, UP), (1.512, DOWN), (2, UP))
    assert [loss.probes for loss in unseen[0].losses] == [100]
    seen = _losses(deck_layout, probes, (0, UP), (1, DOWN), (1.505, UP), (1.515, DOWN), (2, UP))
    assert [loss.probes for loss in seen[0].losses] == [51, 48]


def test_phases_follow_the_faults_and_repairs(scenario: MakeScenario) -> None:
    """Every instant at which something happens begins a phase; what happens together shares one."""
    phases = phases_of(scenario((5, "circuit-cut", "a", 10), (5, "circuit-cut", "b", 12), horizon_s=30))
    assert [(phase.from_s, phase.until_s, phase.repair) for phase in phases] == [
        (5, 15, False),
        (15, 17, True),
        (17, 30, True),
    ]
    assert phases[0].events == ("circuit-cut a", "circuit-cut b")
