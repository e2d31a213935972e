"""The fictitious people of a city as two streams of rows, the same for the same plan on every machine.

Only `Random.random` is drawn from, the one method whose sequence Python promises to keep, so a plan gives the same rows
under Python 3.11 on a test machine and 3.13 on a node. Both streams run in constant memory apart from one byte for each
household.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from resident_registry.errors import PeopleError
from resident_registry.families import HEAD, Member, compose_family, family_sizes
from resident_registry.identifiers import IdentifierSeries
from resident_registry.names import FAMILY_NAMES, GIVEN_NAMES, OTHER_MUNICIPALITIES, TOWNS, Named

GENERATOR_VERSION = 1
_DAYS_A_YEAR = 365.2425


@dataclass(frozen=True)
class Plan:
    """What fixes a city's people: its name, the numbers, the seed, and the day on which ages are reckoned."""

    city_name_ja: str
    residents: int
    households: int
    seed: int
    as_of: date

    def __post_init__(self) -> None:
        """Refuse a plan whose birth dates would leave the range of eras that certificates can print."""
        if not date(1990, 1, 1) <= self.as_of <= date(2200, 1, 1):
            raise PeopleError(f"the day of reckoning {self.as_of} is outside 1990 to 2200")


class Household(NamedTuple):
    """One household; `address` is within the city and begins with the town."""

    id: int
    address: str


class Resident(NamedTuple):
    """One entry of the registry, in the order of the table's columns; `previous_address` is empty for the born here."""

    code: str
    household: int
    family_name: str
    given_name: str
    kana: str
    birth_date: date
    sex: str
    relation: str
    resident_code: str
    individual_number: str
    resident_since: date
    address_since: date
    notified_on: date
    previous_address: str
    domicile: str
    domicile_head: str

    @property
    def name(self) -> str:
        """Family and given name in kanji."""
        return f"{self.family_name} {self.given_name}"


def _lot(rng: Random) -> str:
    return f"{1 + int(rng.random() * 1800)}番地の{1 + int(rng.random() * 24)}"


def _pick(names: tuple[Named, ...], rng: Random) -> Named:
    return names[int(rng.random() * len(names))]


def _somewhere_else(rng: Random) -> str:
    municipality = OTHER_MUNICIPALITIES[int(rng.random() * len(OTHER_MUNICIPALITIES))]
    return f"{municipality}{_pick(TOWNS, rng)[0]}{_lot(rng)}"


@dataclass(frozen=True)
class _Past:
    """What the members of one household share: when they moved in, as a day's ordinal, and where they may be from."""

    moved_in: int
    domicile: str
    within: str
    outside: str


class People:
    """Streams of a plan's households and residents; each call starts its stream anew."""

    def __init__(self, plan: Plan) -> None:
        """Draw the household sizes; raises PeopleError where the plan's numbers cannot be met."""
        self.plan = plan
        self._sizes = family_sizes(plan.residents, plan.households, self._stream("sizes"))
        identifiers = self._stream("identifiers")
        self._identifiers = IdentifierSeries(identifiers.random(), identifiers.random())

    def _stream(self, purpose: str) -> Random:
        return Random(f"{self.plan.seed}/{self.plan.city_name_ja}/{purpose}")

    def households(self) -> Iterator[Household]:
        """Yield every household, numbered from 1."""
        rng = self._stream("addresses")
        for household in range(1, len(self._sizes) + 1):
            address = f"{_pick(TOWNS, rng)[0]}{_lot(rng)}"
            if rng.random() < 0.22:
                address += f" 見本ハイツ{101 + 100 * int(rng.random() * 6) + int(rng.random() * 8)}号"
            yield Household(household, address)

    def residents(self) -> Iterator[Resident]:
        """Yield every resident, household by household in their order, the head first."""
        rng = self._stream("people")
        serial = 1
        for household, size in enumerate(self._sizes, start=1):
            yield from self._members(household, serial, compose_family(size, rng), rng)
            serial += size

    def _past(self, head: Member, rng: Random) -> _Past:
        # Not before the head had come of age, and rather lately than long ago.
        reach = min(head.age - 17, 45) * _DAYS_A_YEAR
        moved_in = self.plan.as_of.toordinal() - 1 - int(reach * rng.random() * rng.random())
        city = self.plan.city_name_ja
        domicile = f"{city}{_pick(TOWNS, rng)[0]}{_lot(rng)}" if rng.random() < 0.6 else _somewhere_else(rng)
        return _Past(moved_in, domicile, f"{city}{_pick(TOWNS, rng)[0]}{_lot(rng)}", _somewhere_else(rng))

    def _members(self, household: int, serial: int, members: list[Member], rng: Random) -> Iterator[Resident]:
        family = _pick(FAMILY_NAMES, rng)
        past = self._past(members[0], rng)
        head_name = ""
        for number, member in enumerate(members, start=serial):
            name, given = family if member.of_family else _pick(FAMILY_NAMES, rng), _pick(GIVEN_NAMES, rng)
            if member.relation == HEAD:
                head_name = f"{name[0]} {given[0]}"
            born, since, here_since, notified, before = self._days(member, past, rng)
            yield Resident(
                code=f"9{number:010d}",
                household=household,
                family_name=name[0],
                given_name=given[0],
                kana=f"{name[1]} {given[1]}",
                birth_date=date.fromordinal(born),
                sex=member.sex,
                relation=member.relation,
                resident_code=self._identifiers.resident_code(number),
                individual_number=self._identifiers.individual_number(number, 1 + int(rng.random() * 9)),
                resident_since=date.fromordinal(since),
                address_since=date.fromordinal(here_since),
                notified_on=date.fromordinal(notified),
                previous_address=before,
                domicile=past.domicile if member.of_family else past.outside,
                domicile_head=head_name if member.of_family else f"{name[0]} {given[0]}",
            )

    def _days(self, member: Member, past: _Past, rng: Random) -> tuple[int, int, int, int, str]:
        """Return birth, residence, this address and its notification as ordinals, and the address before."""
        as_of = self.plan.as_of.toordinal()
        born = as_of - int((member.age + rng.random()) * _DAYS_A_YEAR)
        since, here_since, before = born, born, ""
        if born < past.moved_in:
            here_since, before = past.moved_in, past.within
            origin = rng.random()
            if origin < 0.35:
                since, before = past.moved_in, past.outside
            elif origin < 0.6:
                since = born + int(rng.random() * (past.moved_in - born))
        return born, since, here_since, min(as_of, here_since + int(rng.random() * 14)), before
