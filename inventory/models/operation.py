"""How the shared systems are run: the data centre's controls, monitoring, helpdesk, bulk forms, service levels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from inventory.models.record import Id, Record, Stated, Text
from inventory.quantities import Clock, Duration


class Control(Stated):
    """A measure of the data centre against one hazard, and what proves it; `met` is null where nobody has looked."""

    hazard: Literal["water", "earthquake", "fire", "power", "intrusion", "connectivity"]
    met: bool | None = None
    evidence: Text | None = None


class MonitoringItem(Stated):
    """What is watched on which kinds of target, how often, from which value on, and who is told."""

    method: Literal["message", "log-file", "threshold", "liveness"]
    targets: tuple[Literal["router", "database", "application", "terminal-host", "circuit", "service"], ...]
    interval_s: Duration = Field(alias="interval")
    threshold: Text | None = None
    threshold_ja: Text | None = None
    severity: Literal["disaster", "high", "average", "warning"]
    notify: Id


class Helpdesk(Stated):
    """One contact for everything: when, at whose cost, who answers, to whom it goes on, and what it covers."""

    opens_s: Clock = Field(alias="opens")
    closes_s: Clock = Field(alias="closes")
    free_of_charge: bool
    first_line: Id
    escalates_to: Id
    tasks_ja: tuple[Text, ...]
    tasks: tuple[Text, ...] = ()
    covers_other_systems: bool


class FormRun(Stated):
    """A bulk print run: what is printed per resident or household, and whether the city checks it.

    Without a `month` it is printed on call, as for an election.
    """

    city: Id | None = None
    month: int | None = Field(default=None, ge=1, le=12)
    per: Literal["resident", "household"]
    rate: float = Field(gt=0)
    size_kb: float = Field(gt=0)
    box_holds: PositiveInt
    checked_by_city: bool
    forms_os_id: Text | None = None


class FormStage(Stated):
    """A stage on a form's way, in order."""

    order: PositiveInt
    where: Literal["data-centre", "printing-site", "post-office", "city"]


class ServiceLevel(Stated):
    """An item of the service level agreement. `formula_ja` and `target` are assumed where the source prints none."""

    formula_ja: Text | None = None
    formula: Text | None = None
    target: float | None = Field(default=None, gt=0, le=1)
    reported: Literal["monthly"] = "monthly"
    reviewed: Literal["quarterly"] = "quarterly"


class EmergencyCounter(Stated):
    """A server in a hall that answers when the data centre cannot: what it offers, on data of which age."""

    city: Id
    site: Id
    replaces: tuple[Id, ...] = Field(min_length=1)
    offers_ja: tuple[Text, ...] = Field(min_length=1)
    offers: tuple[Text, ...] = ()
    data_age_d: PositiveInt
    refused_in_normal_times: bool


Mark = Literal["double-circle", "circle", "triangle", "cross"]


class Judgement(Record):
    """A step of a question's scale: the answer, or the least percentage or number, that earns the mark."""

    mark: Mark
    answer_ja: Text | None = None
    answer: Text | None = None
    at_least: float | None = None


class Question(Stated):
    """A question of the package evaluation, of one indicator; its scale runs from best to worst."""

    indicator: Id
    asks_ja: Text
    asks: Text | None = None
    kind: Literal["percentage", "number", "answer"]
    scale: tuple[Judgement, ...] = Field(min_length=2)
    excluded_below: float | None = None


class Condition(Stated):
    """A condition under which packages are looked for."""


class Indicator(Stated):
    """An indicator of the evaluation, in the order of the source."""

    order: PositiveInt


class Scorecard(Record):
    """How packages are selected: conditions, indicators, questions. Weights are stated by whoever ranks."""

    conditions: dict[Id, Condition]
    indicators: dict[Id, Indicator]
    questions: dict[Id, Question]
