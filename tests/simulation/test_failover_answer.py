"""What a failover's answer says of transfers in flight: outages through the back-off, replication by replication."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.failover import Prediction, predict
from simulation.failover_answer import answer_of
from simulation.questions import ask
from simulation.scenario import Scenario, load_scenario, scenario_names
from simulation.shares import of_share

MakeScenario = Callable[..., Scenario]
COUNT = 40
# When a sender of the estate tries again: 0.2 s, then each time twice as long, up to 2 min.
ATTEMPTS_S = [0.2 * (2**n - 1) if n <= 10 else 204.6 + 120 * (n - 10) for n in range(1, 16)]


def _asked(estate: Estate, scenario: str) -> Answer:
    return ask(estate, {"kind": "failover", "scenario": scenario}, 1, COUNT)


def _stalls_s(prediction: Prediction, city: str) -> list[float]:
    return sorted(
        0.0 if outage_s == 0 else min((at_s for at_s in ATTEMPTS_S if at_s > outage_s - 1e-9), default=math.inf)
        for outage_s in prediction.outages_s(city)
    )


@pytest.mark.parametrize("name", scenario_names())
def test_stall_is_each_outage_up_to_the_next_attempt(deck: Estate, name: str) -> None:
    """Mapped by hand, the stalls have the median and the bounds that the answer gives, and as many break."""
    prediction = predict(deck, load_scenario(name, deck), 1, COUNT)
    answer = answer_of(deck, name, prediction)
    for city in prediction.cities:
        stalls_s = _stalls_s(prediction, city)
        median, high = stalls_s[COUNT // 2 - 1], stalls_s[math.ceil(0.975 * COUNT) - 1]
        figure, broken = answer[f"{city}.stall"], answer[f"{city}.broken"]
        assert figure.value == (None if math.isinf(median) else pytest.approx(median))
        assert figure.high == (None if math.isinf(high) else pytest.approx(high))
        assert (figure.unit, figure.samples, figure.better) == ("s", COUNT, "lower")
        assert (broken.value, broken.low, broken.high) == pytest.approx(of_share(stalls_s.count(math.inf), COUNT))
        assert (broken.unit, broken.per) == ("1", "replications")


def test_without_an_outage_nothing_stalls(deck: Estate) -> None:
    """Fujinomiya's main circuit is none of Fuji's business: no stall, no broken connection."""
    answer = _asked(deck, "fujinomiya-main-cut")
    assert (answer["fuji.stall"].value, answer["fuji.stall"].high) == (0.0, 0.0)
    assert answer["fuji.broken"].value == 0.0


def test_outage_below_the_first_timer_stalls_for_that_timer() -> None:
    """With a first timer above every outage each transfer waits for just that."""
    slow = load_estate("fuji-fujinomiya", {"timers.tcp.first": "7 s"})
    answer = _asked(slow, "fujinomiya-main-cut")
    assert 0 < (answer["fujinomiya.outage"].high or 0) < 7
    assert (answer["fujinomiya.stall"].low, answer["fujinomiya.stall"].high) == (7.0, 7.0)


def test_outage_beyond_all_attempts_breaks_connections(deck: Estate, scenario: MakeScenario) -> None:
    """Two attempts are over after 0.6 s, the switch-over takes longer; and nothing survives an outage for good."""
    hasty = load_estate("fuji-fujinomiya", {"timers.tcp.attempts": "2"})
    answer = _asked(hasty, "fujinomiya-main-cut")
    assert answer["fujinomiya.outage"].low > 0.6
    assert (answer["fujinomiya.stall"].value, answer["fujinomiya.broken"].value) == (None, 1.0)
    both = scenario((5, "circuit-cut", "fujinomiya-main", None), (5, "circuit-cut", "fujinomiya-flets", None))
    lost = answer_of(deck, "both", predict(deck, both, 1, COUNT))
    assert (lost["fujinomiya.stall"].value, lost["fujinomiya.broken"].value) == (None, 1.0)


def test_some_connections_break_where_some_outages_are_too_long() -> None:
    """Attempts up to the median outage: about half of the connections break, and the interval says how sure that is."""
    estate = load_estate("fuji-fujinomiya", {"timers.tcp.first": "730 ms", "timers.tcp.attempts": "1"})
    broken = _asked(estate, "fujinomiya-main-cut")["fujinomiya.broken"]
    assert 0.2 < (broken.low or 0) < (broken.value or 0) < (broken.high or 0) < 0.8


def test_same_seed_same_stalls_on_both_estates(deck: Estate, villages: Estate) -> None:
    """Asked again, the figures are the same; the villages' cities have them too."""
    for estate, name in ((deck, "dc-router-crash"), (villages, scenario_names(villages.name)[0])):
        figures = _asked(estate, name).figures
        assert figures == _asked(estate, name).figures
        assert {f"{city}.stall" for city in estate.records.cities} <= {figure.id for figure in figures}
