"""Where to look when a promise is broken: the entry of the estate whose change would shorten the outage most."""

from __future__ import annotations

import dataclasses

from simulation.control_plane.layout import Layout
from simulation.draws import Streams
from simulation.ensemble import worst_outages_s
from simulation.intervals import quantile
from simulation.scenario import Scenario

_TRIALS = 30
_QUICK = 0.1
_CANDIDATES = (
    ("bfd", "enabled", "timers.bfd.enabled"),
    ("bfd", "interval_s", "timers.bfd.interval"),
    ("ospf", "dead_s", "timers.ospf.dead"),
    ("ospf", "spf_delay_s", "timers.ospf.spf_delay"),
    ("ospf", "spf_hold_s", "timers.ospf.spf_hold"),
    ("vrrp", "advertisement_s", "timers.vrrp.advertisement"),
)
_HELPS = 0.95


class Remedy:
    """Tries the timers one by one; what a scenario's trials showed is kept for its other cities and promises."""

    def __init__(self, layout: Layout, streams: Streams) -> None:
        """Keep what the trials run on: fewer replications than the gate, of the same seed."""
        self.layouts = {path: self._quicker(layout, group, field) for group, field, path in _CANDIDATES}
        self.layouts[""] = layout
        self.streams = Streams(streams.seed, min(_TRIALS, streams.replications))
        self.outages: dict[tuple[Scenario, str], dict[str, list[float]]] = {}

    def entry_to_change(self, scenario: Scenario, city: str, fraction: float, *, lasting: bool) -> str:
        """Return the dotted path of the entry: a timer tried at a tenth, or what fails where no timer helps.

        `fraction` is the promise's percentile. A lasting outage has nothing to switch to: the entry that failed last
        needs a second one beside it.
        """
        failing = max(scenario.faults, key=lambda fault: fault.at_s)
        kind = "circuits" if failing.kind == "circuit-cut" else "devices"
        entry = f"{kind}.{failing.target.split('/', maxsplit=1)[0]}"
        if lasting:
            return entry
        best_s = _HELPS * self._outage_s(scenario, "", city, fraction)
        for _, _, path in _CANDIDATES:
            tried_s = self._outage_s(scenario, path, city, fraction)
            if tried_s < best_s:
                best_s, entry = tried_s, path
        return entry

    @staticmethod
    def _quicker(layout: Layout, group: str, field: str) -> Layout:
        """Return the layout with one timer at a tenth, or a switch on; caches of paths stay valid and are shared."""
        timers = layout.timers
        record = getattr(timers, group)
        value = getattr(record, field)
        changed = record.model_copy(update={field: True if isinstance(value, bool) else value * _QUICK})
        return dataclasses.replace(layout, timers=timers.model_copy(update={group: changed}))

    def _outage_s(self, scenario: Scenario, path: str, city: str, fraction: float) -> float:
        key = (scenario, path)
        if key not in self.outages:
            self.outages[key] = worst_outages_s(self.layouts[path], scenario, self.streams)
        return quantile(self.outages[key][city], fraction)
