"""What the benchmark of large estates reckons, and that the work grows no quicker than it promises."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

import pytest

from topology.build import build_network
from topology.check import check_estate
from topology.documents.parameter_sheets import parameter_sheets
from topology.graph import build_graph
from topology.tables import address_rows
from twin.bench.__main__ import main as bench
from twin.bench.estates import REGION, write_estate
from twin.bench.scale import MOST_EXPONENT, exponent, measure_apart, netlab_seconds


def _calls(folder: Path) -> int:
    """Return how many function calls all steps take together: the same on any machine, however busy it is."""

    def everything() -> None:
        estate = check_estate(str(folder))
        network = build_network(estate)
        address_rows(network, estate)
        build_graph(network, estate)
        parameter_sheets(estate, network, "en")

    profile = cProfile.Profile()
    profile.runcall(everything)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_work_grows_as_the_estate_does(tmp_path: Path) -> None:
    """Ten times the municipalities are at most 10 ** 1.15 times the calls."""
    sizes = (REGION, 10 * REGION)
    for size in sizes:  # what is imported late is imported before anything is counted
        write_estate(tmp_path / str(size), size)
    _calls(tmp_path / str(REGION))
    counts = [_calls(tmp_path / str(size)) for size in sizes]
    assert exponent(sizes, counts) <= MOST_EXPONENT


@pytest.mark.parametrize("power", [0.5, 1.0, 1.15, 2.0])
def test_exponent_is_that_of_a_power_law(power: float) -> None:
    """Times that follow a power of the size give that power back, whatever the factor."""
    sizes = (17, 170, 1700)
    assert exponent(sizes, [3e-4 * size**power for size in sizes]) == pytest.approx(power)


def test_measurement_is_of_the_estate_and_of_each_step(tmp_path: Path) -> None:
    """A process of its own counts what the estate has, and no step takes no time."""
    found = measure_apart(write_estate(tmp_path / "estate", REGION, servers=34))
    assert (found.nodes, found.sites, found.servers) == (102, 50, 34)
    assert set(found.steps_s) == {"load and check", "addresses", "graph", "parameter sheets"}
    assert min(found.steps_s.values()) > 0
    assert found.total_s == pytest.approx(sum(found.steps_s.values()) - found.steps_s["parameter sheets"])
    assert found.memory_bytes > 0
    assert found.ms_a_node == pytest.approx(1000 * found.total_s / 102)


@pytest.mark.parametrize(("status", "refused"), [(0, False), (1, True)])
def test_topology_that_netlab_refuses_has_no_time(tmp_path: Path, status: int, refused: bool) -> None:
    """A failure of the peer is told as such, not as a quick run."""
    command = tmp_path / "netlab" / "bin" / "netlab"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\nexit {status}\n")
    command.chmod(0o755)
    assert (netlab_seconds("name: x\n", tmp_path) is None) == refused


def test_part_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The parts are named where another one is asked for."""
    with pytest.raises(SystemExit):
        bench(["--only", "everything"])
    assert "scale" in capsys.readouterr().err
