"""Outages come out of probe logs as they went in, whatever else the network did to the probes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from twin.drill.analysis import Event, Outage, Phase, Stream, measure, phases_of

START_S = 100.0
SPACING_S = 0.01
END_S = START_S + 30.0


Make = Callable[..., Stream]


def _phases(*events: tuple[float, str, str], shift_s: float = 0.003) -> tuple[Phase, ...]:
    done = [Event(due_s, START_S + due_s + shift_s, 0.01, kind, label) for due_s, kind, label in events]
    return phases_of(done, END_S)


CUT_AND_MEND = _phases((5, "fault", "cut"), (15, "repair", "mend"))


def test_no_loss_is_no_outage(stream: Make) -> None:
    """A run in which everything arrives has outage 0 and no flow hit."""
    assert measure(stream({}), CUT_AND_MEND, "switch-over", END_S) == Outage(0.0, False, 0.0, 0.0, 0.0, 0)


def test_outage_is_the_worst_flow_and_lasts_as_many_spacings_as_probes_were_lost(stream: Make) -> None:
    """70 lost probes at 10 ms are 0.7 s; the worst flow counts, and half of the flows are hit."""
    found = measure(stream({0: [(501, 571)], 2: [(501, 561)]}), CUT_AND_MEND, "switch-over", END_S)
    assert found.outage_s == pytest.approx(0.70)
    assert found.switch_over_s == pytest.approx(0.70)
    assert found.recovery_s == 0.0
    assert found.flows_hit == 0.5
    assert found.lost_probes == 130
    assert not found.ended_by_repair


def test_switch_over_and_recovery_are_apart(stream: Make) -> None:
    """What is lost after the repair is the recovery's; the outage is the longer of the two."""
    made = stream({1: [(501, 561), (1501, 1601)]})
    found = measure(made, CUT_AND_MEND, "switch-over", END_S)
    assert (found.switch_over_s, found.recovery_s) == (pytest.approx(0.6), pytest.approx(1.0))
    assert found.outage_s == pytest.approx(1.0)


def test_recovery_alone_counts_where_the_scenario_judges_it(stream: Make) -> None:
    """With `judge: recovery` what was lost before the first repair is no part of the outage."""
    made = stream({1: [(501, 601), (1501, 1504)], 2: [(501, 601)]})
    found = measure(made, CUT_AND_MEND, "recovery", END_S)
    assert found.outage_s == pytest.approx(0.03)
    assert found.flows_hit == 0.25
    assert found.lost_probes == 3


def test_outage_that_a_repair_ends_is_marked_and_split(stream: Make) -> None:
    """Loss from the fault over the repair is endless for the fault, and counts from the repair on for the recovery."""
    found = measure(stream({0: [(501, 1571)]}), CUT_AND_MEND, "switch-over", END_S)
    assert found.ended_by_repair
    assert found.outage_s == pytest.approx(10.70)
    assert math.isinf(found.switch_over_s)
    assert found.recovery_s == pytest.approx(15.71 - 15.003, abs=1e-6)


def test_outage_over_the_repair_is_clipped_where_the_recovery_is_judged(stream: Make) -> None:
    """A judged recovery counts from the repair, in seconds and in probes."""
    found = measure(stream({0: [(501, 1571)]}), CUT_AND_MEND, "recovery", END_S)
    assert found.outage_s == pytest.approx(15.71 - 15.003, abs=1e-6)
    assert found.lost_probes == 70


def test_total_loss_lasts_to_the_horizon(stream: Make) -> None:
    """Nothing that comes again is an infinite outage, not the time until someone stopped to look."""
    found = measure(
        stream({flow: [(501, 3000)] for flow in range(4)}), _phases((5, "fault", "cut")), "switch-over", END_S
    )
    assert math.isinf(found.outage_s) and math.isinf(found.switch_over_s)
    assert not found.ended_by_repair
    assert found.lost_probes == 4 * 2499


def test_flow_that_never_worked_is_seen(stream: Make) -> None:
    """A flow of which nothing came has one endless loss from the first probe on and was never heard."""
    made = stream({3: [(0, 3000)]})
    assert made.heard == (True, True, True, False)
    assert made.flows[3][0].begin_s == START_S
    assert math.isinf(measure(made, CUT_AND_MEND, "switch-over", END_S).outage_s)


def test_loss_that_began_just_before_the_fault_is_the_faults(stream: Make) -> None:
    """A probe under way when the circuit is cut belongs to the cut, though it was sent before."""
    found = measure(stream({0: [(498, 570)]}), CUT_AND_MEND, "switch-over", END_S)
    assert found.switch_over_s == pytest.approx(0.72)


def test_loss_before_anything_was_done_is_not_hidden(stream: Make) -> None:
    """Loss outside every phase counts for the outage and for no phase."""
    found = measure(stream({0: [(100, 200)]}), CUT_AND_MEND, "switch-over", END_S)
    assert found.outage_s == pytest.approx(1.0)
    assert (found.switch_over_s, found.recovery_s) == (0.0, 0.0)


def test_loss_after_the_horizon_is_not_counted(stream: Make) -> None:
    """Probes run on a little longer than the scenario; what happens then says nothing about it."""
    found = measure(stream({0: [(2600, 2700)]}), CUT_AND_MEND, "switch-over", START_S + 25.0)
    assert found.outage_s == 0.0


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


def test_second_fault_during_the_first_ones_outage_keeps_the_phases_apart(stream: Make) -> None:
    """Main down, then the backup: each phase has its own loss, and only the second waits for a repair."""
    phases = _phases((5, "fault", "main"), (12, "fault", "backup"), (20, "repair", "backup"))
    found = measure(stream({0: [(501, 571), (1201, 2050)]}), phases, "switch-over", END_S)
    assert math.isinf(found.switch_over_s)
    assert found.ended_by_repair
    assert found.outage_s == pytest.approx(8.49)
    assert found.recovery_s == pytest.approx(20.50 - 20.003, abs=1e-6)
