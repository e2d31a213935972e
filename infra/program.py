"""The Pulumi program: read the estate, hold it against its promises, then register everything that stands.

Nothing is registered before the gate has passed, so a broken promise changes nothing, also with `--target`.
"""

from __future__ import annotations

import gc

import pulumi

from evidence.errors import EvidenceError
from infra import gate, lifeline
from infra.errors import InfraError, PlaceUnfit
from infra.estate_stack import DRAWINGS, EstateStack
from infra.plan import make_plan
from infra.provisioning.hostvars import host_variables
from infra.settings import TARGETS, StackSettings, stack_settings
from infra.targets.target import TargetError
from inventory.load import load_estate
from inventory.models.estate import Estate
from inventory.problems import EstateInvalid, InventoryError
from simulation.errors import SimulationError
from topology.build import build_network
from topology.model import Network
from topology.secret_files import folder as secret_folder

PLAIN_ERRORS = (InfraError, InventoryError, TargetError, EvidenceError)


def run() -> None:
    """Run the program; everything that people can mend ends it as a pulumi.RunError in plain words."""
    lifeline.arm()
    # What was imported stays; the collector walking all of it once more at the end would take 60 ms.
    gc.freeze()
    try:
        _run(stack_settings())
    except EstateInvalid as error:
        raise pulumi.RunError(
            f"the estate has {len(error.problems)} problem(s); nothing was changed\n{error}"
        ) from error
    except PLAIN_ERRORS as error:
        raise pulumi.RunError(str(error)) from error


def _run(settings: StackSettings) -> None:
    estate = load_estate(settings.estate, settings.replaced)
    network = build_network(estate)
    try:
        outcome = gate.outcome_for(estate, settings.state / "gate")
    except SimulationError as error:
        raise InfraError(f"the gate could not be evaluated, nothing was changed:\n{error}") from error
    gate.require(outcome)
    pulumi.log.info(gate.summary(outcome))
    if not pulumi.runtime.is_dry_run():
        _take_place(settings)
    plan = make_plan(estate, network)
    variables = host_variables(estate, network, secret_folder(settings.state.parent, estate.name))
    stack = EstateStack(settings, estate, plan, outcome, variables)
    for name, value in stack.outputs().items():
        pulumi.export(name, value)
    if not pulumi.runtime.is_dry_run():
        _draw(settings, estate, network)


def _take_place(settings: StackSettings) -> None:
    """Before a change: say in one line what this machine lacks, or who else holds the place."""
    if settings.target not in TARGETS:
        return
    from infra.targets.open import open_target

    options = {"file": settings.hosts_file} if settings.hosts_file else {}
    target = open_target(settings.target, clone_root=settings.state.parent, options=options)
    lacks = target.surroundings()
    if lacks:
        raise PlaceUnfit(" ".join(lacks))
    target.claim()


def _draw(settings: StackSettings, estate: Estate, network: Network) -> None:
    """Write the drawing that the outputs name; a preview writes nothing."""
    from topology.draw import draw_network

    path = settings.state / DRAWINGS / f"{estate.name}.svg"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(str(draw_network(network, estate)), encoding="utf-8")
