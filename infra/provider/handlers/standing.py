"""The pattern of what a target makes from a spec: ensure, read, remove, with drift and a revision."""

from __future__ import annotations

import abc
import dataclasses
import json
from typing import Any, TypeVar

from infra.errors import InfraError
from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values, new_revision
from infra.targets.target import Observed, Progress, Target

Inputs = TypeVar("Inputs")


class StandingHandler(Handler[Inputs]):
    """A resource that stands at the target. `revision` in its outputs differs after every change."""

    outputs_to_come = frozenset({"revision"})

    @abc.abstractmethod
    def ensure(self, target: Target, inputs: Inputs, progress: Progress) -> Observed:
        """Make or mend it."""

    @abc.abstractmethod
    def look(self, target: Target, inputs: Inputs) -> Observed | None:
        """Look at it; None where it is gone."""

    @abc.abstractmethod
    def remove(self, target: Target, inputs: Inputs) -> None:
        """Remove it."""

    def create(self, inputs: Inputs, call: Call) -> Values:
        """Make it; what stands already is mended and kept."""
        observed = self.ensure(call.place.claimed_target(), inputs, call.steps)
        if observed.drift:
            raise InfraError(
                f"{self.resource_id(inputs)}: still differs after it was made: {'; '.join(observed.drift)}; "
                "run again, and look at the host's log if it stays"
            )
        return {**inputs_of(inputs), "drift": [], "revision": new_revision()}

    def read(self, inputs: Inputs, outputs: Values, call: Call) -> Found | None:
        """Look; where something differs, the values found take the place of those asked for."""
        observed = self.look(call.place.target, inputs)
        if observed is None:
            return None
        kept = {"revision": outputs.get("revision", "")}
        if not observed.drift:
            return Found({}, (), kept)
        return Found(found_values(observed.values, self.input_names()), observed.drift, kept)

    def update(self, old: Values, inputs: Inputs, call: Call) -> Values:
        """Mend or change it in place."""
        del old
        return self.create(inputs, call)

    def delete(self, inputs: Inputs, outputs: Values, call: Call) -> None:
        """Remove it."""
        del outputs
        self.remove(call.place.claimed_target(), inputs)


def found_values(values: dict[str, Any], names: set[str]) -> Values:
    """Return observed values as JSON under the names of the inputs."""
    plain = json.loads(json.dumps(values, default=dataclasses.asdict))
    return {key: value for key, value in plain.items() if key in names and value is not None}
