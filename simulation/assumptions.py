"""Which values a prediction hangs on that nobody printed or measured: the estate's assumed and least trusted ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from inventory.models.estate import Estate

_TIMERS = ("timers.",)
_OF_CIRCUIT = ("rate", "planning_rate")


@dataclasses.dataclass(frozen=True)
class Assumption:
    """A value with its place, as reports list it."""

    path: str
    file: str
    line: int
    source: str
    trust: str
    how: str


def assumptions_of(estate: Estate, circuits: Iterable[str]) -> Iterator[Assumption]:
    """Yield the assumed or least trusted values among the timers and the rates of the circuits that were used."""
    wanted = {f"circuits.{circuit}.{key}" for circuit in circuits for key in _OF_CIRCUIT}
    for path, provenance in sorted(estate.provenance.items()):
        doubtful = provenance.trust == "L" or provenance.how == "assumed"
        if doubtful and (path in wanted or path.startswith(_TIMERS)):
            file, line = estate.where(path)
            yield Assumption(path, file, line, provenance.source, provenance.trust, provenance.how)


def assumptions_under(estate: Estate, prefixes: tuple[str, ...]) -> Iterator[Assumption]:
    """Yield the assumed or least trusted values whose dotted paths begin with one of the prefixes, in their order."""
    for path, provenance in sorted(estate.provenance.items()):
        if path.startswith(prefixes) and (provenance.trust == "L" or provenance.how == "assumed"):
            file, line = estate.where(path)
            yield Assumption(path, file, line, provenance.source, provenance.trust, provenance.how)
