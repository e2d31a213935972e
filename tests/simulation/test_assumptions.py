"""What answers hang on most: the heaviest first, counted, by what each kind's figures are made of."""

from __future__ import annotations

import json

import pytest

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.assumptions import LEAST, MOST, Touched, assumed_values, counts, doubt, named
from simulation.questions import ask
from topology.check import check_estate

QUESTIONS = {
    "failover": ({"kind": "failover", "scenario": "fujinomiya-main-cut"}, 20),
    "batch": ({"kind": "batch", "nights": "ordinary"}, 100),
    "day": ({"kind": "day"}, 2),
    "capacity": ({"kind": "capacity"}, 2),
    "availability": ({"kind": "availability", "years": 1.0}, 2),
    "continuity": ({"kind": "continuity"}, 50),
}


@pytest.fixture(scope="module", params=sorted(QUESTIONS))
def answer(deck: Estate, request: pytest.FixtureRequest) -> Answer:
    """Return an answer of each kind."""
    question, replications = QUESTIONS[request.param]
    return ask(deck, question, 1, replications)


def test_a_few_are_named_and_the_rest_is_counted(answer: Answer) -> None:
    """The named ones come first, weigh at least the least, and document and list agree."""
    few = named(answer.assumed)
    assert 0 < len(few) <= MOST
    assert few == answer.assumed[: len(few)]
    assert all(one.weight >= LEAST for one in few)
    weights = [one.weight for one in answer.assumed]
    assert weights == sorted(weights, reverse=True)
    assert max(weights) <= 1
    document = json.loads(json.dumps(answer.document()))
    assert document["assumed_counts"] == {"named": len(few), "others": len(answer.assumed) - len(few)}


def test_a_share_is_that_of_the_nearest_entry() -> None:
    """A value has its own share, else its entry's, else none where the answer does not touch it."""
    touched = Touched("jobs", "circuits.main.rate")
    touched.add("jobs.copy", 0.5)
    touched.add("jobs.copy.takes", 0.75)
    touched.add("jobs.copy", 0.25)
    touched.add("jobs.other", float("nan"))
    found = [
        touched.of(path) for path in ("jobs.copy.takes", "jobs.copy.moves", "jobs.other.takes", "jobs", "timers.x")
    ]
    assert found == [0.75, 0.5, 0.0, 0.0, None]
    assert touched.of("circuits.main.planning_rate") is None
    assert touched.of("circuits.main-2.rate") is None


def test_doubt_follows_trust() -> None:
    """L may be twice as much, one doubling; M a quarter more; what was chosen counts least."""
    assert doubt("L") == 1.0
    assert doubt("M") == pytest.approx(0.3219, abs=1e-4)
    assert 0 < doubt("H") < doubt("M")


def test_certain_values_are_no_assumptions(deck: Estate) -> None:
    """What is printed or measured is never listed, whatever share it has."""
    touched = Touched("circuits")
    touched.add("circuits", 1.0)
    found = assumed_values(deck, touched)
    assert found
    assert all(one.trust == "L" or one.how == "assumed" for one in found)
    assert counts(found).named == min(MOST, len(found))


def _weights(answer: Answer) -> dict[str, float]:
    return {one.path: one.weight for one in answer.assumed}


def test_night_hangs_on_the_jobs_that_decide(deck: Estate) -> None:
    """Jobs on the deciding chain weigh; one that is on none of any city's does not."""
    answer = ask(deck, {"kind": "batch", "nights": "ordinary"}, 1, 100)
    weights, night = _weights(answer), answer.details["nights"][0]
    deciding = {row["job"] for net in night["nets"] for row in net["critical"] if row["share"] > 0.5}
    assert deciding
    for job in deciding:
        assert any(weight > LEAST for path, weight in weights.items() if path.startswith(f"jobs.{job}."))
    tonight = {job["id"] for job in night["jobs"]}
    away = [path for path in weights if path.startswith("jobs.") and path.split(".")[1] not in tonight]
    assert away
    assert all(weights[path] == 0 for path in away)


def test_capacity_hangs_on_what_is_full_first(deck: Estate) -> None:
    """The station that is full first and the work of its requests weigh; the smallest application's do not."""
    answer = ask(deck, {"kind": "capacity"}, 1, 2)
    weights, first = _weights(answer), answer.details["first_full"]
    assert first["kind"] != "circuit"
    assert deck.records.demand is not None
    station = next(id_ for id_, one in deck.records.demand.stations.items() if first["id"] in one.machines)
    own = [weight for path, weight in weights.items() if path.startswith(f"demand.stations.{station}.")]
    assert max(own) == pytest.approx(1.0, abs=0.01)
    assert weights["demand.growth"] == 1.0


def test_availability_hangs_on_what_costs_most_minutes(deck: Estate) -> None:
    """A weight is the minutes that a value moves beside the most that any moves, times the doubt of its trust."""
    answer = ask(deck, {"kind": "availability", "years": 1.0}, 1, 2)
    moves = {row["path"]: max(map(abs, row["minutes"].values())) for row in answer.details["sensitivity"]}
    for one in answer.assumed:
        share = moves.get(one.path, 0.0) / max(moves.values())
        assert one.weight == pytest.approx(share * doubt(one.trust), abs=1e-4)


def test_failover_hangs_on_the_timers_that_its_phases_use(deck: Estate) -> None:
    """Gateways' advertisements matter where a router is lost, not where a circuit is cut."""
    crash = _weights(ask(deck, {"kind": "failover", "scenario": "dc-router-crash"}, 1, 20))
    cut = _weights(ask(deck, {"kind": "failover", "scenario": "fuji-one-cut"}, 1, 20))
    assert crash["timers.vrrp.advertisement"] > LEAST
    assert cut["timers.vrrp.advertisement"] == 0


def test_interruption_hangs_on_how_long_its_cause_lasts(deck: Estate) -> None:
    """A flood lasts as its hazard says; a stated length leaves that out; the halls' plan weighs in both."""
    open_end = _weights(ask(deck, {"kind": "continuity"}, 1, 50))
    fixed = _weights(ask(deck, {"kind": "continuity", "lasts": "30 h"}, 1, 50))
    lasting = [path for path in open_end if path.endswith(".out_for") and open_end[path] > LEAST]
    assert lasting
    assert all(fixed[path] == 0 for path in lasting)
    grid = _weights(ask(deck, {"kind": "continuity", "event": "dc-grid"}, 1, 50))
    assert grid["power_reserves.dc-generator.start_fails"] > LEAST > open_end["power_reserves.dc-generator.start_fails"]
    assert grid["power_reserves.fujinomiya-ups.autonomy"] == 0
    assert fixed["continuity.entering"] == open_end["continuity.entering"] == 1.0


def test_smaller_estate_has_its_own() -> None:
    """The second estate's nights and capacity name values of its own."""
    small = check_estate("tri-villages")
    for question in ({"kind": "batch", "nights": "ordinary"}, {"kind": "capacity"}):
        found = named(ask(small, question, 1, 5).assumed)
        assert found
        assert all(one.path in small.provenance for one in found)
