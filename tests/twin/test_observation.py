"""What routers say is read as it is meant, and every deviation from the model is named."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.targets.target import Completed, LabNotRunning
from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.model import Network
from twin.drill.readiness import await_ready, rest_time_s
from twin.errors import LabDiffers
from twin.observation import (
    RouterState,
    differences,
    expected_of,
    expected_timers,
    observe_routers,
    timer_differences,
)

# Answered by a router of the lab (FRR 10.3, strongSwan 6.0, keepalived 2.3) when all was well.
RECORDED = (Path(__file__).parent / "recorded" / "dc-rt-2.txt").read_text(encoding="utf-8")


@dataclasses.dataclass
class Answering:
    """A place whose second data-centre router answers with a text; every other node is down."""

    text: str

    def run(self, node: str, _command: Sequence[str], timeout_s: float = 60.0) -> Completed:
        """Answer, or raise as a node that is down does."""
        assert timeout_s > 0
        if node != "dc-rt-2":
            raise LabNotRunning(f"{node} is down")
        return Completed(0, self.text, "")

    def running(self) -> tuple[str, ...]:
        """Return every node, as a place that is all up."""
        return ("dc-rt-2",)


def _observe(network: Network, text: str = RECORDED) -> RouterState | None:
    return observe_routers(Answering(text), ["dc-rt-2"], network)["dc-rt-2"]  # type: ignore[arg-type]


def test_sound_router_is_as_the_model_expects(estate: Estate, network: Network) -> None:
    """Neighbours, BFD sessions, tunnels and timers of a real answer are exactly the model's."""
    state = _observe(network)
    assert state is not None
    expected = expected_of(estate, network, "dc-rt-2")
    assert len(expected.neighbours) == 8
    assert (state.full, state.bfd_up) == (expected.neighbours, expected.bfd)
    assert (state.gateways, state.tunnels) == (frozenset(), expected.tunnels)
    assert state.timers == pytest.approx(expected_timers(estate))
    assert list(differences(estate, network, {"dc-rt-2": state})) == []
    assert list(timer_differences(estate, {"dc-rt-2": state})) == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r'"nbrState":\s*"Full[^"]*"', '"nbrState":"ExStart/DR"', "OSPF neighbours full: 7 of 8"),
        (r'"status":\s*"up"', '"status":"down"', "BFD sessions up: 7 of 8"),
        (r"state=INSTALLED", "state=REKEYING", "tunnels established: 0 of 1"),
        (r'"local":"10\.20\.0\.5"', '"local":"10.20.0.1"', "gateway addresses held: 10.20.0.1 not expected"),
    ],
)
def test_each_deviation_is_named(estate: Estate, network: Network, pattern: str, replacement: str, words: str) -> None:
    """A neighbour that is not full, a session down, a tunnel gone, a gateway held by the wrong router."""
    state = _observe(network, re.sub(pattern, replacement, RECORDED, count=1))
    found = list(differences(estate, network, {"dc-rt-2": state}))
    assert len(found) == 1
    assert words in found[0]


def test_router_that_is_down_or_says_nonsense_does_not_answer(estate: Estate, network: Network) -> None:
    """No answer, half an answer and nonsense are all the same: the router does not answer."""
    place = Answering("vtysh: failed to connect to any daemons")
    states = observe_routers(place, ["dc-rt-1", "dc-rt-2"], network)  # type: ignore[arg-type]
    assert list(differences(estate, network, states)) == ["dc-rt-1 does not answer", "dc-rt-2 does not answer"]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"timers.bfd.interval": "100 ms"}, "dc-rt-2 runs bfd.interval 0.3, the estate has 0.1"),
        ({"timers.bfd.enabled": "false"}, "dc-rt-2 runs bfd.interval 0.3, the estate has none"),
        ({"timers.ospf.hello": "1 s", "timers.ospf.dead": "4 s"}, "dc-rt-2 runs ospf.dead 40, the estate has 4"),
        ({"timers.ospf.spf_hold": "200 ms"}, "dc-rt-2 runs ospf.spf_hold 0.05, the estate has 0.2"),
        ({"timers.vrrp.advertisement": "100 ms"}, "dc-rt-2 runs vrrp.advertisement 0.3, the estate has 0.1"),
    ],
)
def test_other_timers_than_the_estates_stop_a_drill(network: Network, overrides: dict[str, str], words: str) -> None:
    """A drill refuses a lab whose routers run other timers than the prediction's, before anything is touched."""
    other = load_estate("fuji-fujinomiya", overrides)
    found = list(timer_differences(other, {"dc-rt-2": _observe(network)}))
    assert any(words in line for line in found)
    with pytest.raises(LabDiffers, match="make up"):
        await_ready(Answering(RECORDED), other, network, lambda _: None)  # type: ignore[arg-type]


def test_rest_outlasts_every_throttle(estate: Estate) -> None:
    """After it, SPF and LSA throttles are as if nothing had happened."""
    ospf = estate.records.timers.ospf
    assert rest_time_s(estate) > max(ospf.spf_max_hold_s, ospf.lsa_hold_s)
