"""The declared side of one node: its spec, its role variables, and what its roles write, start and install."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any, Literal

from infra.plan import Plan, make_plan
from infra.provisioning import roles
from infra.provisioning.hostvars import host_variables
from infra.specs import NodeSpec, PortSpec
from infra.targets.target import Target
from inventory.models.estate import Estate
from topology.as_built import Document, Fact, Item
from topology.model import Network, Node
from twin.as_built.answer import Answer
from twin.as_built.paths import next_ports

Backend = Literal["kernel", "userspace"]
"""Who does ESP on a router: the kernel, or strongSwan itself where the kernel has none."""
BACKENDS: tuple[Backend, ...] = ("kernel", "userspace")


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What roles find out on a node and go by: whether it is a container, who does ESP, from where it is reached."""

    container: bool = True
    backend: Backend = "kernel"
    ssh_client: str = ""

    @classmethod
    def of(cls, answer: Answer) -> Surroundings:
        """Return the surroundings that a node told of."""
        said = answer.said
        return cls(bool(said["container"]), said["backend"], said["logged_in"].get("SSH_CLIENT", ""))


@dataclasses.dataclass(frozen=True)
class Design:
    """An estate with what follows from it: its network, its plan, every node's variables; `secrets` is their folder."""

    estate: Estate
    network: Network
    plan: Plan
    variables: dict[str, dict[str, Any]]
    secrets: Path

    @functools.cached_property
    def next_ports(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The ports by which each router sends to each LAN when nothing has failed."""
        return next_ports(self.estate)

    def nodes(self, here: set[str], place: Target) -> dict[str, NodeDesign]:
        """Return the design of each node that stands here, in the order of their ids."""
        return {
            id_: NodeDesign(self, self.network.nodes[id_], place.ports_here(self.plan.nodes[id_]))
            for id_ in sorted(here)
        }


@dataclasses.dataclass(frozen=True)
class NodeDesign:
    """What is declared of one node; `here` are its ports as the place names and addresses them, where it differs."""

    whole: Design
    node: Node
    here: tuple[PortSpec, ...] = ()

    @property
    def owner(self) -> str:
        """The dotted path of the node's entry."""
        return f"devices.{self.node.id}"

    @functools.cached_property
    def spec(self) -> NodeSpec:
        """What a place is asked to make; a place that gives ports other addresses has its own way out."""
        asked = self.whole.plan.nodes[self.node.id]
        ports = tuple(
            dataclasses.replace(port, address=here.address)
            for port, here in zip(asked.ports, self.here or asked.ports, strict=True)
        )
        return dataclasses.replace(asked, ports=ports, gateway=asked.gateway if ports == asked.ports else None)

    @functools.cached_property
    def port_names(self) -> dict[str, str]:
        """The estate's names of the ports, by their names at this place."""
        return {here.name: port.name for port, here in zip(self.spec.ports, self.here or self.spec.ports, strict=True)}

    @property
    def variables(self) -> dict[str, Any]:
        """The role variables that the inventory gives."""
        return self.whole.variables[self.node.id]

    @property
    def is_router(self) -> bool:
        """Whether it routes."""
        return self.node.role == "router"

    def fact(self, document: Document, on: str, name: str, value: str, entry: str = "") -> Fact:
        """Return a fact about a part of this node, of the node's own entry where no other is named."""
        return Fact(Item(document, self.owner, on, name), value, entry or self.owner)

    def parameter(self, on: str, name: str, value: str, entry: str = "") -> Fact:
        """Return a fact of the parameter sheets."""
        return self.fact("parameter-sheets", on, name, value, entry)

    @functools.cached_property
    def _roles(self) -> tuple[str, ...]:
        return roles.roles_of(self.node.role)

    def seen_by(self, role: str, surroundings: Surroundings) -> dict[str, Any]:
        """Return the variables that a role sees on this node."""
        found: dict[str, Any] = {
            "base__container": {"stat": {"exists": surroundings.container}},
            "router__backend": surroundings.backend,
        }
        if surroundings.ssh_client:
            found["router__session"] = {"stdout": surroundings.ssh_client}
        return roles.values(role, {**self.variables, "inventory_hostname": self.node.id}, found)

    @functools.cached_property
    def _written(self) -> dict[Surroundings, tuple[roles.WrittenFile, ...]]:
        return {}

    def files(self, surroundings: Surroundings) -> tuple[roles.WrittenFile, ...]:
        """Return the files that its roles write without a secret in them, rendered once for the same surroundings."""
        if surroundings not in self._written:
            self._written[surroundings] = tuple(
                file for role in self._roles for file in roles.files(role, self.seen_by(role, surroundings))
            )
        return self._written[surroundings]

    def contents(self, surroundings: Surroundings) -> dict[str, str]:
        """Return the content of those files by path."""
        return {file.path: file.content for file in self.files(surroundings)}

    @functools.cached_property
    def units(self) -> tuple[str, ...]:
        """The systemd units that its roles start and enable."""
        return tuple(
            dict.fromkeys(
                unit for role in self._roles for unit in roles.units(role, self.seen_by(role, Surroundings()))
            )
        )

    @functools.cached_property
    def packages(self) -> tuple[str, ...]:
        """The Debian packages that its roles install."""
        parts = self.variables.get("resident_registry__parts", [])
        kept = [role for role in self._roles if role != "resident_registry" or "service" in parts]
        return tuple(dict.fromkeys(name for role in kept for name in roles.packages(role)))


def make_design(estate: Estate, network: Network, secrets: Path) -> Design:
    """Return the declared side of an estate; `secrets` is the folder of its secret files, of which none is read."""
    return Design(estate, network, make_plan(estate, network), host_variables(estate, network, secrets), secrets)
