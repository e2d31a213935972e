"""Rules on controls, monitoring, helpdesk, bulk forms, emergency counters and the scorecard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Who is told and who answers are parties; counters stand in a hall and replace services; questions are grouped."""
    records = scope.records
    for id_, item in records.monitoring.items():
        yield from scope.unknown(f"monitoring.{id_}.notify", "party", item.notify, "parties")
    if records.helpdesk:
        yield from scope.unknown("helpdesk.first_line", "party", records.helpdesk.first_line, "parties")
        yield from scope.unknown("helpdesk.escalates_to", "party", records.helpdesk.escalates_to, "parties")
    for id_, run in records.form_runs.items():
        yield from scope.unknown(f"form_runs.{id_}.city", "city", run.city, "cities")
    for id_, counter in records.emergency_counters.items():
        path = f"emergency_counters.{id_}"
        yield from scope.unknown(f"{path}.city", "city", counter.city, "cities")
        yield from scope.unknown(f"{path}.site", "site", counter.site, "sites")
        for index, name in enumerate(counter.replaces):
            yield from scope.unknown(f"{path}.replaces.{index}", "service", name, "services")
    for id_, question in (records.scorecard.questions if records.scorecard else {}).items():
        known = records.scorecard.indicators if records.scorecard else {}
        if question.indicator not in known:
            path = f"scorecard.questions.{id_}.indicator"
            yield scope.problem(path, f"no indicator `{question.indicator}`", f"one of {', '.join(known)}")


def controls_say_what_proves_them(scope: Scope) -> Iterator[Problem]:
    """A control that is met names its evidence; one that is not met is a finding."""
    for id_, control in scope.records.controls.items():
        if control.met is False:
            yield scope.problem(f"controls.{id_}.met", "the control is not met", "`met: true` with its evidence")
        if control.met and not control.evidence:
            yield scope.problem(f"controls.{id_}", "is met without evidence", "`evidence`: what proves it")


def helpdesk_opens_before_it_closes(scope: Scope) -> Iterator[Problem]:
    """The hours are of one day."""
    desk = scope.records.helpdesk
    if desk and desk.opens_s >= desk.closes_s:
        yield scope.problem("helpdesk.closes", "closes before it opens", "a later time of the same day")


def counters_stand_in_their_hall(scope: Scope) -> Iterator[Problem]:
    """An emergency counter stands in a hall of its own city, else it is cut off with the line (slide 36: 本庁)."""
    for id_, counter in scope.records.emergency_counters.items():
        site = scope.records.sites.get(counter.site)
        if site is not None and (site.kind != "hall" or site.city != counter.city):
            found = f"`{counter.site}` is no hall of `{counter.city}`"
            yield scope.problem(f"emergency_counters.{id_}.site", found, "a hall of the city")


def stages_are_ordered(scope: Scope) -> Iterator[Problem]:
    """Every stage of a form's way has an order of its own."""
    seen: dict[int, str] = {}
    for id_, stage in scope.records.form_stages.items():
        if seen.setdefault(stage.order, id_) != id_:
            found = f"`{seen[stage.order]}` has order {stage.order} too"
            yield scope.problem(f"form_stages.{id_}.order", found, "an order of its own")


def scales_fall(scope: Scope) -> Iterator[Problem]:
    """A scale runs from best to worst; its steps are answers, or least values that fall."""
    order = ("double-circle", "circle", "triangle", "cross")
    for id_, question in (scope.records.scorecard.questions if scope.records.scorecard else {}).items():
        path = f"scorecard.questions.{id_}.scale"
        marks = [order.index(step.mark) for step in question.scale]
        if marks != sorted(set(marks)):
            yield scope.problem(path, "marks do not fall", "each mark once, from best to worst")
        answers = question.kind == "answer"
        if any(answers in {step.answer_ja is None, step.at_least is not None} for step in question.scale):
            wanted = "`answer_ja`" if answers else "`at_least`"
            yield scope.problem(path, f"a step is not what a question of kind `{question.kind}` has", wanted)
            continue
        least = [step.at_least for step in question.scale if step.at_least is not None]
        if any(low >= high for high, low in itertools.pairwise(least)):
            yield scope.problem(path, "least values do not fall", "each lower than the one before")
