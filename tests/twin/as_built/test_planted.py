"""On the running lab: nothing differs while nobody touched it, and each of many differences planted by hand is found.

All are planted, looked at once and undone: they do not depend on each other. Nothing else may be reported beside them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from planted_differences import Found, Plant, plants

from infra.targets.lab.names import far_end
from infra.targets.lab.namespaces import Namespace
from infra.targets.lab.target import LabTarget
from inventory.models.estate import Estate
from topology.as_built import differences
from topology.model import Network
from topology.secret_files import folder
from twin.as_built.design import Design, make_design
from twin.as_built.gather import as_built
from twin.settings import ROOT

pytestmark = pytest.mark.lab

LEAST = 20


@pytest.fixture(scope="module")
def design(estate: Estate, network: Network) -> Design:
    """Return the declared side, with the certificates of the clone whose lab it is."""
    secrets = folder(Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or ROOT), estate.name)
    return make_design(estate, network, secrets)


@pytest.fixture(scope="module")
def look(lab: LabTarget, design: Design) -> Callable[[], set[Found]]:
    """Return what tells every difference that is found now."""

    def found() -> set[Found]:
        compared = as_built(lab, design, print)
        assert len(compared) > 1000
        return {
            (str(one.kind), one.item.document, one.item.owner, one.item.on, one.item.name)
            for one in differences(compared)
        }

    return found


def _run(lab: LabTarget, plant: Plant, script: str, notes: Path) -> None:
    if plant.outside:
        code = lab.start(plant.node, ["sh", "-ec", script], str(notes))()
        assert code == 0, f"{plant.node}: {script}: {notes.read_text()}"
    else:
        done = lab.run(plant.node, ["sh", "-ec", script])
        assert done.returncode == 0, f"{plant.node}: {script}: {done.stderr or done.stdout}"


@contextlib.contextmanager
def _planted(lab: LabTarget, wanted: dict[str, Plant], notes: Path) -> Iterator[None]:
    """Plant all, and undo in the end all that were begun, the last first, whatever one of them says."""
    with contextlib.ExitStack() as undo:
        for plant in wanted.values():
            undo.callback(_run, lab, plant, plant.undo, notes)
            _run(lab, plant, plant.do, notes)
        yield


@contextlib.contextmanager
def _moved_server(lab: LabTarget) -> Iterator[Found]:
    """Plug a server's cable into the other city's segment, as a hand would in the rack."""
    names, port, other = lab.place.names, "dc-fujinomiya-db/eth0", "dc-fuji-core"
    here = Namespace(names.segment_namespace("dc-fujinomiya-core"))
    there = Namespace(names.segment_namespace(other))
    cable = far_end(port)

    def plug(source: Namespace, target: Namespace) -> None:
        source.ip([f"link set dev {cable} netns {target.name}"])
        target.ip([f"link set dev {cable} master a up"])

    plug(here, there)
    try:
        yield ("changed", "connection-list", "devices.dc-fujinomiya-db", "eth0", "plugged into")
    finally:
        plug(there, here)


@contextlib.contextmanager
def _slower_circuit(lab: LabTarget, design: Design, circuit: str) -> Iterator[Found]:
    """Have the carrier pass half of the rate in one direction."""
    spec = design.plan.segments[circuit]
    space = Namespace(lab.place.names.segment_namespace(circuit))
    bucket = next(queue for queue in space.look().queues["az"] if queue["kind"] == "tbf")  # type: ignore[union-attr]
    parent = "root" if bucket.get("root") else f"parent {bucket['parent']}"
    rate = f"tbf rate {spec.rate_bps / 2:.0f}bit burst 64kb latency 50ms"
    space.tc([f"qdisc replace dev az {parent} handle {bucket['handle']} {rate}"])
    try:
        yield ("changed", "connection-list", f"circuits.{circuit}", circuit, "rate")
    finally:
        lab.ensure_segment(spec, print)


def test_untouched_lab_has_no_difference(look: Callable[[], set[Found]]) -> None:
    """What `make up` made is what is declared, item by item."""
    assert look() == set()


def test_every_planted_difference_is_found_and_nothing_else(
    lab: LabTarget, design: Design, look: Callable[[], set[Found]], tmp_path: Path
) -> None:
    """Each is reported with its kind; when all are undone nothing is reported any more."""
    by_script = plants(design)
    expected = {found for plant in by_script.values() for found in plant.expected}
    with (
        _moved_server(lab) as moved,
        _slower_circuit(lab, design, "fuji-wan-1") as slower,
        _planted(lab, by_script, tmp_path / "notes"),
    ):
        expected |= {moved, slower}
        found = look()
    assert len(by_script) + 2 > LEAST
    assert {kind for kind, *_ in expected} == {"missing", "extra", "changed"}
    assert (expected - found, found - expected) == (set(), set())
    assert look() == set()
