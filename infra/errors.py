"""What goes wrong while the estate is built. One root; each message says which resource, what, why and what to do."""

from __future__ import annotations


class InfraError(Exception):
    """The root of every error of this package outside `infra.targets`."""


class InputsInvalid(InfraError):
    """The inputs of a resource or component are wrong; `findings` holds `(property, what is wrong)`."""

    def __init__(self, findings: list[tuple[str, str]]) -> None:
        """Keep the findings and join them for people."""
        self.findings = findings
        super().__init__("; ".join(f"{name}: {what}" for name, what in findings))


class Interrupted(InfraError):
    """Someone asked to stop; the work ended between two steps."""


class ProvisioningFailed(InfraError):
    """A task of the playbook failed; the message names host, task and what it said."""


class VerificationFailed(InfraError):
    """A check of the running estate failed; the message names every one that did."""


class DataProtected(InfraError):
    """A data volume would be removed without the flag that says so."""


class PromiseBroken(InfraError):
    """The gate predicts a figure beyond its limit; the message names file and line to change."""


class ConfigInvalid(InfraError):
    """The stack's configuration cannot be used."""


class PlaceUnfit(InfraError):
    """The machine lacks what the target needs; the message says what, and what to do."""
