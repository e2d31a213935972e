"""Where to look when a promise is broken: the entry of the estate whose change would shorten the outage most."""

from __future__ import annotations

import dataclasses

from simulation.control_plane.layout import Layout
from simulation.draws import Streams
from simulation.ensemble import quantile, worst_outages_s
from simulation.scenario import Scenario

_TRIALS = 40
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


@dataclasses.dataclass(frozen=True)
class Remedy:
    """Tries the timers one by one against one percentile (as a fraction) of the outage."""

    layout: Layout
    streams: Streams
    fraction: float

    def entry_to_change(self, scenario: Scenario, city: str, *, lasting: bool) -> str:
        """Return the dotted path of the entry: a timer tried at a tenth, or what fails where no timer helps.

        A lasting outage has nothing to switch to: the entry that failed last needs a second one beside it.
        """
        failing = max(scenario.faults, key=lambda fault: fault.at_s)
        kind = "circuits" if failing.kind == "circuit-cut" else "devices"
        entry = f"{kind}.{failing.target.split('/', maxsplit=1)[0]}"
        if lasting:
            return entry
        best_s = _HELPS * self._outage_s(self.layout, scenario, city)
        for group, field, path in _CANDIDATES:
            tried_s = self._outage_s(self._quicker(group, field), scenario, city)
            if tried_s < best_s:
                best_s, entry = tried_s, path
        return entry

    def _quicker(self, group: str, field: str) -> Layout:
        """Return the layout with one timer at a tenth, or a switch on; caches of paths stay valid and are shared."""
        timers = self.layout.timers
        record = getattr(timers, group)
        value = getattr(record, field)
        changed = record.model_copy(update={field: True if isinstance(value, bool) else value * _QUICK})
        return dataclasses.replace(self.layout, timers=timers.model_copy(update={group: changed}))

    def _outage_s(self, layout: Layout, scenario: Scenario, city: str) -> float:
        fewer = Streams(self.streams.seed, min(_TRIALS, self.streams.replications))
        return quantile(worst_outages_s(layout, scenario, fewer)[city], self.fraction)
