"""One run of a scenario on the lab: probes and transactions start, things break and are repaired, all is put back."""

from __future__ import annotations

import dataclasses
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.context import busy_share, cpu_times_s
from twin.drill import faults
from twin.drill.analysis import IN_FLIGHT_S, Event, Stream, measure, phases_of
from twin.drill.streams import Streams, watches
from twin.drill.timeline import router_events

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from simulation.records import Outage
    from simulation.scenario import Scenario
    from topology.model import Network

WARM_UP_S = 2.0
TAIL_S = 1.5
Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Run:
    """One run as it was: times in seconds, `origin_s` (CLOCK_MONOTONIC) is the scenario's time 0.

    `host_busy` is the share of the processors' time that was work. `disturbed` tells what was lost before anything was
    done: then the run says nothing about the scenario.
    """

    seed: str
    origin_s: float
    outages: dict[str, dict[str, Outage]]
    phases: list[dict[str, Any]]
    events: list[Event]
    router_events: list[dict[str, Any]]
    transactions: dict[str, dict[str, Any]]
    quality: dict[str, float]
    host_busy: float
    disturbed: str


@dataclasses.dataclass(frozen=True)
class Stage:
    """What every run of a drill needs: the place, the estate on it, the clone's private folder, where to say things."""

    target: Target
    estate: Estate
    network: Network
    state: Path
    say: Say


def run_once(stage: Stage, scenario: Scenario, seed: str) -> Run:
    """Run a scenario once; the lab is put back whatever happens. `seed` draws its phase and its ports.

    Raises MeasurementFailed where probes or faults did not come about.
    """
    draw = random.Random(seed)
    lab = stage.estate.records.lab
    breaker = faults.Breaker(stage.target, stage.network)
    with tempfile.TemporaryDirectory(prefix="twin-drill-") as folder:
        watched = watches(stage.estate, stage.network)
        streams = Streams(stage.target, watched, Path(folder), lab.probe_flows, lab.probe_interval_s)
        try:
            before = cpu_times_s()
            lead_s = WARM_UP_S + draw.uniform(0.0, longest_interval_s(stage.estate))
            streams.start(lead_s + scenario.horizon_s + TAIL_S, draw)
            origin_s = time.monotonic() + lead_s
            faults.note(stage.state, scenario.name, scenario.faults)
            try:
                events = faults.play(breaker, scenario.faults, origin_s, stage.say)
                _wait_until(origin_s + scenario.horizon_s)
                busy = busy_share(before, cpu_times_s())
                found, used = streams.collect()
            finally:
                faults.put_back(breaker, stage.state, stage.say)
        finally:
            streams.stop()
    return _run(stage, scenario, _Log(seed, origin_s, busy, events, found, used))


def longest_interval_s(estate: Estate) -> float:
    """Return the longest interval by which a failure is noticed (s): a random start within it meets every phase."""
    timers = estate.records.timers
    hello_s = 0.0 if timers.bfd.enabled else timers.ospf.hello_s
    return max(timers.bfd.interval_s, timers.vrrp.advertisement_s, hello_s)


@dataclasses.dataclass(frozen=True)
class _Log:
    """What a run left behind, before it is worked out."""

    seed: str
    origin_s: float
    host_busy: float
    events: list[Event]
    streams: list[Stream]
    used: dict[str, list[list[Any]]]


def _run(stage: Stage, scenario: Scenario, log: _Log) -> Run:
    """Work out what a run showed, and ask the routers for their side of it."""
    origin_s, streams = log.origin_s, log.streams
    end_s = origin_s + scenario.horizon_s
    phases = phases_of(log.events, end_s)
    outages: dict[str, dict[str, Outage]] = {}
    for stream in streams:
        outages.setdefault(stream.city, {})[stream.direction] = measure(stream, phases, scenario.judge)
    return Run(
        seed=log.seed,
        origin_s=origin_s,
        outages=outages,
        phases=[
            {"from_s": round(phase.from_s - origin_s, 3), "events": list(phase.events), "repair": phase.repair}
            for phase in phases
        ],
        events=log.events,
        router_events=router_events(stage.target, stage.network, origin_s, end_s + TAIL_S),
        transactions={city: _summary(entries, origin_s, end_s) for city, entries in log.used.items()},
        quality={
            "latest_s": round(max(stream.latest_s for stream in streams), 6),
            "late": sum(stream.late for stream in streams),
            "duplicates": sum(stream.duplicates for stream in streams),
        },
        host_busy=round(log.host_busy, 3),
        disturbed=_disturbed(streams, phases[0].from_s),
    )


def _disturbed(streams: list[Stream], first_fault_s: float) -> str:
    """Return in words what was lost before the first fault."""
    for stream in streams:
        deaf = sum(not heard for heard in stream.heard)
        if deaf:
            return f"{stream.city} {stream.direction}: nothing arrived of {deaf} of {len(stream.heard)} flows"
        before = [loss for flow in stream.flows for loss in flow if loss.from_s + IN_FLIGHT_S < first_fault_s]
        if before:
            lost = sum(loss.probes for loss in before)
            return f"{stream.city} {stream.direction}: {lost} probes lost before the fault"
    return ""


def _summary(entries: list[list[Any]], origin_s: float, end_s: float) -> dict[str, Any]:
    """Return how many transactions there were, which failed, and how long the slowest took."""
    counted = [entry for entry in entries if origin_s <= entry[0] <= end_s]
    failed = [[round(begun_s - origin_s, 3), why] for begun_s, _, why in counted if why]
    slowest_s = max((took_s for _, took_s, _ in counted), default=0.0)
    return {"sent": len(counted), "failed": len(failed), "slowest_s": round(slowest_s, 3), "failures": failed[:20]}


def _wait_until(instant_s: float) -> None:
    while (wait_s := instant_s - time.monotonic()) > 0:
        time.sleep(wait_s)
