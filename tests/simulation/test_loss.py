"""The one rule of what an outage is: by flow, by phase, by what ended it, from when on and until when."""

from __future__ import annotations

import math

import pytest

from simulation.loss import Course, Loss, Phase, Probing, outage_of
from simulation.records import Outage
from simulation.scenario import Judge

SPACING_S = 0.01
HORIZON_S = 30.0
EXACT = Probing(SPACING_S)
FLYING = Probing(SPACING_S, in_flight_s=0.1)


def _phases(*instants: tuple[float, bool]) -> tuple[Phase, ...]:
    ends = [at_s for at_s, _ in instants[1:]] + [HORIZON_S]
    return tuple(Phase(at_s, end_s, (), repair) for (at_s, repair), end_s in zip(instants, ends, strict=True))


CUT_AND_MEND = _phases((5.003, False), (15.003, True))


def _loss(first: int, end: int | None) -> Loss:
    """Return the loss of the probes from `first` to before `end`, of which one leaves each 10 ms from 0 s on."""
    return Loss(first / 100, math.inf, 10_000) if end is None else Loss(first / 100, end / 100, end - first)


def _outage(
    *losses: tuple[int, int | None],
    phases: tuple[Phase, ...] = CUT_AND_MEND,
    judge: Judge = "switch-over",
    probing: Probing = EXACT,
) -> Outage:
    """Return the outage of two flows of which one loses what is given and the other nothing."""
    return outage_of([Course(1, tuple(_loss(*loss) for loss in losses)), Course(1, ())], phases, judge, probing)


def _by_phase(outage: Outage) -> list[float]:
    return [phase.outage_s for phase in outage.phases]


def test_nothing_lost_is_no_outage() -> None:
    """Where every probe arrives all figures are zero."""
    outage = _outage()
    assert (outage.outage_s, outage.lost_probes, outage.flows_hit, outage.ended_by_repair) == (0.0, 0, 0.0, False)
    assert _by_phase(outage) == [0.0, 0.0]


def test_flows_that_went_alike_count_each() -> None:
    """The worst flow's loss is the outage; probes and flows are counted as often as a course was met."""
    courses = [Course(30, (_loss(501, 571),)), Course(10, (_loss(501, 561), _loss(700, 705))), Course(40, ())]
    outage = outage_of(courses, CUT_AND_MEND, "switch-over", EXACT)
    assert (outage.outage_s, outage.flows_hit, outage.lost_probes) == (0.70, 0.5, 30 * 70 + 10 * 65)


def test_loss_counts_for_the_phase_in_which_it_began() -> None:
    """What a fault costs and what the repair costs stand apart; the outage is the longer of the two."""
    outage = _outage((501, 561), (1501, 1601))
    assert (outage.switch_over_s, outage.recovery_s, outage.outage_s) == (0.60, 1.00, 1.00)
    assert not outage.ended_by_repair


def test_loss_over_a_repair_is_endless_for_the_fault_and_counts_from_the_repair() -> None:
    """From the repair on the first probe that is lost counts: 70 of them are 0.70 s, not the time since the repair."""
    outage = _outage((501, 1571))
    assert outage.ended_by_repair
    assert outage.outage_s == 10.70
    assert _by_phase(outage) == [math.inf, 0.70]


def test_loss_ends_by_the_repair_though_no_probe_was_lost_after_it() -> None:
    """A repair that lets the very next probe through ended the outage, and its own phase lost nothing."""
    outage = _outage((501, 1501))
    assert outage.ended_by_repair
    assert _by_phase(outage) == [math.inf, 0.0]


def test_judged_recovery_counts_from_the_first_repair() -> None:
    """What was lost before is no part of the outage, of the flows hit or of the probes lost, but of its phase."""
    outage = _outage((501, 561), (1400, 1504), judge="recovery")
    assert (outage.outage_s, outage.lost_probes, outage.flows_hit) == (0.03, 3, 0.5)
    assert not outage.ended_by_repair
    assert _by_phase(outage) == [math.inf, 0.03]


def test_flow_that_lost_nothing_since_the_repair_is_not_hit() -> None:
    """Where the next probe after the repair arrives the judged recovery hit no flow."""
    outage = _outage((501, 1501), judge="recovery")
    assert (outage.outage_s, outage.flows_hit, outage.lost_probes) == (0.0, 0.0, 0)


def test_loss_at_the_horizon_lasts() -> None:
    """Whether something came again after the horizon does not matter, nor what was lost there."""
    for end in (None, 3050):
        outage = _outage((2900, end))
        assert outage.lasts and math.isinf(outage.recovery_s)
        assert (outage.lost_probes, outage.ended_by_repair) == (100, False)
    assert _outage((3000, 3100)) == _outage()


def test_loss_before_the_first_instant_counts_for_no_phase() -> None:
    """Nothing is left out of the outage because it was unexpected."""
    outage = _outage((100, 200))
    assert outage.outage_s == 1.0
    assert _by_phase(outage) == [0.0, 0.0]


def test_first_of_equally_long_losses_tells_how_the_outage_ended() -> None:
    """Of two losses as long as each other the earlier one is the outage."""
    assert not _outage((600, 700), (1450, 1550)).ended_by_repair
    assert _outage((1450, 1550), (1700, 1800)).ended_by_repair


def test_each_repair_has_its_own_wait() -> None:
    """Main down, then the backup, then two repairs: a loss that only the last one ends is endless until then."""
    phases = _phases((5.003, False), (12.003, False), (20.003, True), (25.003, True))
    assert _by_phase(_outage((501, 571), (1201, 2050), phases=phases)) == [0.70, math.inf, 0.49, 0.0]
    assert _by_phase(_outage((501, 571), (1201, 2550), phases=phases)) == [0.70, math.inf, math.inf, 0.49]


def test_loss_that_a_fault_finds_there_is_not_the_faults() -> None:
    """A second fault is not charged with what the first one still loses."""
    phases = _phases((5.003, False), (5.503, False))
    assert _by_phase(_outage((501, 571), phases=phases)) == [0.70, 0.0]


@pytest.mark.parametrize(("first", "by_phase"), [(491, [0.80, 0.0]), (489, [0.0, 0.0])])
def test_probe_under_way_belongs_to_what_it_met(first: int, by_phase: list[float]) -> None:
    """A loss of which the first probe left less than the allowance before a fault is the fault's, as a whole."""
    assert _by_phase(_outage((first, 571), probing=FLYING)) == by_phase
    assert _by_phase(_outage((first, 571))) == [0.0, 0.0]


def test_probe_under_way_at_the_repair_is_the_recoverys() -> None:
    """Loss that the repair itself caused counts whole, as the outage and for its phase, and waited for no repair."""
    outage = _outage((1495, 1515), judge="recovery", probing=FLYING)
    assert (outage.outage_s, outage.lost_probes, outage.ended_by_repair) == (0.20, 20, False)
    assert _by_phase(outage) == [0.0, 0.20]


def test_allowance_hides_nothing_at_the_horizon() -> None:
    """The horizon is no instant at which something is done: what begins just before it is the last phase's."""
    assert _by_phase(_outage((2995, 2999), probing=FLYING)) == [0.0, 0.04]


def test_probes_sent_in_a_burst_are_no_negative_outage() -> None:
    """A late sender makes up for its delay at once; a probe lost in the burst took no time, but was lost."""
    outage = outage_of([Course(1, (Loss(6.04, 6.03, 1),))], CUT_AND_MEND, "switch-over", EXACT)
    assert (outage.outage_s, outage.lost_probes) == (0.0, 1)
