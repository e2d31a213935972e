"""A scenario's outages as an `Answer`: the prediction of `simulation.failover` in the shape that all kinds share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Executor

from inventory.models.estate import Estate
from simulation import failover
from simulation.answer import Answer, Predicted, counted, spread_of
from simulation.control_plane.layout import DIRECTIONS
from simulation.questions import Progress
from simulation.scenario import load_scenario
from simulation.sharing.back_off import back_offs


def predict(
    estate: Estate,
    scenario: str,
    seed: int = failover.SEED,
    replications: int = failover.REPLICATIONS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return the outages of a scenario, by name or `.yaml` file; raises ScenarioNotFound or ScenarioInvalid."""
    del progress  # half a second at most
    found = failover.predict(estate, load_scenario(scenario, estate), seed, replications, executor)
    return answer_of(estate, scenario, found)


def answer_of(estate: Estate, scenario: str, prediction: failover.Prediction) -> Answer:
    """Return a prediction as an answer; `scenario` is the name or file that was asked for."""
    document = prediction.document()
    return Answer(
        kind="failover",
        question={"scenario": scenario},
        estate=estate.name,
        estate_digest=estate.digest,
        overrides=dict(estate.overrides),
        seed=prediction.seed,
        replications=prediction.replications,
        figures=tuple(_figures(estate, prediction)),
        details={key: document[key] for key in ("scenario", "horizon_s", "judge", "cities")},
        assumed=prediction.assumptions,
        carries_over=failover.CARRIES_OVER,
        does_not_carry_over=failover.DOES_NOT_CARRY_OVER,
    )


def _figures(estate: Estate, prediction: failover.Prediction) -> Iterator[Predicted]:
    data = back_offs(estate.records.timers.tcp).data
    for city in prediction.cities:
        named = estate.records.cities[city]
        titles = (f"{named.label('en')}: outage", f"{named.label('ja')} 通信断")
        outages_s = prediction.outages_s(city)
        yield spread_of(f"{city}.outage", titles, outages_s, "s")
        # What lasts to the horizon is away for good, so the sender uses up its attempts.
        stalls_s = [data.goes_on_s(outage_s) for outage_s in outages_s]
        titles = (f"{named.label('en')}: stall of a transfer in flight", f"{named.label('ja')} 伝送中の通信の停止時間")
        yield spread_of(f"{city}.stall", titles, stalls_s, "s")
        titles = (f"{named.label('en')}: its connection breaks", f"{named.label('ja')} 伝送中の接続が切れる割合")
        broken = sum(map(math.isinf, stalls_s))
        yield counted(f"{city}.broken", titles, broken, len(stalls_s), per="replications")
        directions = [prediction.of(city, direction) for direction in DIRECTIONS]
        share = [max(record.flows_hit for record in pair) for pair in zip(*directions, strict=True)]
        titles = (f"{named.label('en')}: share of flows hit", f"{named.label('ja')} 影響を受けた通信の割合")
        yield spread_of(f"{city}.flows-hit", titles, share, "1")
