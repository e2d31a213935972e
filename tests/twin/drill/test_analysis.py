"""Losses come out of probe logs as they went in, and a run counts as a prediction of the same course would."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.control_plane.forwarding import Reach
from simulation.control_plane.replication import Span
from simulation.loss import Loss, Phase, Probing, outage_of
from simulation.outage import Probes, courses_of
from simulation.records import Outage
from simulation.scenario import Judge
from twin.drill import analysis
from twin.drill.analysis import Event, Stream, measure, phases_of

START_S = 100.0
SPACING_S = 0.01
COUNT = 3000
END_S = START_S + 29.0

Make = Callable[..., Stream]


def _phases(*events: tuple[float, str, str], start_s: float = START_S) -> tuple[Phase, ...]:
    done = [Event(due_s, start_s + due_s + 0.003, 0.01, kind, label) for due_s, kind, label in events]  # type: ignore[arg-type]
    return phases_of(done, start_s + END_S - START_S)


CUT_AND_MEND = _phases((5, "fault", "cut"), (15, "repair", "mend"))


def test_no_loss_is_no_outage(stream: Make) -> None:
    """A run in which everything arrives has outage 0 and no flow hit."""
    found = measure(stream({}), CUT_AND_MEND, "switch-over")
    assert (found.outage_s, found.switch_over_s, found.recovery_s) == (0.0, 0.0, 0.0)
    assert (found.flows_hit, found.lost_probes, found.ended_by_repair) == (0.0, 0, False)


def test_outage_is_the_worst_flow_and_lasts_as_many_spacings_as_probes_were_lost(stream: Make) -> None:
    """70 lost probes at 10 ms are 0.7 s; the worst flow counts, and half of the flows are hit."""
    found = measure(stream({0: [(501, 571)], 2: [(501, 561)]}), CUT_AND_MEND, "switch-over")
    assert (found.outage_s, found.switch_over_s, found.recovery_s) == (0.70, 0.70, 0.0)
    assert (found.flows_hit, found.lost_probes, found.ended_by_repair) == (0.5, 130, False)


def test_total_loss_lasts_to_the_horizon(stream: Make) -> None:
    """Nothing that comes again is an infinite outage; its probes count to the horizon, not until all stopped."""
    phases = _phases((5, "fault", "cut"))
    found = measure(stream({flow: [(501, COUNT)] for flow in range(4)}), phases, "switch-over")
    assert math.isinf(found.outage_s) and math.isinf(found.switch_over_s)
    assert not found.ended_by_repair
    assert found.lost_probes == 4 * (2900 - 501)


def test_what_comes_after_the_horizon_is_not_counted(stream: Make) -> None:
    """Probes run on a little longer than the scenario: what they lose, and what ends then, says nothing about it."""
    assert measure(stream({0: [(2910, 2950)]}), CUT_AND_MEND, "switch-over").lost_probes == 0
    assert measure(stream({0: [(2850, 2950)]}), CUT_AND_MEND, "switch-over").lasts


def test_flow_that_never_worked_is_seen(stream: Make) -> None:
    """A flow of which nothing came has one endless loss from the first probe on and was never heard."""
    made = stream({3: [(0, COUNT)]})
    assert made.heard == (True, True, True, False)
    assert made.flows[3] == (Loss(START_S, math.inf, COUNT),)
    assert measure(made, CUT_AND_MEND, "switch-over").lasts


def test_loss_that_began_just_before_the_fault_is_the_faults(stream: Make) -> None:
    """A probe under way when the circuit is cut belongs to the cut, though it was sent before."""
    found = measure(stream({0: [(498, 570)]}), CUT_AND_MEND, "switch-over")
    assert found.switch_over_s == pytest.approx(0.72)


def test_two_faults_of_one_instant_are_one_phase() -> None:
    """Circuits that are cut together begin one phase, at the first cut."""
    done = [
        Event(5, 105.02, 0.01, "fault", "b"),
        Event(5, 105.0, 0.01, "fault", "a"),
        Event(15, 115, 0.01, "repair", "c"),
    ]
    first, second = phases_of(done, END_S)
    assert (first.from_s, first.until_s, first.repair) == (105.0, 115.0, False)
    assert (second.until_s, second.repair) == (END_S, True)


UP = Reach(("main",), ("main",), 1e9, certain=True)
DOWN = Reach(None, (), 0.0, certain=False)
INSTANTS = st.lists(st.integers(1, 2898), min_size=1, max_size=6, unique=True).map(sorted)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.integers(1, 57_999), max_size=9, unique=True).map(sorted),
    instants=INSTANTS,
    kinds=st.lists(st.sampled_from(("fault", "repair")), min_size=6, max_size=6),
    judge=st.sampled_from(("switch-over", "recovery")),
)
def test_one_course_counts_alike_predicted_and_measured(
    stream: Make, changes: list[int], instants: list[int], kinds: list[str], judge: Judge
) -> None:
    """Whatever reach comes and goes: a replication's spans and the logs of the probes sent meanwhile agree.

    Reach changes on odd quarters of a millisecond, between the probes; in a model nothing is under way.
    """
    turns_s = [0.0, *(change * 0.0005 + 0.00025 for change in changes), END_S - START_S]
    spans = [
        Span(from_s, until_s, DOWN if number % 2 else UP)
        for number, (from_s, until_s) in enumerate(itertools.pairwise(turns_s))
    ]
    events = [(at / 100, kind, kind) for at, kind in zip(instants, kinds, strict=False)]
    # The probes of the logs; they go on for a second after the horizon with what it left.
    lost = [any(s.from_s <= n * SPACING_S < s.until_s for s in spans[1::2]) for n in range(2900)]
    lost += [spans[-1].reach is DOWN] * (COUNT - 2900)
    edges = [n for n in range(COUNT) if lost[n] != (n > 0 and lost[n - 1])] + [COUNT]
    gaps = list(zip(edges[::2], edges[1::2], strict=False))

    layout = SimpleNamespace(flows=4)
    courses = courses_of(layout, spans, Probes(SPACING_S, 0.0), None)  # type: ignore[arg-type]
    predicted = outage_of(courses, _phases(*events, start_s=0.0), judge, Probing(SPACING_S))
    with patch.object(analysis, "IN_FLIGHT_S", 0.0):
        measured = measure(stream(dict.fromkeys(range(4), gaps)), _phases(*events), judge)
    assert _figures(measured) == pytest.approx(_figures(predicted))


def _figures(outage: Outage) -> list[float]:
    phases = [phase.outage_s for phase in outage.phases]
    return [outage.outage_s, outage.ended_by_repair, outage.lost_probes, outage.flows_hit, *phases]
