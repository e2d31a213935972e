"""What every resource type answers: check, diff, create, read, update, delete, on typed inputs and plain values.

A handler's methods may block; the service runs them in threads. `create` looks for what is there first.
"""

from __future__ import annotations

import abc
import dataclasses
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pulumi.provider.experimental.provider import DiffResponse

from infra.inputs import outer_name
from infra.provider.differences import Difference, answer, differences
from infra.provider.place import Place
from infra.provider.progress import Steps
from infra.provider.properties import parse_inputs

Inputs = TypeVar("Inputs")
Values = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Call:
    """One operation: the place it works on and how it tells of its progress."""

    place: Place
    steps: Steps


@dataclasses.dataclass(frozen=True)
class Found:
    """What stands: values under the names of the inputs where they differ from them, outputs, and drift in words."""

    values: Values
    drift: tuple[str, ...] = ()
    outputs: Values = dataclasses.field(default_factory=dict)


class Handler(abc.ABC, Generic[Inputs]):
    """A resource type. Subclasses name their token, inputs, and which inputs mean replacement when they change."""

    token: ClassVar[str]
    inputs: ClassVar[type[Any]]
    replaced_by: ClassVar[frozenset[str]] = frozenset()
    not_compared: ClassVar[frozenset[str]] = frozenset({"cite"})
    secret_outputs: ClassVar[frozenset[str]] = frozenset()
    outputs_to_come: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def input_names(cls) -> set[str]:
        """Return the property names of the inputs."""
        return inputs_names(cls.inputs)

    def parse(self, values: Mapping[str, Any]) -> Inputs:
        """Return typed inputs; raises InputsInvalid."""
        result: Inputs = parse_inputs(self.inputs, values)
        return result

    def problems(self, inputs: Inputs) -> list[tuple[str, str]]:
        """Return `(property, what is wrong)` for what types cannot say."""
        del inputs
        return []

    def diff(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> DiffResponse:
        """Compare what stands (inputs' names, `drift`) with the inputs asked for."""
        names = {*new, *(self.input_names() & set(old))}
        found = differences({key: old[key] for key in names if key in old}, new, self.not_compared)
        if old.get("drift"):
            found.append(Difference("drift", "delete"))
        return answer(found, self.replaced_by)

    @abc.abstractmethod
    def resource_id(self, inputs: Inputs) -> str:
        """Return the id under which the engine keeps the resource."""

    @abc.abstractmethod
    def create(self, inputs: Inputs, call: Call) -> Values:
        """Make it, or adopt what is there; return the outputs."""

    @abc.abstractmethod
    def read(self, inputs: Inputs, outputs: Values, call: Call) -> Found | None:
        """Only look; None where it is gone."""

    @abc.abstractmethod
    def update(self, old: Values, inputs: Inputs, call: Call) -> Values:
        """Change it to the inputs; `old` are the outputs before. Return the outputs."""

    @abc.abstractmethod
    def delete(self, inputs: Inputs, outputs: Values, call: Call) -> None:
        """Remove it; nothing happens where it is gone already."""


def inputs_names(kind: type[Any]) -> set[str]:
    """Return the property names of an inputs record."""
    return {outer_name(field.name) for field in dataclasses.fields(kind)}


def new_revision() -> str:
    """Return a token that differs after every change; what must follow a change takes it as an input."""
    return secrets.token_hex(6)
