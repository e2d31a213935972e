"""Machines that exist as a target: looks at them, runs commands on them, tells Ansible and testinfra how to reach them.

Their network, their data and their power are somebody's; what would change those raises NotSupported.
"""

from __future__ import annotations

import dataclasses
import functools
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

from infra.specs import CarrierNetworkSpec, NodeSpec, PortSpec, SegmentSpec, to_json
from infra.targets.hosts import inspection, ssh
from infra.targets.hosts.machines import Machine, MachinesInvalid, load_machines
from infra.targets.target import Completed, NotSupported, Observed, Progress, Started, TargetError, Traffic

_LOOK_LIMIT_S = 30.0
_AT_ONCE = 8


class HostsTarget:
    """The machines that a file names; the SSH configuration made from it lies in the state folder."""

    name = "hosts"

    def __init__(self, file: Path, state_folder: Path) -> None:
        self._file = file
        self._state_folder = state_folder

    @functools.cached_property
    def machines(self) -> dict[str, Machine]:
        """The machines by device id; raises MachinesInvalid."""
        return load_machines(self._file)

    @functools.cached_property
    def configuration(self) -> Path:
        """The SSH configuration of the machines."""
        return ssh.write_configuration(self._state_folder / "hosts" / "ssh_config", self.machines)

    def surroundings(self) -> list[str]:
        """Return what is missing here to reach the machines."""
        missing = [] if shutil.which("ssh") else ["Not installed: openssh-client; apt-get install openssh-client."]
        try:
            open_keys = [m.key for m in self.machines.values() if Path(m.key).stat().st_mode & 0o077]
        except MachinesInvalid as error:
            return [*missing, *error.problems]
        return [*missing, *(f"{key} can be read by others, ssh refuses it: chmod 600 {key}" for key in open_keys)]

    def claim(self) -> None:
        """Do nothing: who may work on a machine is decided by whose key it accepts."""

    def limits(self) -> list[str]:
        """Return what cannot be realised on machines that exist."""
        return [
            "The network of machines that exist is checked, not made: circuits, rates and delays are what they are.",
            "No faults are injected into machines that exist: drills run on the lab alone.",
            "What a carrier sees of a tunnel cannot be counted from here.",
        ]

    def ensure_segment(self, spec: SegmentSpec, progress: Progress) -> NoReturn:
        """Refuse: the network of machines that exist is not ours to change."""
        del progress
        self._refuse(f"make segment {spec.id}")

    def read_segment(self, spec: SegmentSpec) -> NoReturn:
        """Refuse: a segment cannot be seen from its machines."""
        self._refuse(f"look into segment {spec.id}")

    def remove_segment(self, segment_id: str) -> NoReturn:
        """Refuse: the network of machines that exist is not ours to change."""
        self._refuse(f"remove segment {segment_id}")

    def ensure_carrier_network(self, spec: CarrierNetworkSpec, progress: Progress) -> NoReturn:
        """Refuse: a carrier's network is not ours to change."""
        del progress
        self._refuse(f"make carrier network {spec.id}")

    def read_carrier_network(self, spec: CarrierNetworkSpec) -> NoReturn:
        """Refuse: a carrier's network cannot be seen from outside."""
        self._refuse(f"look into carrier network {spec.id}")

    def remove_carrier_network(self, network_id: str) -> NoReturn:
        """Refuse: a carrier's network is not ours to change."""
        self._refuse(f"remove carrier network {network_id}")

    def carrier_counters(self, network_id: str) -> dict[str, int]:
        """Refuse: a carrier's network cannot be seen from outside."""
        self._refuse(f"count what carrier network {network_id} sees")

    def segment_traffic(self, segment_id: str) -> dict[str, Traffic]:
        """Refuse: a segment cannot be seen from its machines."""
        self._refuse(f"count what passes segment {segment_id}")

    def plugged_into(self, segment_id: str) -> NoReturn:
        """Refuse: a segment cannot be seen from its machines."""
        self._refuse(f"look which ports are plugged into segment {segment_id}")

    def ensure_node(self, spec: NodeSpec, progress: Progress) -> Observed:
        """Check that a machine fits the inventory, changing nothing; raises TargetError with all that does not."""
        progress(f"{spec.id}: checking {self._machine(spec.id).address} against the inventory")
        observed = self.read_node(spec)
        if observed.drift:
            wrong = "; ".join(observed.drift)
            raise TargetError(f"{wrong}; correct the machine, the inventory or {self._file}: nothing was changed")
        return observed

    def ports_here(self, spec: NodeSpec) -> tuple[PortSpec, ...]:
        """Return a node's ports with the names and addresses that the file of machines gives them."""
        machine = self._machine(spec.id)
        return tuple(
            dataclasses.replace(
                port,
                name=machine.interfaces.get(port.name, port.name),
                address=machine.addresses.get(port.name, port.address),
            )
            for port in spec.ports
        )

    def read_node(self, spec: NodeSpec) -> Observed:
        """Look at a machine; one that cannot be reached is drift."""
        machine, plain = self._machine(spec.id), to_json(spec)
        try:
            shown = self.run(spec.id, inspection.COMMAND, _LOOK_LIMIT_S)
        except ssh.Unreachable as error:
            return Observed(spec.id, {**plain, "instance": None}, (str(error),))
        if shown.returncode != 0:
            return Observed(spec.id, {**plain, "instance": None}, (f"machine {spec.id}: {shown.stderr.strip()}",))
        facts = inspection.parse(shown.stdout)
        found = inspection.differences(spec, machine, facts)
        drift = tuple(f"machine {spec.id} ({machine.address}): {problem}" for problem in found)
        return Observed(spec.id, inspection.values(spec, machine, facts, plain), drift)

    def remove_node(self, node_id: str) -> None:
        """Leave the machine as it is: it stood before us and stays."""

    def ensure_volume(self, volume: str, progress: Progress) -> Observed:
        """Take the machine's own disk for the volume: its folder is made by the role that uses it."""
        del progress
        return Observed(volume, {"id": volume})

    def read_volume(self, volume: str) -> Observed:
        """Take the machine's own disk for the volume."""
        return Observed(volume, {"id": volume})

    def remove_volume(self, volume: str) -> NoReturn:
        """Refuse: data on machines that exist is removed by its owners."""
        self._refuse(f"remove the data of {volume}")

    def run(self, node_id: str, command: Sequence[str], timeout_s: float = 60.0, stdin: str | None = None) -> Completed:
        """Run a command on a machine as root; raises Unreachable (a LabNotRunning) where it cannot be reached."""
        machine = self._machine(node_id)
        return ssh.Connection(self.configuration, node_id, machine).run(command, timeout_s, stdin)

    def start(self, node_id: str, command: Sequence[str], stdout_file: str) -> Started:
        """Refuse: files of this machine are not on that one."""
        del command, stdout_file
        self._refuse(f"start a command of this machine's files on {node_id}")

    def running(self) -> tuple[str, ...]:
        """Return the ids of the machines that answer."""

        def answers(id_: str) -> bool:
            try:
                return self.run(id_, ["true"], _LOOK_LIMIT_S).returncode == 0
            except ssh.Unreachable:
                return False

        ids = sorted(self.machines)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return tuple(id_ for id_, up in zip(ids, pool.map(answers, ids), strict=True) if up)

    def connection_variables(self, node_id: str) -> dict[str, Any]:
        """Return how Ansible reaches a machine."""
        machine = self._machine(node_id)
        return {
            "ansible_connection": "ssh",
            "ansible_host": node_id,
            "ansible_user": machine.user,
            "ansible_become": machine.user != "root",
            "ansible_ssh_common_args": f"-F {self.configuration}",
            "ansible_python_interpreter": "/usr/bin/python3",
        }

    def testinfra_uri(self, node_id: str) -> str:
        """Return how testinfra reaches a machine."""
        sudo = "" if self._machine(node_id).user == "root" else "&sudo=True"
        return f"ssh://{node_id}?ssh_config={self.configuration}{sudo}"

    def cut_segment(self, segment_id: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"cut segment {segment_id}")

    def mend_segment(self, segment_id: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"mend segment {segment_id}")

    def port_down(self, node_id: str, interface: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"set {node_id}/{interface} down")

    def port_up(self, node_id: str, interface: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"set {node_id}/{interface} up")

    def crash_node(self, node_id: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"crash {node_id}")

    def restore_node(self, node_id: str) -> NoReturn:
        """Refuse: no faults on machines that exist."""
        self._refuse(f"restore {node_id}")

    def _machine(self, node_id: str) -> Machine:
        try:
            return self.machines[node_id]
        except KeyError:
            known = ", ".join(sorted(self.machines))
            raise TargetError(f"{self._file} names no machine for {node_id}, only for {known}") from None

    def _refuse(self, what: str) -> NoReturn:
        raise NotSupported(
            f"cannot {what}: the estate stands on machines that exist, whose network is not changed here"
        )
