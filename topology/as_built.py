"""What is declared held against what runs, item by item. Leaves both sides to whoever knows them.

A declared and an observed fact about the same item meet here; what one side lacks is a difference of a named kind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Literal

Document = Literal["equipment-list", "address-plan", "connection-list", "flow-matrix", "parameter-sheets"]
Kind = Literal["missing", "extra", "changed"]
DOCUMENTS: tuple[Document, ...] = (
    "equipment-list",
    "address-plan",
    "connection-list",
    "flow-matrix",
    "parameter-sheets",
)


@dataclasses.dataclass(frozen=True, order=True)
class Item:
    """One thing that can be declared and observed: in which document, whose (dotted path), on what part, which."""

    document: Document
    owner: str
    on: str
    name: str


@dataclasses.dataclass(frozen=True)
class Fact:
    """An item's value in words, and the entry of the estate that it comes from (or would belong to)."""

    item: Item
    value: str
    entry: str


@dataclasses.dataclass(frozen=True)
class Compared:
    """An item with both its values; None where a side has none. `seen` is False where nobody could look."""

    item: Item
    declared: str | None
    observed: str | None
    entry: str
    seen: bool = True

    @property
    def kind(self) -> Kind | None:
        """How the sides differ; None where they agree or where nobody could look."""
        if not self.seen or self.declared == self.observed:
            return None
        if self.observed is None:
            return "missing"
        return "extra" if self.declared is None else "changed"


def compare(
    declared: Iterable[Fact], observed: Iterable[Fact], unseen: Iterable[Item] = ()
) -> tuple[Compared, ...]:  # fmt: skip
    """Return every item of either side, declared ones in their order, then what nobody declared, by name.

    `unseen` are declared items that could not be looked at. Raises ValueError for two values of one item on a side:
    one of them would be lost.
    """
    wanted, found, hidden = _by_item(declared), _by_item(observed), frozenset(unseen)
    both = [
        Compared(item, fact.value, found[item].value if item in found else None, fact.entry, item not in hidden)
        for item, fact in wanted.items()
    ]
    extra = sorted(item for item in found if item not in wanted)
    return (*both, *(Compared(item, None, found[item].value, found[item].entry) for item in extra))


def differences(compared: Iterable[Compared]) -> tuple[Compared, ...]:
    """Return what differs."""
    return tuple(one for one in compared if one.kind)


def _by_item(facts: Iterable[Fact]) -> dict[Item, Fact]:
    result: dict[Item, Fact] = {}
    for fact in facts:
        if fact.item in result:
            raise ValueError(f"two values of {fact.item}: {result[fact.item].value!r} and {fact.value!r}")
        result[fact.item] = fact
    return result
