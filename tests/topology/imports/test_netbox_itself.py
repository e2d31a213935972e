"""NetBox's own import forms take every row of the export.

NetBox needs Python 3.12 and a hundred packages, so this runs only where one is: NETBOX_PYTHON names the Python of an
environment with `netbox==4.7.3` (docs/guides/imports.md).
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgresql_cluster import copy_database, running_cluster

from inventory.load import estate_names, load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.exports.netbox import FIELDS, netbox

PYTHON = os.environ.get("NETBOX_PYTHON")
LOADER = Path(__file__).parents[2] / "netbox_loader.py"


LOAD_WITHIN_S = 3600
"""NetBox makes some 200 tables and fills them row by row: minutes on two busy cores."""


def _run_netbox(socket: Path, database: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the loader with NetBox's Python on a database of a cluster."""
    return subprocess.run(
        [str(PYTHON), str(LOADER), *arguments],
        env={"PATH": "/usr/bin:/bin", "NETBOX_SOCKET": str(socket), "NETBOX_DATABASE": database, "HOME": str(folder)},
        cwd=folder, capture_output=True, text=True, check=False, timeout=LOAD_WITHIN_S,
    )  # fmt: skip


@pytest.fixture(scope="module")
def netbox_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the socket of a cluster whose database `empty` holds NetBox's empty tables."""
    with running_cluster() as socket:
        copy_database(socket, "template0", "empty")
        done = _run_netbox(socket, "empty", tmp_path_factory.mktemp("netbox"), "migrate")
        assert done.returncode == 0, done.stderr[-2000:]
        yield socket


@pytest.mark.timeout(LOAD_WITHIN_S)
@pytest.mark.skipif(PYTHON is None, reason="NETBOX_PYTHON names no Python with NetBox")
@pytest.mark.parametrize("name", estate_names())
def test_netbox_takes_every_row(
    tmp_path: Path, netbox_socket: Path, name: str, record_property: pytest.RecordProperty
) -> None:
    """No row is refused; every circuit and every virtual machine is in NetBox what it is in the estate.

    How many rows of each table were taken stands in the test's properties and, with `-s`, on the terminal.
    """
    estate = load_estate(name)
    files = netbox(estate, build_network(estate))
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    copy_database(netbox_socket, "empty", name)
    done = _run_netbox(netbox_socket, name, tmp_path, "load", str(tmp_path), str(FIELDS))
    said = done.stdout.splitlines()
    told = [line for line in said if line.startswith("refused")] or said[-1:]
    assert done.returncode == 0, "\n".join([*told, done.stderr[-2000:]])
    taken = Counter(line.split()[1].partition(":")[0] for line in said if line.startswith("loaded"))
    for file, text in files.items():
        rows = len(list(csv.reader(io.StringIO(text)))) - 1
        assert taken[file] == rows, file
        record_property(file, rows)
        print(f"{name} {file}: NetBox takes {taken[file]} of {rows} rows")
    assert {line for line in said if line.startswith("machine")} == set(_machines(estate))
    ends = {
        f"termination {id_} {side} {end}"
        for id_, circuit in estate.records.circuits.items()
        for side, end in zip("AZ", circuit.ends.both, strict=True)
    }
    assert {line for line in said if line.startswith("termination")} == ends


def _machines(estate: Estate) -> Iterator[str]:
    """Yield what the loader tells of each virtual machine, from the estate's records."""
    records = estate.records
    running: dict[str, set[str]] = {}
    for name, service in records.designed_services.items():
        for instance in service.instances.values():
            for machine in instance.runs_on:
                running.setdefault(machine, set()).add(name)
            for store, placed in instance.stores.items():
                for machine in placed.runs_on:
                    running.setdefault(machine, set()).add(store)
    for id_, one in records.virtual_machines.items():
        size = records.machine_sizes[one.size]
        cluster = next(name for name, cluster in records.clusters.items() if one.host in cluster.hosts)
        yield (f"machine {id_} {cluster} {one.host} planned {size.cpus} {round(size.memory_bytes / 1e6)} "
               f"{round(size.disk_bytes / 1e6)} {one.os} {one.segment} {','.join(sorted(running[id_]))}")  # fmt: skip
