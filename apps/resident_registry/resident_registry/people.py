"""Fictitious residents and households, as many as a city has, the same for the same seed.

Individual numbers (個人番号) fail their check digit by design, so none can be a real one. Resident codes are running
numbers of this data set, not 住民票コード.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections.abc import Iterator

from resident_registry import names

GENERATOR_VERSION = 1
REFERENCE_DAY = datetime.date(2018, 4, 1)
LARGEST_HOUSEHOLD = 7

# Ages of heads of households and of others in brackets of ten years; the shape of a regional city, rounded.
_HEAD_AGE_WEIGHTS = (0, 0, 8, 14, 18, 17, 18, 15, 8, 2)


@dataclasses.dataclass(frozen=True, slots=True)
class Household:
    """A household and its address."""

    id: int
    town: str
    address: str


@dataclasses.dataclass(frozen=True, slots=True)
class Resident:
    """One entry of the registry. Dates are real dates; `number` is an invalid individual number."""

    code: str
    household: int
    family_name: str
    given_name: str
    kana: str
    birth_date: datetime.date
    sex: str
    relation: str
    number: str
    resident_since: datetime.date
    address_since: datetime.date
    previous_address: str
    domicile: str


def check_digit(first_eleven: str) -> int:
    """Return the check digit of an individual number (平成26年総務省令第85号第5条: weights 2–7, modulus 11)."""
    total = 0
    for position, digit in enumerate(reversed(first_eleven), 1):
        total += int(digit) * (position + 1 if position <= 6 else position - 5)
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def household_sizes(population: int, households: int, source: random.Random) -> list[int]:
    """Return the size of each household; the sum is the population. Raises ValueError where that cannot be."""
    if not households <= population <= households * LARGEST_HOUSEHOLD:
        raise ValueError(f"{population} people do not fit {households} households of 1 to {LARGEST_HOUSEHOLD}")
    sizes = [1] * households
    left = population - households
    while left:
        index = int(source.random() * households)
        if sizes[index] < LARGEST_HOUSEHOLD:
            sizes[index] += 1
            left -= 1
    return sizes


def generate(city: str, population: int, households: int, seed: int) -> Iterator[tuple[Household, list[Resident]]]:
    """Yield every household with its residents, the head first. `city` is the name that stands in addresses."""
    source = random.Random(f"{seed}/{city}/{population}/{households}")
    serial = 0
    for index, size in enumerate(household_sizes(population, households, source), 1):
        town = source.choice(names.TOWNS)
        address = f"{city}{town}{source.randint(1, 6)}丁目{source.randint(1, 40)}番{source.randint(1, 30)}号"
        household = Household(index, town, address)
        members = []
        head_age = _age(source)
        surname = (source.choice(names.SURNAME_HEADS), source.choice(names.SURNAME_TAILS))
        moved_in = _day(source, min(head_age, 40))
        domicile = address if source.random() < 0.5 else f"{source.choice(names.ELSEWHERE)}{source.randint(1, 900)}番地"
        before = f"{source.choice(names.ELSEWHERE)}{source.randint(1, 900)}番地"
        for relation, age, sex in _family(source, size, head_age):
            serial += 1
            since = max(moved_in, _day_of_age(source, age))
            members.append(_resident(source, serial, index, surname, relation, age, sex, since, before, domicile))
        yield household, members


def _resident(
    source: random.Random,
    serial: int,
    household: int,
    surname: tuple[tuple[str, str], tuple[str, str]],
    relation: str,
    age: int,
    sex: str,
    since: datetime.date,
    before: str,
    domicile: str,
) -> Resident:
    head, tail = source.choice(names.GIVEN_HEADS), source.choice(names.GIVEN_TAILS[sex])
    eleven = f"{serial:011d}"
    born = _day_of_age(source, age)
    since = max(since, born)
    return Resident(
        code=f"9{serial:010d}",
        household=household,
        family_name=surname[0][0] + surname[1][0],
        given_name=head[0] + tail[0],
        kana=f"{surname[0][1]}{surname[1][1]} {head[1]}{tail[1]}",
        birth_date=born,
        sex=sex,
        relation=relation,
        number=f"{eleven}{(check_digit(eleven) + 1) % 10}",
        resident_since=since,
        address_since=since,
        previous_address="" if since == born else before,
        domicile=domicile,
    )


def _family(source: random.Random, size: int, head_age: int) -> Iterator[tuple[str, int, str]]:
    """Yield relation, age and sex: the head, mostly a spouse, then children, and parents of younger heads."""
    head_sex = "m" if source.random() < 0.72 else "f"
    yield "世帯主", head_age, head_sex
    left = size - 1
    spouse_sex = "f" if head_sex == "m" else "m"
    if left and source.random() < 0.7:
        yield ("妻" if spouse_sex == "f" else "夫"), max(18, head_age + source.randint(-5, 4)), spouse_sex
        left -= 1
    parents = iter((("父", "m"), ("母", "f")))
    for _ in range(left):
        parent = next(parents, None) if 25 <= head_age <= 68 and source.random() < 0.15 else None
        if parent:
            yield parent[0], min(head_age + source.randint(22, 32), 103), parent[1]
        else:
            yield "子", max(0, head_age - source.randint(22, 38)), source.choice("mf")


def _age(source: random.Random) -> int:
    bracket = source.choices(range(10), _HEAD_AGE_WEIGHTS)[0]
    return max(18, bracket * 10 + source.randint(0, 9))


def _day_of_age(source: random.Random, age: int) -> datetime.date:
    """Return a birthday that makes someone `age` years old on the reference day."""
    return REFERENCE_DAY - datetime.timedelta(days=int(age * 365.25) + source.randint(1, 364))


def _day(source: random.Random, years: int) -> datetime.date:
    return REFERENCE_DAY - datetime.timedelta(days=source.randint(1, max(1, years) * 365))
