"""`twin:evidence:Verification`: the checks of the running estate; an `up` whose estate fails one fails."""

from __future__ import annotations

from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values
from infra.records import VerificationInputs

KIND = "verification"


class VerificationHandler(Handler[VerificationInputs]):
    """Runs again whenever something below it changed, drift that was repaired included."""

    token = "twin:evidence:Verification"  # noqa: S105 - a type's name
    inputs = VerificationInputs
    outputs_to_come = frozenset({"summary", "record", "limits"})

    def resource_id(self, inputs: VerificationInputs) -> str:
        """The estate's name."""
        return inputs.estate

    def create(self, inputs: VerificationInputs, call: Call) -> Values:
        """Run the checks and append the result to the evidence, whatever it is; raises where one failed."""
        from evidence.chain import append
        from infra.checks import raise_on_failure, run_checks

        settings = call.place.settings
        target = call.place.claimed_target()
        options = [f"--hosts-file={settings.hosts_file}"] if settings.hosts_file else []
        found = run_checks(settings.estate, inputs.overrides, target.name, options, call.steps)
        payload = {
            "estate": inputs.estate,
            "plan": inputs.plan,
            "checks": inputs.checks,
            "target": target.name,
            "passed": found.passed,
            "failed": found.failed,
            "skipped": found.skipped,
        }
        record = append(call.place.state / "evidence", KIND, payload)
        raise_on_failure(found)
        return {
            **inputs_of(inputs),
            "drift": [],
            "summary": found.summary(),
            "record": record.digest,
            "limits": target.limits(),
        }

    def read(self, inputs: VerificationInputs, outputs: Values, call: Call) -> Found | None:
        """Nothing can drift here: what is verified is looked at by its own resources."""
        del inputs, call
        return Found({}, (), {name: outputs[name] for name in ("summary", "record", "limits") if name in outputs})

    def update(self, old: Values, inputs: VerificationInputs, call: Call) -> Values:
        """Run the checks again."""
        del old
        return self.create(inputs, call)

    def delete(self, inputs: VerificationInputs, outputs: Values, call: Call) -> None:
        """Nothing: evidence is never removed."""
        del inputs, outputs, call
