"""From which backup a service that lost its data comes back, how soon, and from which moment its data then are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator

from inventory.models.batch import Backup
from inventory.models.design import DesignedBackup
from inventory.models.estate import EstateRecords
from simulation.continuity.event import Event

HOUR_S = 3600.0
NEVER = math.inf


@dataclasses.dataclass(frozen=True)
class Restore:
    """A service back so many hours after the event, with data so many hours older than it; never without a backup."""

    after_h: float
    older_h: float
    backup: str | None


def restore_of(records: EstateRecords, event: Event, service: str, city: str, begins: dt.datetime) -> Restore:
    """Return how a service of a city is restored elsewhere: from the quickest set that is kept at no lost site.

    Of sets that are as quick the one with the newest data. A service that keeps nothing is built anew as soon as the
    city's first set is restored. Nothing is restored where data are only out of reach.
    """
    if not event.destroys:
        return Restore(NEVER, 0.0, None)
    gone = lost_sites(records, event)
    found = [
        (backup.rto_s / HOUR_S, _age_h(backup.at_s, begins), id_)
        for id_, backup in _sets(records, service, city)
        if backup.kept_at not in gone
    ]
    if found:
        return Restore(*min(found))
    designed = records.designed_services.get(service)
    if designed is None or designed.stores:
        return Restore(NEVER, 0.0, None)
    own = [one for one in records.designed_backups.values() if one.city in (None, city)]
    sets: list[Backup | DesignedBackup] = [*records.backups.values(), *own]
    first_s = min((one.rto_s for one in sets if one.kept_at not in gone), default=math.inf)
    return Restore(first_s / HOUR_S, 0.0, None)


def lost_sites(records: EstateRecords, event: Event) -> frozenset[str]:
    """Return the sites on which the event leaves nothing to restore from: sites and rooms that are lost as a whole."""
    found = set()
    for path in event.entries:
        section, _, id_ = path.partition(".")
        if section == "sites":
            found.add(id_)
        elif section == "rooms":
            found.add(records.rooms[id_].site)
    return frozenset(found)


def _sets(records: EstateRecords, service: str, city: str) -> Iterator[tuple[str, Backup | DesignedBackup]]:
    """Yield the sets of backups that hold a service's data for a city."""
    realised = records.services.get(service)
    if realised is not None and city in realised.instances:
        database = realised.instances[city].database
        yield from ((id_, one) for id_, one in records.backups.items() if one.of == database)
    for id_, one in records.designed_backups.items():
        if service in one.of and one.city in (None, city):
            yield id_, one


def _age_h(at_s: float, begins: dt.datetime) -> float:
    """Return how long before an event a daily set was made last (h)."""
    clock_s = begins.hour * HOUR_S + begins.minute * 60
    return ((clock_s - at_s) % 86400) / HOUR_S
