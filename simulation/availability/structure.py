"""What a service needs to be there, as expressions over components: one, all of several, any of them, at least k.

`Works("a") & Works("b")` needs both, `|` either. The same component may stand in several places.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping

from simulation.errors import MechanismInvalid


class Need:
    """A need that is met or not; combines by `&` and `|`."""

    def __and__(self, other: Need) -> Need:
        return AtLeast(2, (self, other))

    def __or__(self, other: Need) -> Need:
        return AtLeast(1, (self, other))

    def components(self) -> Iterator[str]:
        """Yield the components that stand in it, from left to right, with repetitions."""
        raise NotImplementedError

    def met(self, working: Mapping[str, bool]) -> bool:
        """Whether it is met where these components work."""
        raise NotImplementedError

    def vital(self) -> frozenset[str]:
        """Return the components without each of which alone it is not met, everything else working."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Works(Need):
    """The component works."""

    name: str

    def components(self) -> Iterator[str]:
        """Yield its one component."""
        yield self.name

    def met(self, working: Mapping[str, bool]) -> bool:
        """Whether it works."""
        return working[self.name]

    def vital(self) -> frozenset[str]:
        """Its one component."""
        return frozenset([self.name])


@dataclasses.dataclass(frozen=True)
class AtLeast(Need):
    """At least `least` of the needs are met."""

    least: int
    of: tuple[Need, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.least <= len(self.of):
            raise MechanismInvalid(
                [f"at least {self.least} of {len(self.of)} are needed, expected 0 to {len(self.of)}"]
            )

    def components(self) -> Iterator[str]:
        """Yield the components of all needs."""
        for need in self.of:
            yield from need.components()

    def met(self, working: Mapping[str, bool]) -> bool:
        """Whether enough are met."""
        return sum(need.met(working) for need in self.of) >= self.least

    def vital(self) -> frozenset[str]:
        """Return what too many needs to do without have as vital: with everything working each of them is met."""
        lost = Counter(name for need in self.of for name in need.vital())
        return frozenset(name for name, count in lost.items() if len(self.of) - count < self.least)


def all_of(*needs: Need) -> Need:
    """Every one of them; nothing at all is always met."""
    return AtLeast(len(needs), needs)


def any_of(*needs: Need) -> Need:
    """One of them is enough; of nothing at all none is met: raises MechanismInvalid."""
    return AtLeast(1, needs)


def works(name: str) -> Need:
    """The component works."""
    return Works(name)
