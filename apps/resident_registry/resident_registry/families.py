"""Who lives together: sizes, kinship, sexes and ages of the members of a household.

Shares follow the shape of a Japanese provincial city (some 28 % one-person households, a quarter of the residents 65
or over); they are assumed, made for plausible loads and not for statistics. Names, dates and addresses are left to
`people`.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from resident_registry.errors import PeopleError

HEAD = "世帯主"
LARGEST_HOUSEHOLD = 9
_SIZE_SHARES = ((1, 0.285), (2, 0.295), (3, 0.198), (4, 0.145), (5, 0.049), (6, 0.019), (7, 0.009))
_OLDEST = 104
_YOUNGEST_PARENT = 20


class Member(NamedTuple):
    """One member: relation to the head (続柄), sex, age in whole years, and whether of the head's family name."""

    relation: str
    sex: str
    age: int
    of_family: bool = True


def _size_at(share: float) -> int:
    for size, portion in _SIZE_SHARES:
        share -= portion
        if share < 0:
            return size
    return _SIZE_SHARES[-1][0]


def family_sizes(residents: int, households: int, rng: Random) -> bytearray:
    """Return `households` sizes between 1 and LARGEST_HOUSEHOLD whose sum is exactly `residents`.

    Raises PeopleError where no such sizes exist.
    """
    if households < 1 or not households <= residents <= LARGEST_HOUSEHOLD * households:
        raise PeopleError(
            f"{residents} residents do not fit into {households} households of 1 to {LARGEST_HOUSEHOLD} members"
        )
    draw = rng.random
    sizes = bytearray(_size_at(draw()) for _ in range(households))
    surplus = residents - sum(sizes)
    step, limit = (1, LARGEST_HOUSEHOLD) if surplus > 0 else (-1, 1)
    while surplus:
        place = int(draw() * households)
        if sizes[place] != limit:
            sizes[place] += step
            surplus -= step
    return sizes


def _between(rng: Random, low: int, high: int) -> int:
    return low + int(rng.random() * (high - low + 1))


def _either(rng: Random) -> str:
    return "男" if rng.random() < 0.5 else "女"


def _couple(rng: Random, low: int, high: int) -> list[Member]:
    age = _between(rng, low, high)
    partner_age = min(_OLDEST, max(18, age + _between(rng, -5, 4)))
    if rng.random() < 0.9:
        return [Member(HEAD, "男", age), Member("妻", "女", partner_age)]
    return [Member(HEAD, "女", age), Member("夫", "男", partner_age)]


def _children(rng: Random, parent_age: int, count: int) -> list[Member]:
    """Children of whose parents the younger is `parent_age` (at least _YOUNGEST_PARENT), eldest first."""
    latest_birth = min(parent_age, 41)
    ages = [parent_age - _between(rng, _YOUNGEST_PARENT, latest_birth) for _ in range(count)]
    return [Member("子", _either(rng), age) for age in sorted(ages, reverse=True)]


def _grandparent(rng: Random, head_age: int, mother: bool) -> Member:
    age = min(_OLDEST, head_age + _between(rng, _YOUNGEST_PARENT, 36))
    return Member("母", "女", age) if mother else Member("父", "男", age)


def _alone(rng: Random) -> list[Member]:
    share = rng.random()
    low, high = (18, 34) if share < 0.24 else (35, 64) if share < 0.54 else (65, 96)
    return [Member(HEAD, _either(rng), _between(rng, low, high))]


def _pair(rng: Random) -> list[Member]:
    share = rng.random()
    if share < 0.64:
        return _couple(rng, 63, 93) if rng.random() < 0.7 else _couple(rng, 24, 61)
    if share < 0.92:
        age = _between(rng, 30, 95)
        return [Member(HEAD, _either(rng), age), *_children(rng, age, 1)]
    age = _between(rng, 25, 75)
    if share < 0.97:
        sibling_age = max(18, age - _between(rng, 1, 8))
        brother = rng.random() < 0.5
        return [
            Member(HEAD, _either(rng), age),
            Member("弟" if brother else "妹", "男" if brother else "女", sibling_age),
        ]
    return [Member(HEAD, _either(rng), age), Member("同居人", _either(rng), max(18, age - 3), of_family=False)]


def _nuclear(rng: Random, size: int) -> list[Member]:
    couple = _couple(rng, 28, 76 if size == 3 else 60)
    return couple + _children(rng, min(member.age for member in couple), size - 2)


def _with_grandparents(rng: Random, size: int, grandparents: int) -> list[Member]:
    family = _nuclear(rng, size - grandparents) if size - grandparents > 2 else _couple(rng, 35, 66)
    return family + [_grandparent(rng, family[0].age, mother=place == 0) for place in range(grandparents)]


def _three_generations(rng: Random, size: int) -> list[Member]:
    """An old couple, their son or daughter with a spouse, and the grandchildren: five members or more."""
    couple = _couple(rng, 56, 82)
    heir_age = min(member.age for member in couple) - _between(rng, 21, 30)
    heir_is_man = rng.random() < 0.7
    spouse_age = max(18, heir_age + _between(rng, -3, 3))
    pair = [
        Member("子", "男" if heir_is_man else "女", heir_age),
        Member("子の妻" if heir_is_man else "子の夫", "女" if heir_is_man else "男", spouse_age),
    ]
    parent_age = max(_YOUNGEST_PARENT, min(heir_age, spouse_age))
    grandchildren = _children(rng, parent_age, size - 4)
    return couple + pair + [member._replace(relation="子の子") for member in grandchildren]


def _trio(rng: Random) -> list[Member]:
    share = rng.random()
    if share < 0.74:
        return _nuclear(rng, 3)
    if share < 0.86:
        return _with_grandparents(rng, 3, 1)
    age = _between(rng, 28, 62)
    return [Member(HEAD, _either(rng), age), *_children(rng, age, 2)]


def _large(size: int, rng: Random) -> list[Member]:
    share = rng.random()
    if size > 4 and share < 0.45:
        return _three_generations(rng, size)
    if share < 0.78:
        return _nuclear(rng, size)
    return _with_grandparents(rng, size, 2 if size > 5 else 1)


def compose_family(size: int, rng: Random) -> list[Member]:
    """Return the `size` members of one household, the head first; exactly one is the head, who is an adult."""
    small = {1: _alone, 2: _pair, 3: _trio}
    return small[size](rng) if size in small else _large(size, rng)
