"""How long an estate of 17, 170 and 1,700 municipalities takes to load, check, address and graph, and what it holds.

Each size is measured in a process of its own, so that peak memory is that of the size. Beside it `netlab create` on a
topology of the same nodes and links, as many as netlab takes, against check, addresses and all parameter sheets.
"""

from __future__ import annotations

import dataclasses
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.bench.estates import write_estate
from twin.bench.process import ROOT, environment, peak_bytes

LOCK = ROOT / "tools" / "netlab" / "requirements.txt"
SIZES = (17, 170, 1700)
MOST_EXPONENT = 1.15
MOST_MS_A_NODE = 1.0
MOST_KB_A_NODE = 20.0
NETLAB_SERVERS = 34
"""Of a region: 17 municipalities are then 102 nodes; netlab numbers at most 150 unless its constant is raised."""
NETLAB_LIMIT_S = 240


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One size: what it has, the seconds of each step, and the memory (bytes) that came on top of the program's own."""

    nodes: int
    sites: int
    circuits: int
    servers: int
    steps_s: Mapping[str, float]
    memory_bytes: int

    @property
    def total_s(self) -> float:
        """The seconds of load, check, addresses and graph together; rendering is for the comparison alone."""
        return sum(self.steps_s[name] for name in ("load and check", "addresses", "graph"))

    @property
    def ms_a_node(self) -> float:
        """Milliseconds for each node."""
        return 1000 * self.total_s / self.nodes

    @property
    def kb_a_node(self) -> float:
        """Kilobytes for each node."""
        return self.memory_bytes / 1000 / self.nodes


def measure(folder: str) -> Measurement:
    """Measure an estate in this process, which must be a fresh one; raises EstateInvalid where it has a problem."""
    from topology.build import build_network
    from topology.check import check_estate
    from topology.documents.parameter_sheets import parameter_sheets
    from topology.graph import build_graph
    from topology.tables import address_rows

    steps_s: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        result = work()
        steps_s[step] = time.perf_counter() - begin
        return result

    before = peak_bytes()
    estate = timed("load and check", lambda: check_estate(folder))
    network, _ = timed("addresses", lambda: (network := build_network(estate), address_rows(network, estate)))
    timed("graph", lambda: build_graph(network, estate))
    used = peak_bytes() - before
    timed("parameter sheets", lambda: parameter_sheets(estate, network, "en"))
    records = estate.records
    servers = sum(device.role in {"application", "database"} for device in records.devices.values())
    return Measurement(len(network.nodes), len(records.sites), len(records.circuits), servers, steps_s, used)


def measure_apart(folder: Path) -> Measurement:
    """Measure an estate in a process of its own; raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "twin.bench.scale", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment())
    return Measurement(**json.loads(done.stdout))


def exponent(sizes: Sequence[int], totals_s: Sequence[float]) -> float:
    """Return the power of the size by which the time grows: the slope of the logarithms by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(total_s) for total_s in totals_s]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def netlab_seconds(topology: str, folder: Path) -> float | None:
    """Return how long `netlab create` takes on a topology; None where it refuses it or takes too long.

    Installs netlab as locked into an environment below the folder.
    """
    tools, work = folder / "netlab", folder / "work"
    if not tools.exists():
        subprocess.run([sys.executable, "-m", "venv", str(tools)], check=True)
        install = ["-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)]
        subprocess.run([str(tools / "bin" / "python"), *install], check=True)
    work.mkdir()
    (work / "topology.yml").write_text(topology, encoding="utf-8")
    begin = time.perf_counter()
    try:
        subprocess.run(
            [str(tools / "bin" / "netlab"), "create", "topology.yml"], cwd=work, check=True,
            capture_output=True, timeout=NETLAB_LIMIT_S, env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return time.perf_counter() - begin


def against_netlab(folder: Path) -> dict[str, Any]:
    """Return both sides' seconds on 102 nodes: `netlab create`, and a whole `check`, addresses and parameter sheets.

    Both are processes from start to end, imports included.
    """
    from topology.build import build_network
    from topology.check import check_estate
    from topology.exports.netlab import netlab

    place = write_estate(folder / "for-netlab", SIZES[0], servers=NETLAB_SERVERS)
    estate = check_estate(str(place))
    network = build_network(estate)
    begin = time.perf_counter()
    measure_apart(place)
    own_s = time.perf_counter() - begin
    peer_s = netlab_seconds(netlab(estate, network), folder)
    return {
        "nodes": len(network.nodes), "links": len(network.segments), "own_s": round(own_s, 2),
        "netlab_s": None if peer_s is None else round(peer_s, 2),
        "factor": None if peer_s is None else round(peer_s / own_s, 1),
    }  # fmt: skip


def main(sizes: Sequence[int] = SIZES) -> int:
    """Print each size, the growth and the comparison, a line of JSON each; end with 1 where a bound does not hold."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            one = measure_apart(write_estate(folder / f"of-{size}", size))
            found.append(one)
            shown = {**dataclasses.asdict(one), "ms_a_node": one.ms_a_node, "kb_a_node": one.kb_a_node}
            print(json.dumps({"municipalities": size, **shown}), flush=True)
        print(json.dumps({"netlab": against_netlab(folder)}), flush=True)
    growth = exponent([one.nodes for one in found], [one.total_s for one in found])
    print(json.dumps({"exponent": growth, "most": MOST_EXPONENT}), flush=True)
    largest = found[-1]
    within = largest.ms_a_node < MOST_MS_A_NODE and largest.kb_a_node < MOST_KB_A_NODE
    return 0 if growth <= MOST_EXPONENT and within else 1


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(measure(sys.argv[1]))))
