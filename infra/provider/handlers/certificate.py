"""`twin:security:Certificate`: the estate's authority, and the server certificates that it issues.

Certificate and key lie as `NAME.crt` and `NAME.key` in the clone's secret folder; the key is encrypted in the state.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import InfraError
from infra.inputs import inputs_of
from infra.provider.handler import Call, Found, Handler, Values
from infra.provider.handlers.secret_files import faults, read_private, write_private
from infra.records import CertificateInputs

if TYPE_CHECKING:
    from infra.provider.handlers.authority import Pair


class CertificateHandler(Handler[CertificateInputs]):
    """Lost files are restored from the state; what is due, or from another authority, is issued anew in place."""

    token = "twin:security:Certificate"  # noqa: S105 - a type's name
    inputs = CertificateInputs
    outputs_to_come = frozenset({"certificate", "key", "valid_until"})
    replaced_by = frozenset({"inventory_id", "estate"})
    secret_outputs = frozenset({"key"})

    def problems(self, inputs: CertificateInputs) -> list[tuple[str, str]]:
        """A server's certificate names what it is valid for."""
        if inputs.issuer and not (inputs.names or inputs.addresses):
            return [("names", "is empty, expected a host name or an address that the certificate is valid for")]
        return []

    def resource_id(self, inputs: CertificateInputs) -> str:
        """Estate and name."""
        return f"{inputs.estate}/{inputs.id}"

    def create(self, inputs: CertificateInputs, call: Call) -> Values:
        """Take back files that are there and fit, else issue."""
        kept = self._files(inputs, call)
        if kept is not None and not self._reasons_to_issue(kept, inputs, call):
            return self._written(kept, inputs, call)
        return self._written(self._issued(inputs, call), inputs, call)

    def read(self, inputs: CertificateInputs, outputs: Values, call: Call) -> Found | None:
        """Compare the files with the state; look at validity and issuer."""
        from infra.provider.handlers.authority import Pair

        certificate, key = outputs.get("certificate", ""), outputs.get("key", "")
        found = faults(self._path(inputs, call, "crt"), certificate) + faults(self._path(inputs, call, "key"), key)
        if certificate:
            found += self._reasons_to_issue(Pair(certificate, key), inputs, call)
        kept: Values = {name: outputs[name] for name in ("certificate", "key", "valid_until") if name in outputs}
        return Found({}, found, kept)

    def update(self, old: Values, inputs: CertificateInputs, call: Call) -> Values:
        """Restore the files; issue anew where the names, the issuer or the validity ask for it."""
        from infra.provider.handlers.authority import Pair

        pair = Pair(old["certificate"], old["key"])
        same = all(old.get(name) == value for name, value in inputs_of(inputs).items() if name != "cite")
        if not same or self._reasons_to_issue(pair, inputs, call):
            pair = self._issued(inputs, call)
        return self._written(pair, inputs, call)

    def delete(self, inputs: CertificateInputs, outputs: Values, call: Call) -> None:
        """Remove the files."""
        del outputs
        for ending in ("crt", "key"):
            self._path(inputs, call, ending).unlink(missing_ok=True)

    def _path(self, inputs: CertificateInputs, call: Call, ending: str, name: str | None = None) -> Path:
        return call.place.secret_file(inputs.estate, f"{name or inputs.id}.{ending}")

    def _files(self, inputs: CertificateInputs, call: Call, name: str | None = None) -> Pair | None:
        from infra.provider.handlers.authority import Pair

        certificate = read_private(self._path(inputs, call, "crt", name))
        key = read_private(self._path(inputs, call, "key", name))
        return Pair(certificate, key) if certificate and key else None

    def _reasons_to_issue(self, pair: Pair, inputs: CertificateInputs, call: Call) -> tuple[str, ...]:
        from infra.provider.handlers.authority import RENEW_DAYS, days_left, is_issued_by

        try:
            left = days_left(pair.certificate)
        except ValueError:
            return (f"{inputs.id}.crt is no certificate",)
        found = []
        if left < RENEW_DAYS:
            found.append(f"certificate {inputs.id} is valid for {left:.0f} more days, it is renewed below {RENEW_DAYS}")
        authority = self._files(inputs, call, inputs.issuer) if inputs.issuer else None
        if inputs.issuer and authority is None:
            found.append(f"the authority {inputs.issuer} of certificate {inputs.id} is gone")
        if authority and not is_issued_by(pair.certificate, authority.certificate):
            found.append(f"certificate {inputs.id} was issued by another authority than {inputs.issuer}")
        if authority and days_left(authority.certificate) < RENEW_DAYS:
            found.append(f"the authority of certificate {inputs.id} is about to be renewed")
        return tuple(found)

    def _issued(self, inputs: CertificateInputs, call: Call) -> Pair:
        from infra.provider.handlers.authority import issue, make_authority

        if inputs.issuer is None:
            return make_authority(inputs.purpose)
        authority = self._files(inputs, call, inputs.issuer)
        if authority is None:
            raise InfraError(
                f"certificate {inputs.id}: the authority's files {inputs.issuer}.crt and .key are not in "
                f"{self._path(inputs, call, 'crt').parent}; `pulumi up` without --target restores them"
            )
        return issue(authority, inputs.id, inputs.names, inputs.addresses)

    def _written(self, pair: Pair, inputs: CertificateInputs, call: Call) -> Values:
        from infra.provider.handlers.authority import valid_until

        write_private(self._path(inputs, call, "crt"), pair.certificate)
        write_private(self._path(inputs, call, "key"), pair.key)
        return {
            **inputs_of(inputs),
            "drift": [],
            "certificate": pair.certificate,
            "key": pair.key,
            "valid_until": valid_until(pair.certificate),
        }
