"""What the routers' own logs say about a run, on the run's time axis; read once, after the run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from twin.place import in_parallel

if TYPE_CHECKING:
    from infra.targets.target import Target
    from topology.model import Network

UNITS = {"frr": "frr", "keepalived": "keepalived", "strongswan": "strongswan"}
TELLING = re.compile(
    r"(AdjChg|neighbor .* (Up|Down|Full)|BFD|bfd|Entering (MASTER|BACKUP|FAULT) STATE|IKE_SA .* (established|deleting)"
    r"|CHILD_SA .* (established|closed)|giving up|link (down|up))"
)
MOST = 200


def router_events(target: Target, network: Network, begin_s: float, end_s: float) -> list[dict[str, Any]]:
    """Return what routers logged between two instants (CLOCK_MONOTONIC, s), in order: `{at_s, node, source, text}`.

    `at_s` counts from `begin_s`. All nodes share this host's clock, so the journal's monotonic stamps compare.
    """
    found = in_parallel(lambda node: _of(target, node, begin_s, end_s), [node.id for node in network.routers()])
    events = sorted((event for part in found.values() for event in part), key=lambda event: event["at_s"])
    return events[:MOST]


def _of(target: Target, node: str, begin_s: float, end_s: float) -> list[dict[str, Any]]:
    from infra.targets.target import LabNotRunning

    units = [word for unit in UNITS for word in ("--unit", unit)]
    command = ["journalctl", "--no-pager", "--output", "json", "--since", f"-{int(end_s - begin_s) + 60}s", *units]
    try:
        done = target.run(node, command, timeout_s=30.0)
    except LabNotRunning:
        return []
    events = []
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        at_s = int(entry["__MONOTONIC_TIMESTAMP"]) / 1e6
        text = entry.get("MESSAGE")
        if isinstance(text, str) and begin_s <= at_s <= end_s and TELLING.search(text):
            source = entry.get("SYSLOG_IDENTIFIER", "")
            events.append({"at_s": round(at_s - begin_s, 3), "node": node, "source": source, "text": text[:160]})
    return events
