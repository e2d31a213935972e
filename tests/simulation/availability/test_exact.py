"""Exact figures: by hand, by trying every state, and their limits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.availability.components import CommonCause, Component, Follows, Maintenance, System
from simulation.availability.crews import RepairedGroup
from simulation.availability.diagram import Diagram, met
from simulation.availability.exact import exact_figures
from simulation.availability.structure import AtLeast, Need, all_of, any_of, works
from simulation.availability.tables import NODE, SOURCE
from simulation.errors import MechanismInvalid

NAMES = ("a", "b", "c", "d", "e")


def needs() -> st.SearchStrategy[Need]:
    """Make any need over five components, the same ones in several places."""

    def several(parts: st.SearchStrategy[Need]) -> st.SearchStrategy[Need]:
        lists = st.lists(parts, min_size=1, max_size=4)
        return lists.flatmap(lambda of: st.integers(0, len(of)).map(lambda least: AtLeast(least, tuple(of))))

    return st.recursive(st.sampled_from(NAMES).map(works), several, max_leaves=12)


@given(needs(), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_diagram_is_the_sum_over_all_states(need: Need, away: list[float]) -> None:
    """Chance and importances equal those summed over all 32 states; both forms judge each state alike."""
    diagram = Diagram([need], NAMES)
    root, node = diagram.roots[0], np.array(list(diagram.nodes), NODE)
    component = np.zeros(5, SOURCE)
    unmet, moved = 0.0, [0.0] * 5
    for state in itertools.product((False, True), repeat=5):
        there = need.met(dict(zip(NAMES, state, strict=True)))
        component["works"] = state
        assert met(root, node, component) == there
        if not there:
            chances = [1 - u if up else u for up, u in zip(state, away, strict=True)]
            unmet += math.prod(chances)
            for n in range(5):
                moved[n] += math.prod(chances[:n] + chances[n + 1 :]) * (-1 if state[n] else 1)
    assert diagram.unmet(root, away) == pytest.approx(unmet, abs=1e-12)
    assert diagram.importances(root, away) == pytest.approx(moved, abs=1e-12)


def test_two_circuits_by_hand() -> None:
    """Both away at once: u², as often as 2 u / (mtbf + mttr), for mttr / 2 on average, half through each."""
    circuits = tuple(Component(name, 9996.0, 4.0) for name in "ab")
    found = exact_figures(System(circuits, {"line": works("a") | works("b")}))[0]
    assert found.unavailability == pytest.approx(16e-8, rel=1e-12)
    assert found.outages_per_year == pytest.approx(2 * 4e-4 / 10_000 * 8760, rel=1e-12)
    assert found.mean_outage_h == pytest.approx(2.0, rel=1e-12)
    assert found.budget == pytest.approx({"a": 0.5, "b": 0.5})


def test_small_unavailability_keeps_its_digits() -> None:
    """Five in parallel, each away a ten-thousandth of the time: 1e-20, which 1 minus something cannot hold."""
    parts = tuple(Component(name, 9999.0, 1.0) for name in NAMES)
    found = exact_figures(System(parts, {"s": any_of(*map(works, NAMES))}))[0]
    assert found.unavailability == pytest.approx(1e-20, rel=1e-9)


def test_limits() -> None:
    """What needs nothing is always there; what never fails too; what is repaired at once is never away."""
    parts = (Component("a", math.inf, 5.0), Component("b", 10.0, 0.0))
    found = {f.service: f for f in exact_figures(System(parts, {"n": all_of(), "a": works("a"), "b": works("b")}))}
    assert (found["n"].unavailability, found["n"].outages_per_year, found["n"].mean_outage_h) == (0, 0, 0)
    assert found["a"].unavailability == 0
    assert found["b"].unavailability == 0
    assert found["b"].outages_per_year == pytest.approx(876)


def test_k_of_n_with_a_person_for_each_is_the_product_form() -> None:
    """Birth and death with full crews equal the diagram of independent components, in every figure."""
    group = RepairedGroup(5, 3, 1000.0, 50.0)
    parts = tuple(Component(name, 1000.0, 50.0) for name in NAMES)
    found = exact_figures(System(parts, {"s": AtLeast(3, tuple(map(works, NAMES)))}))[0]
    assert group.unavailability == pytest.approx(found.unavailability, rel=1e-12)
    assert group.outages_per_h * 8760 == pytest.approx(found.outages_per_year, rel=1e-12)
    assert group.mean_outage_h == pytest.approx(found.mean_outage_h, rel=1e-12)


def test_shared_crew_by_hand() -> None:
    """Two equal components, one person: shares 1 : 2 r : 2 r² with r = mttr / mtbf."""
    group = RepairedGroup(2, 1, 100.0, 10.0, crew=1)
    assert group.shares == pytest.approx([1 / 1.22, 0.2 / 1.22, 0.02 / 1.22])
    assert group.unavailability > RepairedGroup(2, 1, 100.0, 10.0).unavailability


BAD = [
    (lambda: System((Component("a", 0, -1, -1, "x"), Component("a", 1, 1)), {"s": works("z")}),
     ["component `a`: 0 h between failures, expected more than 0",
      "component `a`: -1 h to repair, expected 0 or more, and finite",
      "component `a`: a squared coefficient of variation of -1, expected 0 or more",
      "component `a` is repaired by `x`, expected one of: ",
      "component `a` is there twice, expected once",
      "service `s` names component `z`, which is none"]),
    (lambda: System((Component("a", 1, 1),), {}, (CommonCause("duct", 0, {"a": 2, "z": 0.5}),),
                    (Follows("a", "y", -1),), {"night": 0}, (Maintenance("x", 0, 5, 6),)),
     ["crew `night` has 0 people, expected at least 1",
      "cause `duct`: 0 h between events, expected more than 0",
      "cause `duct` names component `z`, which is none",
      "cause `duct`: a chance of 2, expected 0 to 1",
      "`y` that fails after `a` names component `y`, which is none",
      "`y` that fails after `a`: a chance of -1, expected 0 to 1",
      "maintenance of `x` names component `x`, which is none",
      "maintenance of `x`: 6 h every 5 h, expected more than 0, less than between"]),
    (lambda: AtLeast(3, (works("a"),)), ["at least 3 of 1 are needed, expected 0 to 1"]),
    (lambda: RepairedGroup(2, 3, 0, 1, 0), ["3 of 2 needed, expected 1 to 2",
     "0 h between failures and 1 h to repair, expected more than 0, and finite", "a crew of 0, expected at least 1"]),
    (lambda: exact_figures(System((Component("a", 9, 1, crew="x"),), {"s": works("a")}, crews={"x": 1})),
     ["components are tied by causes, crews, windows or each other: use the simulation"]),
    (lambda: Diagram([works("z")], NAMES), ["component `z` is needed, but is none"]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "problems"), BAD)
def test_bad_systems_are_refused_with_all_their_problems(make: object, problems: list[str]) -> None:
    """Each problem is one line that says what was expected."""
    assert callable(make)
    with pytest.raises(MechanismInvalid) as told:
        make()
    assert list(told.value.problems) == problems
