"""What an answer hangs on: a value that matters swings it, one that does not leaves it, and workers change nothing."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.questions import ask
from simulation.sensitivity import Sensitivity, sensitivity
from topology.check import check_estate

QUESTION = {"kind": "failover", "scenario": "fuji-one-cut"}


@pytest.fixture(scope="module")
def found() -> tuple[Answer, Sensitivity]:
    """Return an answer that stands on an assumed BFD interval, and its sensitivity."""
    estate = check_estate("fuji-fujinomiya", {"timers.bfd.interval": "300 ms"})
    answer = ask(estate, QUESTION, 1, 60)
    return answer, sensitivity(estate, answer)


def test_detection_time_swings_the_outage(found: tuple[Answer, Sensitivity]) -> None:
    """Half the BFD interval brings a shorter outage, twice a longer one, and nothing swings it more."""
    answer, swings = found
    widest = swings.of("fuji.outage")[0]
    assert widest.path == "timers.bfd.interval"
    assert (widest.less, widest.stated, widest.more) == ("150 ms", "300 ms", "600 ms")
    assert widest.low is not None and widest.high is not None and widest.base is not None
    assert widest.low < 0.7 * widest.base < 1.4 * widest.base < widest.high
    assert widest.base == answer["fuji.outage"].value


def test_what_does_not_matter_counts_for_nothing(found: tuple[Answer, Sensitivity]) -> None:
    """The other city's outage hangs on none of it; values without a size are named."""
    _, swings = found
    assert not swings.of("fujinomiya.outage")
    assert "timers.ospf.lsa_hold" in swings.not_moved


def test_workers_change_nothing(found: tuple[Answer, Sensitivity]) -> None:
    """Two processes find the same swings as none."""
    answer, swings = found
    estate = check_estate("fuji-fujinomiya", {"timers.bfd.interval": "300 ms"})
    told: list[tuple[int, int]] = []
    with ProcessPoolExecutor(2) as executor:
        again = sensitivity(estate, answer, executor=executor, progress=lambda *done: told.append(done))
    assert again == swings
    assert told[-1][0] == told[-1][1] == len(told)


def test_the_heaviest_are_moved_and_the_rest_is_told(deck: Estate) -> None:
    """Of a night's hundreds of values the first few that have a size are moved; the others are named, none is lost."""
    answer = ask(deck, {"kind": "batch", "nights": "ordinary"}, 1, 40)
    found = sensitivity(deck, answer, 2)
    paths = {swing.path for swing in found.swings}
    assert found.moved == len(paths) == 2
    assert len(found.not_moved) + len(found.left_out) + 2 == len(answer.assumed)
    order = [one.path for one in answer.assumed]
    assert max(order.index(path) for path in paths) < min(order.index(path) for path in found.left_out)
    assert any(swing.counts for swing in found.swings)
