"""`twin:provision:Provisioning`: the roles of `playbooks/site.yml` on the nodes, and drift of the files they wrote."""

from __future__ import annotations

import json
from pathlib import Path

from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values, new_revision
from infra.provider.handlers.secret_files import write_private
from infra.provisioning.managed_files import drift, look
from infra.records import ProvisioningInputs


class ProvisioningHandler(Handler[ProvisioningInputs]):
    """Runs on all hosts at first and when the playbooks changed, else on the hosts that changed or drifted."""

    token = "twin:provision:Provisioning"  # noqa: S105 - a type's name
    inputs = ProvisioningInputs
    outputs_to_come = frozenset({"revision", "summary"})

    def problems(self, inputs: ProvisioningInputs) -> list[tuple[str, str]]:
        """There is something to provision."""
        return [] if inputs.hosts else [("hosts", "is empty, expected at least one host")]

    def resource_id(self, inputs: ProvisioningInputs) -> str:
        """The estate's name."""
        return inputs.estate

    def create(self, inputs: ProvisioningInputs, call: Call) -> Values:
        """Provision every host; what an earlier run did already changes nothing."""
        return self._played(inputs, sorted(inputs.hosts), {}, call)

    def read(self, inputs: ProvisioningInputs, outputs: Values, call: Call) -> Found | None:
        """Compare the files that the roles wrote with their record, on every node at the same time."""
        found = drift(look(call.place.target, inputs.hosts), outputs.get("records", {}))
        words = tuple(f"{node}: {difference}" for node, differences in found.items() for difference in differences)
        kept: Values = {name: outputs[name] for name in ("revision", "summary", "records") if name in outputs}
        return Found({}, words, {**kept, "drifted": sorted(found)})

    def update(self, old: Values, inputs: ProvisioningInputs, call: Call) -> Values:
        """Provision the hosts that changed or drifted; all of them where the playbooks changed."""
        whole = old.get("sources") != inputs.sources or old.get("estate") != inputs.estate
        before, drifted = old.get("hosts", {}), set(old.get("drifted", []))
        hosts = [
            host
            for host, digest in sorted(inputs.hosts.items())
            if whole or before.get(host) != digest or host in drifted
        ]
        return self._played(inputs, hosts, old.get("records", {}), call)

    def delete(self, inputs: ProvisioningInputs, outputs: Values, call: Call) -> None:
        """Nothing: what was provisioned goes with its nodes; machines that existed before keep it."""
        del inputs, outputs, call

    def _played(self, inputs: ProvisioningInputs, hosts: list[str], records: dict[str, str], call: Call) -> Values:
        from infra.provisioning.play import play
        from infra.provisioning.redaction import Redaction

        target = call.place.claimed_target()
        summary = "no host left to provision"
        if hosts:
            result = play(
                call.place.settings.estate,
                inputs.overrides,
                hosts,
                connections=self._connections(inputs, call),
                redact=Redaction(call.place.secret_file(inputs.estate, "any").parent),
                log_folder=call.place.state / "logs",
                progress=call.steps,
            )
            summary = result.summary()
            call.steps(f"{summary} in {result.duration_s:.0f} s")
        found = look(target, inputs.hosts)
        fresh = {node: files.record for node, files in found.items() if node in hosts}
        kept = {node: record for node, record in records.items() if node in inputs.hosts}
        return {
            **inputs_of(inputs),
            "drift": [],
            "drifted": [],
            "records": {**kept, **fresh},
            "summary": summary,
            "revision": new_revision(),
        }

    def _connections(self, inputs: ProvisioningInputs, call: Call) -> Path | None:
        """Write how the hosts are reached; the inventory itself knows how to reach the lab's."""
        target = call.place.target
        if target.name == "lab":
            return None
        path = call.place.state / "connections" / f"{inputs.estate}.json"
        write_private(path, json.dumps({host: target.connection_variables(host) for host in inputs.hosts}, indent=1))
        return path
