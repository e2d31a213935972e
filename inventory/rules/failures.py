"""Rules on failure figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from inventory.models.circuits import Circuit
from inventory.models.devices import Device
from inventory.names import expected_name
from inventory.problems import Problem
from inventory.rules.scope import Scope


def figures_name_kinds(scope: Scope) -> Iterator[Problem]:
    """A failure figure is that of a service of circuits or of a role of devices."""
    kinds = {
        *get_args(Circuit.model_fields["service"].annotation),
        *get_args(Device.model_fields["role"].annotation),
    }
    for id_ in scope.records.failure_figures:
        if id_ not in kinds:
            yield scope.problem(f"failure_figures.{id_}", f"no kind `{id_}`", expected_name(id_, kinds))


def repair_is_quicker_than_failure(scope: Scope) -> Iterator[Problem]:
    """Failures are rare: the mean time between them is longer than the mean repair, and neither is zero."""
    for id_, figure in scope.records.failure_figures.items():
        if not 0 < figure.mttr_s < figure.mtbf_s:
            found = f"repair takes {figure.mttr_s / 3600:g} h, failures come every {figure.mtbf_s / 3600:g} h"
            yield scope.problem(f"failure_figures.{id_}", found, "0 < mttr < mtbf")
