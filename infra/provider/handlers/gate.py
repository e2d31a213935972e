"""`twin:evidence:Gate`: the record that the promises were predicted to hold before anything was changed."""

from __future__ import annotations

from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values
from infra.records import GateInputs

KIND = "gate"


class GateHandler(Handler[GateInputs]):
    """Appends to the evidence when the result or what it stands on changes; previews append nothing."""

    token = "twin:evidence:Gate"  # noqa: S105 - a type's name
    inputs = GateInputs
    outputs_to_come = frozenset({"record"})

    def problems(self, inputs: GateInputs) -> list[tuple[str, str]]:
        """Only a gate that holds is recorded here; a broken one stops the program before."""
        broken = [index for index, row in enumerate(inputs.rows) if row.get("holds") is not True]
        return [(f"rows[{index}].holds", "is not true, expected a promise that holds") for index in broken]

    def resource_id(self, inputs: GateInputs) -> str:
        """The estate's name."""
        return inputs.estate

    def create(self, inputs: GateInputs, call: Call) -> Values:
        """Append to the evidence."""
        from evidence.chain import append

        payload = {name: value for name, value in inputs_of(inputs).items() if name != "inventory_id"}
        record = append(call.place.state / "evidence", KIND, payload)
        return {**inputs_of(inputs), "drift": [], "record": record.digest}

    def read(self, inputs: GateInputs, outputs: Values, call: Call) -> Found | None:
        """The record is the chain's business; nothing can drift here."""
        del inputs, call
        return Found({}, (), {"record": outputs.get("record", "")})

    def update(self, old: Values, inputs: GateInputs, call: Call) -> Values:
        """Append the new result."""
        del old
        return self.create(inputs, call)

    def delete(self, inputs: GateInputs, outputs: Values, call: Call) -> None:
        """Nothing: evidence is never removed."""
        del inputs, outputs, call
