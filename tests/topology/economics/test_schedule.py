"""Levelled payments add to the yen, and a phase that costs more than the first plan allows is told."""

from __future__ import annotations

from inventory.load import load_estate
from inventory.models.economics import TOGETHER, Economics, SecondPhase
from topology.economics.schedule import schedule


def _stated() -> tuple[Economics, SecondPhase]:
    economics = load_estate("fuji-fujinomiya").records.economics
    assert economics is not None
    assert economics.second_phase is not None
    return economics, economics.second_phase


def test_payments_are_level_and_add_to_what_is_planned() -> None:
    """No year differs from another by more than a yen, also where the amount does not divide."""
    economics, phase = _stated()
    plan = schedule(economics, phase.model_copy(update={"years": 7}))
    for city, payments in plan.payments.items():
        assert sum(payments.values()) == plan.planned[city]
        assert max(payments.values()) - min(payments.values()) <= 1
        assert list(payments) == [f"fy{year}" for year in range(2020, 2027)]


def test_phase_within_the_first_plan_is_kept_and_one_yen_more_is_not() -> None:
    """The limit is the first plan's cost for as many years, for every city and together."""
    economics, phase = _stated()
    assert all(schedule(economics, phase).kept.values())
    allowed = schedule(economics, phase).allowed["fuji"] - schedule(economics, phase).planned["fuji"]
    own = {**phase.own, "fuji": phase.own["fuji"] + int(allowed) + 1}
    dearer = schedule(economics, phase.model_copy(update={"own": own}))
    assert dearer.kept == {"fuji": False, "fujinomiya": True, TOGETHER: False}


def test_shared_part_is_divided_as_in_the_first_phase() -> None:
    """Slide 40 keeps 57.1 % and 42.9 %."""
    economics, phase = _stated()
    plan = schedule(economics, phase)
    assert plan.planned["fuji"] - phase.own["fuji"] == 1938 * 10**6
    assert plan.planned["fujinomiya"] - phase.own["fujinomiya"] == 1456 * 10**6
