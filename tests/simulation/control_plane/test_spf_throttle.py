"""FRR's throttle: at once after a quiet time, then ever longer holds."""

from __future__ import annotations

import itertools

from inventory.models.behaviour import OspfTimers
from simulation.control_plane.spf_throttle import SpfThrottle

FRR = OspfTimers.model_construct(spf_delay_s=0.0, spf_hold_s=0.05, spf_max_hold_s=5.0)


def _runs(throttle: SpfThrottle, events_s: list[float]) -> list[float]:
    """Return when the computation runs for events at given instants."""
    runs: list[float] = []
    due_s: float | None = None
    for now_s in events_s:
        if due_s is not None and due_s <= now_s:
            throttle.ran(due_s)
            runs.append(due_s)
            due_s = None
        delay_s = throttle.ask(now_s)
        due_s = due_s if delay_s is None else now_s + delay_s
    return runs if due_s is None else [*runs, due_s]


def test_first_event_runs_after_the_initial_delay() -> None:
    """After a quiet time nothing holds the computation up."""
    assert _runs(SpfThrottle(FRR), [100.0]) == [100.0]
    delayed = OspfTimers.model_construct(spf_delay_s=0.2, spf_hold_s=0.05, spf_max_hold_s=5.0)
    assert _runs(SpfThrottle(delayed), [100.0]) == [100.2]


def test_hold_grows_by_one_step_with_each_event_within_it() -> None:
    """Runs follow at 50, 100, 150 ms as ospfd's multiplier grows; a waiting run covers the events before it."""
    runs = _runs(SpfThrottle(FRR), [0.0, 0.01, 0.02, 0.06, 0.16])
    assert [round(at_s, 6) for at_s in runs] == [0.0, 0.05, 0.15, 0.3]


def test_hold_never_exceeds_its_maximum() -> None:
    """A storm of events ends in one computation for each maximum hold."""
    throttle = SpfThrottle(OspfTimers.model_construct(spf_delay_s=0.0, spf_hold_s=1.0, spf_max_hold_s=2.0))
    runs = _runs(throttle, [index * 0.1 for index in range(200)])
    gaps = [later - earlier for earlier, later in itertools.pairwise(runs)]
    assert max(gaps) <= 2.0 + 1e-9


def test_quiet_time_resets_the_hold() -> None:
    """After a hold without events the next event runs at once again, and the hold starts small."""
    runs = _runs(SpfThrottle(FRR), [0.0, 0.01, 10.0, 10.01])
    assert [round(at_s, 6) for at_s in runs] == [0.0, 0.05, 10.0, 10.05]
