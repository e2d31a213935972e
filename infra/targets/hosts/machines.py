"""The file that says which machine is which device of the inventory, and how it is reached.

machines:
  dc-fuji-ap:
    address: 192.0.2.10
    user: root                      # another user must be able to use sudo without a password
    port: 22
    key: keys/dc-fuji-ap            # private key, relative to this file
    known_hosts: known_hosts        # the machine's key must be in it; it is never taken on trust
    proxy_command: ssh -W %h:%p jump.example
    interfaces: {eth0: ens18}       # port of the inventory: interface of the machine, where they differ
    addresses: {eth0: 192.0.2.10/24}  # port of the inventory: address of the machine, where they differ
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from infra.targets.target import TargetError


class MachinesInvalid(TargetError):
    """The file of machines is missing or wrong; `problems` has all that is wrong."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path}: {problem}" for problem in problems))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Machine(_Strict):
    """A machine that exists."""

    address: str
    user: str = "root"
    port: int = Field(default=22, ge=1, le=65535)
    key: str
    known_hosts: str
    proxy_command: str | None = None
    interfaces: dict[str, str] = Field(default_factory=dict)
    addresses: dict[str, str] = Field(default_factory=dict)

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, addresses: dict[str, str]) -> dict[str, str]:
        for address in addresses.values():
            ipaddress.IPv4Interface(address)
            if "/" not in address:
                raise ValueError(f"{address} has no prefix length, expected such as 192.0.2.10/24")
        return addresses


class _File(_Strict):
    machines: dict[str, Machine]


def load_machines(path: Path) -> dict[str, Machine]:
    """Return the machines by device id, file names made absolute; raises MachinesInvalid with all problems."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MachinesInvalid(path, ["there is no such file; it says which machines the estate stands on"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MachinesInvalid(path, [f"no valid YAML: {' '.join(str(error).split())}"]) from error
    try:
        machines = _File.model_validate(found).machines
    except ValidationError as error:
        raise MachinesInvalid(
            path, [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        ) from error
    machines = {id_: _absolute(machine, path.parent) for id_, machine in machines.items()}
    missing = [
        f"machines.{id_}.{name}: {file} does not exist"
        for id_, machine in machines.items()
        for name, file in (("key", machine.key), ("known_hosts", machine.known_hosts))
        if not Path(file).is_file()
    ]
    if missing:
        raise MachinesInvalid(path, missing)
    return machines


def _absolute(machine: Machine, folder: Path) -> Machine:
    files = {name: str((folder / getattr(machine, name)).resolve()) for name in ("key", "known_hosts")}
    return machine.model_copy(update=files)
