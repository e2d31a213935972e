"""`twin:storage:Volume`: where a node's data lives. Never removed without the stack's `twin:removeData: true`."""

from __future__ import annotations

from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values, new_revision
from infra.specs import VolumeSpec


class VolumeHandler(Handler[VolumeSpec]):
    """No change of its inputs replaces a volume: a database must survive the replacement of everything around it."""

    token = "twin:storage:Volume"  # noqa: S105 - a type's name
    inputs = VolumeSpec
    outputs_to_come = frozenset({"revision"})

    def problems(self, inputs: VolumeSpec) -> list[tuple[str, str]]:
        """It is mounted at an absolute path."""
        return [] if inputs.folder.startswith("/") else [("folder", f"is {inputs.folder!r}, expected an absolute path")]

    def resource_id(self, inputs: VolumeSpec) -> str:
        """The volume's name."""
        return inputs.id

    def create(self, inputs: VolumeSpec, call: Call) -> Values:
        """Make an empty volume; one that was kept from before is taken back with its data."""
        target = call.place.claimed_target()
        kept = target.read_volume(inputs.id)
        target.ensure_volume(inputs.id, call.steps)
        if kept is not None:
            call.steps(f"volume {inputs.id} was there, its data is kept")
        return {**inputs_of(inputs), "drift": [], "revision": new_revision()}

    def read(self, inputs: VolumeSpec, outputs: Values, call: Call) -> Found | None:
        """Look whether it exists."""
        observed = call.place.target.read_volume(inputs.id)
        if observed is None:
            return None
        return Found({}, observed.drift, {"revision": outputs.get("revision", "")})

    def update(self, old: Values, inputs: VolumeSpec, call: Call) -> Values:
        """Take over new words about it; the data is not touched."""
        return {**self.create(inputs, call), "revision": old.get("revision", "")}

    def delete(self, inputs: VolumeSpec, outputs: Values, call: Call) -> None:
        """Forget it; remove its data only with the flag."""
        del outputs
        if not call.place.settings.remove_data:
            call.steps.remark(
                f"volume {inputs.id} of {inputs.node} keeps its data; "
                "`pulumi config set twin:removeData true` before destroying removes it for good"
            )
            return
        call.place.claimed_target().remove_volume(inputs.id)
