"""Drills on the running lab: they measure, agree with the sealed prediction, and leave nothing broken behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from evidence.chain import read
from evidence.verify import verify
from infra.plan import make_plan
from infra.targets.target import Target
from inventory.models.estate import Estate
from topology.model import Network

pytestmark = pytest.mark.lab

PROGRAM = Path(sys.executable).parent / "twin"
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CUT = "circuit-cut fujinomiya-main"
Twin = Callable[..., subprocess.CompletedProcess[str]]


def _schema() -> Draft202012Validator:
    load = {name: json.loads((SCHEMAS / f"{name}.schema.json").read_text()) for name in ("drill", "simulate-failover")}
    registry = Registry().with_resource(
        "simulate-failover.schema.json", Resource.from_contents(load["simulate-failover"])
    )
    return Draft202012Validator(load["drill"], registry=registry)


@pytest.fixture(scope="module")
def twice(lab: Target, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """Hold the drill of Fujinomiya's main circuit twice; return its document and the folder of its evidence."""
    assert lab.running()
    state = tmp_path_factory.mktemp("drilled")
    environment = {**os.environ, "MUNICIPAL_TWIN_STATE": str(state)}
    command = [str(PROGRAM), "drill", "fujinomiya-main-cut", "--repeat", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=840)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout), state / "evidence"


def test_drill_agrees_with_its_prediction(twice: tuple[dict[str, Any], Path]) -> None:
    """Fujinomiya switches over within the predicted interval, and Fuji notices nothing."""
    document, _ = twice
    checks = {
        (city, check["question"]): check for city, judged in document["judged"].items() for check in judged["checks"]
    }
    assert document["verdict"] == "agrees", json.dumps(checks[("fujinomiya", "median")], ensure_ascii=False)
    assert document["measured"]["fujinomiya"]["flows_hit"] == 1.0
    assert document["measured"]["fuji"]["flows_hit"] == 0.0


def test_drill_document_fits_its_schema(twice: tuple[dict[str, Any], Path]) -> None:
    """The real document is what the published schema says."""
    _schema().validate(twice[0])
    assert twice[0]["repeats"] == 2
    assert all(len(record["outage_s"]) == 2 for record in twice[0]["measured"].values())


def test_prediction_was_sealed_before_the_first_fault(twice: tuple[dict[str, Any], Path]) -> None:
    """The evidence holds the prediction before the drill, with the digest that the drill names."""
    document, folder = twice
    kinds = [record.kind for record in read(folder).records]
    assert kinds == ["prediction", "drill"]
    assert read(folder).records[0].payload["prediction_digest"] == document["sealed_prediction"]
    assert verify(folder)["holds"]


def test_services_were_used_all_along(twice: tuple[dict[str, Any], Path]) -> None:
    """Counters sent requests all through each run; before the fault none failed."""
    for run in twice[0]["runs"]:
        for used in run["transactions"].values():
            assert used["sent"] > 40
            assert not [failure for failure in used["failures"] if failure[0] < 0]
        assert any(event["node"] and event["at_s"] > 5 for event in run["timeline"]), "no router logged anything"


def _begin(state: Path, until: str) -> subprocess.Popen[str]:
    """Start a drill and return once its stderr has said `until`."""
    environment = {**os.environ, "MUNICIPAL_TWIN_STATE": str(state)}
    process = subprocess.Popen(
        [str(PROGRAM), "drill", "fujinomiya-main-cut"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if until in line:
            return process
    pytest.fail(f"the drill ended with {process.wait()} and never said {until!r}")


@pytest.fixture
def is_cut(lab: Target, estate: Estate, network: Network) -> Callable[[], bool]:
    """Return what tells whether the main circuit is cut now."""
    spec = make_plan(estate, network).segments["fujinomiya-main"]

    def look() -> bool:
        seen = lab.read_segment(spec)
        assert seen is not None
        return bool(seen.drift)

    return look


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_drill_puts_the_lab_back(
    is_cut: Callable[[], bool], tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    """Ctrl-C and `kill` in the middle of an outage leave nothing cut, no note and a record of the abort."""
    process = _begin(tmp_path, CUT)
    time.sleep(1.0)
    assert is_cut()
    process.send_signal(sent)
    process.communicate(timeout=60)
    assert process.returncode == code
    assert not is_cut()
    assert not (tmp_path / "drill.json").exists()
    assert read(tmp_path / "evidence").records[-1].kind == "drill-aborted"


def test_killed_drill_is_mended_by_the_next(is_cut: Callable[[], bool], tmp_path: Path, twin: Twin) -> None:
    """SIGKILL leaves the circuit cut and a note; `twin lab mend` puts it back from the note alone."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    process = _begin(state, CUT)
    time.sleep(1.0)
    process.kill()
    process.wait()
    assert is_cut()
    twin("lab", "mend")
    assert not is_cut()
    assert not (state / "drill.json").exists()


def test_other_timers_than_the_labs_are_refused(lab: Target, twin: Twin) -> None:
    """A prediction with timers that the lab does not run is refused before anything is touched."""
    assert lab.running()
    done = twin("drill", "fujinomiya-main-cut", "--set", "timers.bfd.interval=100 ms", expect=2)
    assert "the lab runs another estate" in done.stderr
