"""What the components share: checked configuration, and options for their children."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pulumi

from infra.errors import InputsInvalid


def refuse(name: str, findings: Iterable[tuple[str, str]]) -> None:
    """Raise InputsInvalid where there are findings; each names the component's own setting."""
    found = [(f"{name}.{setting}", what) for setting, what in findings]
    if found:
        raise InputsInvalid(found)


def child(
    parent: pulumi.Resource, after: Iterable[pulumi.Resource] = (), *, protect: bool = False
) -> pulumi.ResourceOptions:
    """Return the options of a child that is made after `after`."""
    return pulumi.ResourceOptions(parent=parent, depends_on=list(after), protect=protect or None)


@dataclasses.dataclass(frozen=True)
class Footing:
    """What every component stands on: the provider to use, and what must be made before anything of it."""

    provider: pulumi.ProviderResource
    before: tuple[pulumi.Resource, ...]

    def options(self, parent: pulumi.Resource | None = None) -> pulumi.ResourceOptions:
        """Return the options of a component."""
        return pulumi.ResourceOptions(parent=parent, providers={"twin": self.provider})
