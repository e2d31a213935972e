"""Where an entry or a requirement comes from and what it leads to: rows, sources, readings, references, addresses.

Leaves scenarios to whoever knows them.
"""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate, Provenance
from inventory.models.record import Named, Showing
from inventory.names import expected_name
from inventory.showing import shown
from inventory.walk import walk
from topology.build import build_network
from topology.load import Figure, figures
from topology.tables import address_rows


class NothingOfThatNameError(LookupError):
    """No entry and no requirement has the name; the message offers the nearest."""


@dataclasses.dataclass(frozen=True)
class Place:
    """An entry by its dotted path, where it stands, and its name."""

    path: str
    file: str
    line: int
    name: str
    name_ja: str


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What is known about an entry.

    `values` are its values with a source, by path; `readings` those that decide on it; `refers_to` and `referred_by`
    other entries; `addresses` as `interface address`; `derived` the figures of the load that come from the entry.
    """

    entry: Place
    requirements: tuple[str, ...]
    values: dict[str, Provenance]
    readings: tuple[str, ...]
    refers_to: tuple[Place, ...]
    referred_by: tuple[Place, ...]
    addresses: tuple[str, ...]
    derived: tuple[Figure, ...]


def entries(estate: Estate) -> dict[str, Showing]:
    """Return every record that can be named, by its dotted path (`circuits.fuji-wan-1`)."""
    return {path: record for path, record in walk(estate.records) if isinstance(record, Showing)}


def find_entry(estate: Estate, name: str) -> str:
    """Return the dotted path of an entry by its path or its id; an entry of a section goes before what is deeper.

    Raises NothingOfThatNameError.
    """
    known = entries(estate)
    if name in known:
        return name
    found = [path for path in known if path.rpartition(".")[2] == name]
    found = [path for path in found if path.count(".") == min(other.count(".") for other in found)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NothingOfThatNameError(f"`{name}` is the id of {len(found)} entries: {', '.join(found)}; give the path")
    ids = sorted({path.rpartition(".")[2] for path in known})
    raise NothingOfThatNameError(f"no entry `{name}`; expected {expected_name(name, ids)}, or its dotted path")


def explain_entry(estate: Estate, path: str) -> Explanation:
    """Return what is known about the entry at a dotted path."""
    known = entries(estate)
    below = f"{path}."
    id_ = path.rpartition(".")[2]
    referred = [
        other
        for other, record in known.items()
        if other != path and not path.startswith(f"{other}.") and not other.startswith(below)
        and (id_ in _texts(record) or other.rpartition(".")[2] == id_)
    ]  # fmt: skip
    ids = {other.rpartition(".")[2]: other for other in known if other != path and not other.startswith(below)}
    refers = [ids[text] for text in _texts(known[path]) if text in ids]
    return Explanation(
        entry=_place(estate, path, known[path]),
        requirements=known[path].requirements,
        values={
            value: origin for value, origin in estate.provenance.items() if value == path or value.startswith(below)
        },
        readings=tuple(
            name
            for name, paths in estate.hangs_on.items()
            if any(one == path or one.startswith(below) or path.startswith(f"{one}.") for one in paths)
        ),
        refers_to=tuple(_place(estate, other, known[other]) for other in refers),
        referred_by=tuple(_place(estate, other, known[other]) for other in referred),
        addresses=_addresses(estate, id_),
        derived=tuple(
            one
            for one in figures(estate)
            if path == f"cities.{one.city}" or any(value.startswith(below) for value in one.inputs)
        ),
    )


def entries_for(estate: Estate, row: str) -> tuple[Place, ...]:
    """Return the entries that show a row of the requirement list; raises NothingOfThatNameError."""
    rows = estate.records.requirements
    if row not in rows:
        raise NothingOfThatNameError(f"no requirement `{row}`; expected {expected_name(row, rows)}")
    known = entries(estate)
    return tuple(_place(estate, path, known[path]) for found, path in shown(estate.records) if found == row)


def _place(estate: Estate, path: str, record: Showing) -> Place:
    """Return an entry's place and names."""
    names = (record.name, record.name_ja) if isinstance(record, Named) else (path, path)
    return Place(path, *estate.where(path), *names)


def _texts(record: Showing) -> dict[str, None]:
    """Return every text in a record once, keys of mappings included, names and words for people left out."""
    found: dict[str, None] = {}
    mappings = set()
    for path, value in walk(record, skip=_for_people):
        parent, _, key = path.rpartition(".")
        if parent in mappings:
            found[key] = None
        if isinstance(value, dict):
            mappings.add(path)
        elif isinstance(value, str):
            found[value] = None
    return found


def _for_people(field: str) -> bool:
    return field.startswith("name") or field.endswith("_ja") or field == "requirements"


def _addresses(estate: Estate, id_: str) -> tuple[str, ...]:
    rows = address_rows(build_network(estate), estate)
    return tuple(f"{row.device} {row.interface} {row.address}" for row in rows if id_ in {row.device, row.segment})
