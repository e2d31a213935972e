"""What variants share: made once for equal values, and never one variant's for another."""

from __future__ import annotations

from inventory.load import load_estate
from simulation.kept import kept
from simulation.questions import ask
from simulation.variants import answers

QUESTION = {"kind": "year"}


def test_thing_is_made_once_for_equal_values() -> None:
    """Equal values find it again; others have it made anew, and so have names of their own."""
    made = [kept("test", [value], list) for value in (1, 1, 2, 1)]
    assert made[0] is made[1]
    assert len({id(one) for one in made[1:]}) == 3
    assert kept("test of others", [1], list) is not made[3]


def test_variants_answer_as_they_do_alone() -> None:
    """One process answers several in turn as a fresh one would: nothing of one is left in the next."""
    estate = load_estate("tri-villages")
    values = [
        {"load.transactions_per_user_day": "80"}, {"load.peak_day_factor": "3.0"}, {}, {"demand.closed_day": "0.1"},
        {"load.transactions_per_user_day": "80"},
    ]  # fmt: skip
    found = answers(estate, values, QUESTION, replications=2)
    alone = [ask(load_estate("tri-villages", one), QUESTION, replications=2) for one in reversed(values)]
    assert found == alone[::-1]
    assert found[0] == found[4]
    assert len({str(one) for one in found}) == 4
