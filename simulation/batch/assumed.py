"""Which assumed values nights hang on: of jobs, backups, the section `batch`, circuits' rates, bulk forms, back-off."""

from __future__ import annotations

from inventory.models.estate import Estate
from simulation.assumptions import Assumption

_SECTIONS = {"jobs", "backups", "batch"}
_ELSEWHERE = {"circuits": {"rate", "planning_rate"}, "form_runs": {"rate", "size_kb"}}


def assumed_of(estate: Estate) -> tuple[Assumption, ...]:
    """Return the assumed or least trusted values, by path."""
    found = []
    for path, origin in sorted(estate.provenance.items()):
        section, _, rest = path.partition(".")
        wanted = (
            path.startswith("timers.tcp.")
            or section in _SECTIONS
            or rest.rsplit(".", 1)[-1] in _ELSEWHERE.get(section, set())
        )
        if wanted and (origin.trust == "L" or origin.how == "assumed"):
            file, line = estate.where(path)
            found.append(Assumption(path, file, line, origin.source, origin.trust, origin.how))
    return tuple(found)
