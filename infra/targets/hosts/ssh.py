"""Reaches machines by SSH. One configuration file serves `ssh`, Ansible and testinfra alike."""

from __future__ import annotations

import dataclasses
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.targets.hosts.machines import Machine
from infra.targets.target import Completed, LabNotRunning, TargetError

_CONNECT_LIMIT_S = 10
# What ssh itself ends with where it could not reach or log in.
_SSH_FAILED = 255


class Unreachable(LabNotRunning):
    """A machine does not answer or does not let us in."""


def write_configuration(path: Path, machines: Mapping[str, Machine]) -> Path:
    """Write the SSH configuration of all machines, each under its device id; return its path."""
    blocks = []
    for id_, machine in sorted(machines.items()):
        lines = [
            f"HostName {machine.address}",
            f"Port {machine.port}",
            f"User {machine.user}",
            f'IdentityFile "{machine.key}"',
            f'UserKnownHostsFile "{machine.known_hosts}"',
            "GlobalKnownHostsFile /dev/null",
            "IdentitiesOnly yes",
            "StrictHostKeyChecking yes",
            "BatchMode yes",
            f"ConnectTimeout {_CONNECT_LIMIT_S}",
        ]
        if machine.proxy_command:
            lines.append(f"ProxyCommand {machine.proxy_command}")
        blocks.append("\n  ".join([f"Host {id_}", *lines]))
    text = "\n".join(blocks) + "\n"
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(text)
        partial.chmod(0o600)
        partial.replace(path)
    return path


@dataclasses.dataclass(frozen=True)
class Connection:
    """The way to one machine: its device id, which is its name in the SSH configuration, and what is known of it."""

    configuration: Path
    id: str
    machine: Machine

    def run(self, command: Sequence[str], timeout_s: float, stdin: str | None = None) -> Completed:
        """Run a command as root; raises Unreachable where the machine is, with ssh's own words."""
        machine = self.machine
        words = [*(() if machine.user == "root" else ("sudo", "--non-interactive", "--")), *command]
        ssh = ["ssh", "-F", str(self.configuration), self.id, "--", shlex.join(words)]
        try:
            done = subprocess.run(
                ssh,
                input=stdin if stdin is not None else "",
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout_s,
                check=False,
            )
        except FileNotFoundError as error:
            raise TargetError("ssh is not installed here: apt-get install openssh-client") from error
        except subprocess.TimeoutExpired as error:
            raise Unreachable(f"{self.id} ({machine.address}): no end of `{words[0]} …` in {timeout_s:g} s") from error
        if done.returncode == _SSH_FAILED:
            said = " ".join(done.stderr.split()) or "no answer"
            raise Unreachable(f"{self.id} ({machine.user}@{machine.address}:{machine.port}) cannot be reached: {said}")
        return Completed(done.returncode, done.stdout, done.stderr)
