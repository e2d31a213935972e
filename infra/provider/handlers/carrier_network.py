"""`twin:network:CarrierNetwork`: a carrier's closed forwarding network between access segments."""

from __future__ import annotations

from infra.provider.handlers.standing import StandingHandler
from infra.records import CarrierNetworkInputs
from infra.targets.target import Observed, Progress, Target


class CarrierNetworkHandler(StandingHandler[CarrierNetworkInputs]):
    """Ports come and go in place."""

    token = "twin:network:CarrierNetwork"  # noqa: S105 - a type's name
    inputs = CarrierNetworkInputs
    replaced_by = frozenset({"inventory_id"})

    def problems(self, inputs: CarrierNetworkInputs) -> list[tuple[str, str]]:
        """It forwards between at least two access segments."""
        return [] if len(inputs.ports) >= 2 else [("ports", f"names {len(inputs.ports)}, expected two or more")]

    def resource_id(self, inputs: CarrierNetworkInputs) -> str:
        """The inventory's id."""
        return inputs.id

    def ensure(self, target: Target, inputs: CarrierNetworkInputs, progress: Progress) -> Observed:
        """Make or mend the network."""
        return target.ensure_carrier_network(inputs.spec(), progress)

    def look(self, target: Target, inputs: CarrierNetworkInputs) -> Observed | None:
        """Look at the network."""
        return target.read_carrier_network(inputs.spec())

    def remove(self, target: Target, inputs: CarrierNetworkInputs) -> None:
        """Remove the network."""
        target.remove_carrier_network(inputs.id)
