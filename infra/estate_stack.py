"""Registers an estate, in this order: gate, secrets, circuits and LANs, nodes, provisioning, verification."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pulumi

from infra import configs
from infra.components.circuit import Circuit
from infra.components.component import Footing
from infra.components.logical_line import LogicalLine
from infra.components.server import Server
from infra.components.site import Site
from infra.gate import Outcome
from infra.plan import Plan
from infra.provisioning.sources import ROOT, host_digests, tree_digest
from infra.records import GateInputs, ProvisioningInputs, VerificationInputs
from infra.resources import (
    CarrierNetwork,
    Certificate,
    Gate,
    Node,
    Provisioning,
    Secret,
    Segment,
    TwinProvider,
    TwinResource,
    Verification,
)
from infra.settings import StackSettings
from inventory.models.estate import Estate

CHECKS = ("tests/lab",)
DRAWINGS = "drawings"


class EstateStack:
    """All resources of one estate at one target. Machines that exist get no network, no volumes and no nodes made."""

    def __init__(
        self, settings: StackSettings, estate: Estate, plan: Plan, outcome: Outcome, variables: dict[str, Any]
    ) -> None:
        """Register everything; raises InputsInvalid before the first resource where a configuration is wrong."""
        self.settings, self.estate, self.plan, self.outcome = settings, estate, plan, outcome
        lines, circuits = configs.logical_lines(estate, plan), configs.single_circuits(estate, plan)
        sites, servers = configs.sites(estate, plan), configs.servers(estate, plan)
        networks, secrets = configs.carrier_networks(plan), configs.secrets(estate, plan)
        machines = self._machines()

        provider = TwinProvider(
            estate=settings.estate,
            overrides=list(settings.overrides),
            target=settings.target,
            hosts_file=settings.hosts_file,
        )
        self.options = pulumi.ResourceOptions(provider=provider)
        gate = self._gate()
        self.footing = Footing(provider, (gate,))
        self.secrets: list[TwinResource] = [Secret(item.id, item, self._after(gate)) for item in secrets]
        authority = configs.authority(estate, plan)
        self.authority = Certificate(authority.id, authority, self._after(gate))
        self.segments: dict[str, Segment] = {}
        self.standing: dict[str, TwinResource] = {}
        if machines is None:
            self._network(lines, circuits, networks)
            self._nodes(sites, servers)
        else:
            self._existing(machines, servers)
        self.provisioning = self._provisioning(variables)
        self.verification = self._verification()

    def _machines(self) -> tuple[str, ...] | None:
        """Return the devices that are machines already, or None where the target makes all nodes itself."""
        if not self.settings.hosts_file:
            return None
        from infra.targets.hosts.machines import load_machines

        found = load_machines(Path(self.settings.hosts_file))
        unknown = sorted(set(found) - set(self.plan.nodes))
        if unknown:
            from infra.errors import ConfigInvalid

            raise ConfigInvalid(
                f"{self.settings.hosts_file}: machines.{unknown[0]}: no such device in the estate; expected one of "
                f"{', '.join(self.plan.nodes)}"
            )
        return tuple(sorted(found))

    def _after(self, *resources: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(self.options, pulumi.ResourceOptions(depends_on=list(resources)))

    def _gate(self) -> Gate:
        rows = self.outcome.rows
        record = GateInputs(
            "gate",
            self.estate.name,
            self.estate.digest,
            self.settings.overrides,
            self.outcome.seed,
            self.outcome.replications,
            rows,
        )
        return Gate("gate", record, self.options)

    def _network(self, lines: list[Any], circuits: list[Any], networks: list[Any]) -> None:
        made = [circuit for line in lines for circuit in LogicalLine(line, self.footing).circuits]
        made += [Circuit(circuit, self.footing) for circuit in circuits]
        self.segments = {circuit.segment.resource_name: circuit.segment for circuit in made}
        for network in networks:
            after = [self.segments[port] for port in network.ports]
            self.standing[network.id] = CarrierNetwork(network.id, network, self._after(*after))

    def _nodes(self, sites: list[Any], servers: list[Any]) -> None:
        made = [Site(site, self.footing) for site in sites]
        for site in made:
            self.segments |= site.segments
        self.standing |= self.segments
        for site in made:
            site.add_nodes(self.segments)
            self.standing |= site.nodes
        for config in servers:
            server = Server(config, self.footing, self.segments, self.authority)
            self.standing[config.node.id] = server.node
            self.secrets += [server.certificate] if server.certificate else []

    def _existing(self, machines: tuple[str, ...], servers: list[Any]) -> None:
        """Register machines that exist: looked at, never made; their data stays where they keep it."""
        for id_ in machines:
            node = dataclasses.replace(configs.node_inputs(self.plan, self.plan.nodes[id_]), volumes={})
            self.standing[id_] = Node(id_, node, self._after(*self.footing.before))
        for config in servers:
            if config.node.id in machines and config.certificate:
                self.secrets.append(Certificate(config.certificate.id, config.certificate, self._after(self.authority)))

    def _provisioning(self, variables: dict[str, Any]) -> Provisioning:
        nodes = {id_: dataclasses.asdict(node) for id_, node in self.plan.nodes.items() if id_ in self.standing}
        hosts = host_digests(variables, nodes, configs.secrets_digest(self.estate, self.plan))
        record = ProvisioningInputs(
            "provisioning", self.estate.name, self.settings.overrides, tree_digest([ROOT / "playbooks"]), hosts
        )
        after = [*self.standing.values(), *self.secrets, self.authority]
        return Provisioning("provisioning", record, self._after(*after))

    def _verification(self) -> Verification:
        checks = tree_digest(ROOT / folder for folder in CHECKS)
        record = VerificationInputs(
            "verification", self.estate.name, self.settings.overrides, self.plan.digest(), checks, {}
        )
        revisions = {name: resource.revision for name, resource in self.standing.items()}
        revisions["provisioning"] = self.provisioning.revision
        return Verification(
            "verification", record, self._after(self.provisioning), revisions=pulumi.Output.all(**revisions)
        )

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        return {
            "endpoints": self._endpoints(),
            "predictions": self._predictions(),
            "verification": self.verification.summary,
            "limits": self.verification.limits,
            "drawing": f".state/{DRAWINGS}/{self.estate.name}.svg",
        }

    def _predictions(self) -> dict[str, dict[str, float | None]]:
        """Return `scenario → city → predicted outage in s` (none where it never ends)."""
        found: dict[str, dict[str, float | None]] = {}
        for row in self.outcome.rows:
            found.setdefault(row["scenario"], {})[row["city"]] = row["predicted"]
        return found

    def _endpoints(self) -> dict[str, dict[str, str]]:
        """Return `service → city → URL`."""
        services = self.estate.records.services.items()
        return {
            service_id: {
                city: f"https://{self.plan.nodes[instance.application].ports[0].address.split('/')[0]}:{service.port}/"
                for city, instance in service.instances.items()
                if instance.application in self.standing
            }
            for service_id, service in services
        }
