"""How work goes on while the data centre is lost: take-over by the halls, age of the copies, entering afterwards."""

from __future__ import annotations

from pydantic import Field

from inventory.models.facility import Day
from inventory.models.record import Showing
from inventory.quantities import Clock, Duration, Fraction


class Continuity(Showing):
    """What an interruption is reckoned with; `day` and `at_s` are when it begins where nobody says otherwise.

    Halls go over to their emergency counters `takes_over_s` after the loss. `copy_fails` is the chance that a night's
    copy is missing in the morning. Of all screen transactions `replaced_share` is on services that emergency counters
    replace, `inquiry_share` only reads; the others are entered afterwards, `entering_s` each, by `entering_staff` of
    the users who work at once. `shutdown_step_s` is how long each step of an orderly shutdown takes.
    """

    day: Day
    at_s: Clock = Field(alias="at")
    takes_over_s: Duration = Field(alias="takes_over")
    copy_fails: Fraction
    replaced_share: Fraction
    inquiry_share: Fraction
    entering_s: Duration = Field(alias="entering")
    entering_staff: float = Field(gt=0, le=1)
    shutdown_step_s: Duration = Field(alias="shutdown_step")
