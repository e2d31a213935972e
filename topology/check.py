"""Whether an estate holds in every respect: its files, its rules, and the addresses that follow from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from inventory.load import RECORD_FILE, examine
from inventory.models.estate import Estate
from inventory.problems import EstateInvalid, Problem
from topology.build import build_with_record
from topology.economics.check import find_unexplained
from topology.record import AddressRecord, read_record, write_record


def check_estate(name_or_folder: str, overrides: Mapping[str, str] | None = None) -> Estate:
    """Return an estate that can be built; raises EstateNotFound, or EstateInvalid with every problem found.

    Addresses are derived as soon as every name in the estate names something, whatever else is wrong with it.
    """
    found = examine(name_or_folder, overrides)
    problems = list(found.problems)
    if found.estate is not None:
        problems += find_address_problems(found.estate)
        problems += find_unexplained(found.estate)
    if found.estate is None or problems:
        raise EstateInvalid(problems)
    return found.estate


def find_address_problems(estate: Estate) -> list[Problem]:
    """Return what is wrong with the pools, pins and record of an estate whose names all exist."""
    try:
        build_with_record(estate)
    except EstateInvalid as error:
        return list(error.problems)
    return []


@dataclasses.dataclass(frozen=True)
class UnrecordedAddress:
    """A notice, not a problem: an entry or `device/interface` whose address may still change until it is recorded."""

    entry: str
    address: str

    def __str__(self) -> str:
        """Return the notice in words."""
        return f"`{self.entry}` has {self.address}, not yet in {RECORD_FILE}: run `twin addresses --record`"


def find_unrecorded(estate: Estate) -> tuple[UnrecordedAddress, ...]:
    """Return what the record does not hold yet; raises EstateInvalid where addresses cannot be derived."""
    old, new = read_record(estate.folder), build_with_record(estate)[1]
    known = {**old.prefixes, **old.addresses}
    derived = {**new.prefixes, **new.addresses}
    return tuple(
        UnrecordedAddress(entry, address) for entry, address in sorted(derived.items()) if known.get(entry) != address
    )


def record_addresses(estate: Estate) -> AddressRecord:
    """Write the record with all that the estate uses now beside what was given out before, and return it."""
    record = build_with_record(estate)[1]
    write_record(estate.folder, record)
    return record
