"""Which documents a change to an estate touches: rows that come and go, sheets that are drawn otherwise.

Drawings are compared by what is on them, not by where it lands: diagrams before they are laid out, and places in files,
which move with every line above, left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from inventory.models.estate import Estate
from topology.build import build_network
from topology.compare import Change, What
from topology.documents.catalogue import DOCUMENTS
from topology.documents.drawings import DRAWINGS
from topology.documents.manual.volumes import volumes
from topology.documents.table import Table
from topology.draw.words import Language
from topology.model import Network

_PLACE = re.compile(r"[\w/-]+\.yaml:\d+|estate \S+\s+sha256 [0-9a-f]+")
_LANGUAGE: Language = "en"
DATED = {("lifecycle-list", "状態"), ("lifecycle-list", "サポート終了日")}
"""Columns that say how things stand on the day of the estate's last change: an old revision is not dated."""


def changed_documents(before: Estate, after: Estate) -> tuple[Change, ...]:
    """Return the documents that differ, in the order in which they are bound; both estates must be sound."""
    old, new = build_network(before), build_network(after)
    return (*_drawings(before, old, after, new), *_lists(before, old, after, new), *_manual(before, old, after, new))


def _lists(before: Estate, old: Network, after: Estate, new: Network) -> Iterator[Change]:
    for name, make in DOCUMENTS.items():
        rows, later = (
            Counter(_plain(make(estate, network, _LANGUAGE))) for estate, network in ((before, old), (after, new))
        )
        gone, come = (rows - later).total(), (later - rows).total()
        if gone or come:
            yield Change("changed", name, f"{rows.total()} rows", f"{later.total()} rows, {come} new, {gone} gone")


def _plain(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a list without places, and without what hangs on the day of the last change."""
    chosen = [number for number, column in enumerate(table.columns) if (table.name, column.ja) not in DATED]
    for row in table.rows:
        yield tuple(_PLACE.sub("", str(row[number])) for number in chosen)


def _drawings(before: Estate, old: Network, after: Estate, new: Network) -> Iterator[Change]:
    for name in DRAWINGS:
        yield from _sheets(name, _shown(name, before, old), _shown(name, after, new))


def _manual(before: Estate, old: Network, after: Estate, new: Network) -> Iterator[Change]:
    earlier, later = (
        {volume.name: _PLACE.sub("", repr(volume)) for volume in volumes(estate, network, _LANGUAGE)}
        for estate, network in ((before, old), (after, new))
    )
    for name in dict.fromkeys([*earlier, *later]):
        if earlier.get(name) != later.get(name):
            what: What = "added" if name not in earlier else "removed" if name not in later else "changed"
            yield Change(what, name, "as it was", "written otherwise")


def _shown(name: str, estate: Estate, network: Network) -> dict[str, str]:
    """Return what is on each sheet of a drawing, as text."""
    kind = DRAWINGS[name]
    if kind.diagrams is not None:
        return {one.name: _PLACE.sub("", repr(one)) for one in kind.diagrams(estate, network, _LANGUAGE)}
    drawing = kind.make(estate, network, _LANGUAGE)
    return {sheet.name: _PLACE.sub("", sheet.svg) for sheet in drawing.sheets} if drawing else {}


def _sheets(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Yield one change for a drawing, naming the sheets that differ."""
    changed = [sheet for sheet in dict.fromkeys([*before, *after]) if before.get(sheet) != after.get(sheet)]
    if changed:
        what: What = "added" if not before else "removed" if not after else "changed"
        yield Change(what, name, _count(before), f"{_count(after)}, otherwise: {', '.join(changed)}")


def _count(sheets: Mapping[str, str]) -> str:
    return f"{len(sheets)} sheet" + ("" if len(sheets) == 1 else "s")
