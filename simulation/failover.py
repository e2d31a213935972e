"""Predict a scenario's outages: many replications, and the fixed document of `simulate failover`."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from inventory.models.estate import Estate
from simulation.assumptions import Assumption, assumed_values
from simulation.control_plane.hangs_on import shares_of
from simulation.control_plane.layout import DIRECTIONS, compile_layout
from simulation.draws import Streams
from simulation.ensemble import mean, replicate, usual
from simulation.intervals import quantile
from simulation.records import OutageRecord
from simulation.scenario import Scenario

SEED = 1
REPLICATIONS = 500
LOW, HIGH = 0.025, 0.975

CARRIES_OVER = (
    (
        "Detection and switch-over as the protocols' timers and their random phases set them.",
        "プロトコルのタイマーとその位相のばらつきで決まる、検知と切替の時間。",
    ),
    (
        "The order of events, the paths taken and the share of flows that they hit.",
        "事象の順序、使われる経路、影響を受ける通信の割合。",
    ),
    (
        "How much longer than the outage a transfer in flight stalls: its sender finds the path at its next attempt.",
        "伝送中の通信が通信断より長く止まる度合い(送信側は次の再送で経路の復旧に気付く)。",
    ),
)
DOES_NOT_CARRY_OVER = (
    (
        "Reaction times of processes: measured on the lab's host, a real router is likely to be quicker.",
        "プロセスの応答時間(検証環境での実測値。実機のルータはより速いと見込まれる)。",
    ),
    (
        "The time of a repair and of a router's start: a carrier repairs in hours, hardware starts in minutes.",
        "復旧とルータ起動の時間(通信事業者の復旧は時間単位、実機の起動は分単位)。",
    ),
    (
        "Loss by congestion on a smaller path: the prediction is of reach, not of load.",
        "細い経路での輻輳による損失(到達性の予測であり、負荷の予測ではない)。",
    ),
    (
        "Senders other than those of `timers.tcp`: long round trips, other systems, programs that give up sooner.",
        "`timers.tcp` と異なる送信側(往復遅延の大きい経路、他のOS、先に打ち切るプログラム)。",
    ),
)


@dataclasses.dataclass(frozen=True)
class Prediction:
    """All records of a scenario's replications with what they stand on; `document()` is the published shape."""

    scenario: Scenario
    seed: int
    replications: int
    estate_digest: str
    records: tuple[OutageRecord, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def cities(self) -> tuple[str, ...]:
        """The cities observed, sorted."""
        return tuple(sorted({record.city for record in self.records}))

    def of(self, city: str, direction: str) -> tuple[OutageRecord, ...]:
        """Return the records of a city and direction in the order of replications."""
        found = (record for record in self.records if (record.city, record.direction) == (city, direction))
        return tuple(sorted(found, key=lambda record: record.replication))

    def outages_s(self, city: str) -> tuple[float, ...]:
        """Return the worse direction's outage (s) of each replication, infinite where it lasts to the horizon."""
        both = zip(*(self.of(city, direction) for direction in DIRECTIONS), strict=True)
        return tuple(max(record.outage_s for record in pair) for pair in both)

    def document(self) -> dict[str, Any]:
        """Return the document of `simulate failover`: times in seconds, rates in bit/s, null for what never ends."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "replications": self.replications,
            "estate_digest": self.estate_digest,
            "horizon_s": self.scenario.horizon_s,
            "judge": self.scenario.judge,
            "cities": {city: self._city(city) for city in self.cities},
            "assumed": [dataclasses.asdict(assumption) for assumption in self.assumptions],
            "carries_over": [english for english, _ in CARRIES_OVER],
            "does_not_carry_over": [english for english, _ in DOES_NOT_CARRY_OVER],
        }

    def _city(self, city: str) -> dict[str, Any]:
        by_direction = {direction: self.of(city, direction) for direction in DIRECTIONS}
        directions = {direction: _direction(records) for direction, records in by_direction.items()}
        pairs = list(zip(*by_direction.values(), strict=True))
        worse = max(pairs[0], key=lambda record: quantile([r.outage_s for r in by_direction[record.direction]], 0.5))
        shown = directions[worse.direction]
        return {
            "outage_s": spread([max(record.outage_s for record in pair) for pair in pairs]),
            "outage_mean_s": _mean_or_none([max(record.outage_s for record in pair) for pair in pairs]),
            "ended_by_repair": _mostly([any(record.ended_by_repair for record in pair) for pair in pairs]),
            "switch_over_s": spread([max(record.switch_over_s for record in pair) for pair in pairs]),
            "recovery_s": spread([max(record.recovery_s for record in pair) for pair in pairs]),
            "lost_probes": spread([float(max(record.lost_probes for record in pair)) for pair in pairs]),
            "flows_hit": mean([max(record.flows_hit for record in pair) for pair in pairs]),
            "path": shown["path"],
            "capacity_bps": {
                when: min(direction["capacity_bps"][when] for direction in directions.values())
                for when in ("before", "during", "after")
            },
            "phases": _phases(pairs),
            "directions": directions,
        }


def predict(
    estate: Estate,
    scenario: Scenario,
    seed: int = SEED,
    replications: int = REPLICATIONS,
    executor: Executor | None = None,
) -> Prediction:
    """Return the prediction of a scenario on an estate; the same seed gives the same records on any workers."""
    layout = compile_layout(estate)
    records = replicate(layout, scenario, Streams(seed, replications), range(replications), executor)
    used = {
        circuit for record in records for route in (record.before, record.during, record.after) for circuit in route[0]
    }
    shares = shares_of(estate, layout, scenario, seed, used)
    return Prediction(scenario, seed, replications, estate.digest, tuple(records), assumed_values(estate, shares))


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Return median, 2.5 and 97.5 percentile; None where a value lasts to the horizon."""
    return {
        name: finite(quantile(values, fraction)) for name, fraction in (("median", 0.5), ("low", LOW), ("high", HIGH))
    }


def finite(value: float) -> float | None:
    """Return a time rounded to a microsecond, or None where it is infinite."""
    return None if math.isinf(value) else round(value, 6)


def _direction(records: Sequence[OutageRecord]) -> dict[str, Any]:
    routes = {when: usual(getattr(record, when) for record in records) for when in ("before", "during", "after")}
    return {
        "outage_s": spread([record.outage_s for record in records]),
        "ended_by_repair": _mostly([record.ended_by_repair for record in records]),
        "switch_over_s": spread([record.switch_over_s for record in records]),
        "recovery_s": spread([record.recovery_s for record in records]),
        "lost_probes": spread([float(record.lost_probes) for record in records]),
        "flows_hit": mean([record.flows_hit for record in records]),
        "path": {when: list(route[0]) for when, route in routes.items()},
        "capacity_bps": {when: route[1] for when, route in routes.items()},
    }


def _phases(pairs: Sequence[tuple[OutageRecord, ...]]) -> list[dict[str, Any]]:
    """Return the worse direction's loss in each phase of the scenario."""
    result = []
    for index, phase in enumerate(pairs[0][0].phases):
        values = [max(record.phases[index].outage_s for record in pair) for pair in pairs]
        result.append(
            {"from_s": phase.from_s, "events": list(phase.events), "repair": phase.repair, "outage_s": spread(values)}
        )
    return result


def _mostly(flags: Sequence[bool]) -> bool:
    return 2 * sum(flags) > len(flags)


def _mean_or_none(values: Sequence[float]) -> float | None:
    return None if any(map(math.isinf, values)) else round(mean(values), 6)
