"""`twin:network:Segment`: a layer-2 segment; a circuit is one with two ends, shaped in both directions."""

from __future__ import annotations

from infra.provider.handlers.standing import StandingHandler
from infra.specs import SegmentSpec
from infra.targets.target import Observed, Progress, Target


class SegmentHandler(StandingHandler[SegmentSpec]):
    """Kind and ends decide how it is built, so they mean replacement; rate, delay and MTU change in place."""

    token = "twin:network:Segment"  # noqa: S105 - a type's name
    inputs = SegmentSpec
    replaced_by = frozenset({"inventory_id", "kind", "ends"})

    def problems(self, inputs: SegmentSpec) -> list[tuple[str, str]]:
        """A segment has one or two ends, a circuit two; its rate is above zero, its delay not negative."""
        found = []
        if len(inputs.ends) not in (1, 2) or (inputs.kind in ("circuit", "access") and len(inputs.ends) != 2):
            wanted = "two" if inputs.kind in ("circuit", "access") else "one or two"
            found.append(("ends", f"names {len(inputs.ends)} ends, expected {wanted}"))
        if inputs.rate_bps <= 0:
            found.append(("rate_bps", f"is {inputs.rate_bps:g}, expected a rate above zero"))
        if inputs.delay_s < 0:
            found.append(("delay_s", f"is {inputs.delay_s:g}, expected zero or more seconds"))
        if not 576 <= inputs.mtu <= 9216:
            found.append(("mtu", f"is {inputs.mtu}, expected 576 to 9216 bytes"))
        return found

    def resource_id(self, inputs: SegmentSpec) -> str:
        """The inventory's id."""
        return inputs.id

    def ensure(self, target: Target, inputs: SegmentSpec, progress: Progress) -> Observed:
        """Make or mend the segment."""
        return target.ensure_segment(inputs, progress)

    def look(self, target: Target, inputs: SegmentSpec) -> Observed | None:
        """Look at the segment; a circuit left cut is drift."""
        return target.read_segment(inputs)

    def remove(self, target: Target, inputs: SegmentSpec) -> None:
        """Remove the segment."""
        target.remove_segment(inputs.id)
