"""`twin:security:Secret`: a random secret, encrypted in the state, and as a root-only file for Ansible."""

from __future__ import annotations

import hashlib
import secrets

from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values
from infra.provider.handlers.secret_files import faults, read_private, write_private
from infra.records import SecretInputs

LEAST_LENGTH_BYTES = 16


class SecretHandler(Handler[SecretInputs]):
    """A lost file is restored from the state; a file that outlived the state is taken back; else a new one is drawn."""

    token = "twin:security:Secret"  # noqa: S105 - a type's name
    inputs = SecretInputs
    outputs_to_come = frozenset({"value", "fingerprint"})
    replaced_by = frozenset({"inventory_id", "estate", "length"})
    secret_outputs = frozenset({"value"})

    def problems(self, inputs: SecretInputs) -> list[tuple[str, str]]:
        """It is long enough, and its name is a plain file name."""
        found = []
        if inputs.length < LEAST_LENGTH_BYTES:
            found.append(("length", f"is {inputs.length}, expected at least {LEAST_LENGTH_BYTES} bytes"))
        if "/" in inputs.id or inputs.id.startswith("."):
            found.append(("inventory_id", f"is {inputs.id!r}, expected a plain file name"))
        return found

    def resource_id(self, inputs: SecretInputs) -> str:
        """Estate and name."""
        return f"{inputs.estate}/{inputs.id}"

    def create(self, inputs: SecretInputs, call: Call) -> Values:
        """Draw a secret, or take back the one whose file is there."""
        kept = read_private(call.place.secret_file(inputs.estate, inputs.id))
        return self._written(kept or secrets.token_urlsafe(inputs.length), inputs, call)

    def read(self, inputs: SecretInputs, outputs: Values, call: Call) -> Found | None:
        """Compare the file with the state."""
        path = call.place.secret_file(inputs.estate, inputs.id)
        value = outputs.get("value", "")
        return Found({}, faults(path, value), {"value": value, "fingerprint": fingerprint(value)})

    def update(self, old: Values, inputs: SecretInputs, call: Call) -> Values:
        """Write the state's value to the file again."""
        return self._written(old["value"], inputs, call)

    def delete(self, inputs: SecretInputs, outputs: Values, call: Call) -> None:
        """Remove the file."""
        del outputs
        call.place.secret_file(inputs.estate, inputs.id).unlink(missing_ok=True)

    def _written(self, value: str, inputs: SecretInputs, call: Call) -> Values:
        write_private(call.place.secret_file(inputs.estate, inputs.id), value)
        return {**inputs_of(inputs), "drift": [], "value": value, "fingerprint": fingerprint(value)}


def fingerprint(value: str) -> str:
    """Return a short digest of a random secret, which tells two apart and gives neither away."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]
