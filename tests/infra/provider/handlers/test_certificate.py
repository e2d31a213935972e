"""Certificates: issued by the estate's authority, restored, renewed in time, followed when the authority changes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from cryptography import x509

from infra import configs
from infra.errors import InfraError
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.handler import Call
from infra.provider.handlers import authority as authorities
from infra.provider.registry import handler_for
from infra.records import CertificateInputs
from inventory.models.estate import Estate

HANDLER = handler_for("twin:security:Certificate")


@pytest.fixture
def server(deck: Estate, deck_plan: Plan) -> CertificateInputs:
    """A server's certificate."""
    found = next(item.certificate for item in configs.servers(deck, deck_plan) if item.certificate)
    assert found is not None
    return found


def test_server_certificate_is_valid_for_its_names_and_signed_by_the_authority(
    deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs
) -> None:
    """Names and addresses stand in the certificate; the authority signed it and may sign nothing below."""
    issuer = HANDLER.create(configs.authority(deck, deck_plan), call)
    made = HANDLER.create(server, call)
    parsed = x509.load_pem_x509_certificate(made["certificate"].encode())
    alternatives = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(alternatives.get_values_for_type(x509.DNSName)) == server.names
    assert tuple(map(str, alternatives.get_values_for_type(x509.IPAddress))) == server.addresses
    assert authorities.is_issued_by(made["certificate"], issuer["certificate"])
    parent = x509.load_pem_x509_certificate(issuer["certificate"].encode())
    assert parent.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_nothing_drifts_by_itself(deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs) -> None:
    """A fresh certificate reads without drift and its diff is empty; creating it again keeps it."""
    HANDLER.create(configs.authority(deck, deck_plan), call)
    made = HANDLER.create(server, call)
    found = HANDLER.read(server, made, call)
    assert found is not None and found.drift == ()
    assert HANDLER.diff(made, inputs_of(server)).changes is False
    assert HANDLER.create(server, call)["certificate"] == made["certificate"]


def test_lost_files_come_back_as_they_were(
    deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs
) -> None:
    """A lost key is restored from the state, not drawn anew."""
    HANDLER.create(configs.authority(deck, deck_plan), call)
    made = HANDLER.create(server, call)
    call.place.secret_file(server.estate, f"{server.id}.key").unlink()
    found = HANDLER.read(server, made, call)
    assert found is not None and found.drift == (f"{server.id}.key is gone",)
    assert HANDLER.update(made, server, call)["key"] == made["key"]


def test_certificate_is_renewed_before_it_ends(
    deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer than thirty days left it is drift, and the update issues a new one."""
    HANDLER.create(configs.authority(deck, deck_plan), call)
    monkeypatch.setattr(authorities, "SERVER_DAYS", 20)
    made = HANDLER.create(server, call)
    found = HANDLER.read(server, made, call)
    assert found is not None and "valid for 20 more days" in found.drift[0]
    monkeypatch.setattr(authorities, "SERVER_DAYS", 398)
    renewed = HANDLER.update({**made, "drift": list(found.drift)}, server, call)
    assert dt.date.fromisoformat(renewed["valid_until"]) > dt.date.fromisoformat(made["valid_until"])


def test_another_authority_means_another_certificate(
    deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs
) -> None:
    """When the authority was made anew, what the old one issued is drift and follows."""
    root = configs.authority(deck, deck_plan)
    old = HANDLER.create(root, call)
    made = HANDLER.create(server, call)
    HANDLER.delete(root, old, call)
    gone = HANDLER.read(server, made, call)
    assert gone is not None and "the authority authority" in gone.drift[0]
    HANDLER.create(root, call)
    found = HANDLER.read(server, made, call)
    assert found is not None and "issued by another authority" in found.drift[0]
    assert HANDLER.update(made, server, call)["certificate"] != made["certificate"]


def test_without_its_authority_nothing_is_issued(call: Call, server: CertificateInputs) -> None:
    """The error names the missing files and the way to get them."""
    with pytest.raises(InfraError, match=r"authority\.crt and \.key are not in .*restores them"):
        HANDLER.create(server, call)


def test_changed_names_issue_anew(deck: Estate, deck_plan: Plan, call: Call, server: CertificateInputs) -> None:
    """A new address means a new certificate, in place."""
    HANDLER.create(configs.authority(deck, deck_plan), call)
    made = HANDLER.create(server, call)
    moved = dataclasses.replace(server, addresses=("10.20.0.99",))
    assert HANDLER.update(made, moved, call)["certificate"] != made["certificate"]


def test_server_without_names_is_a_finding(server: CertificateInputs) -> None:
    """A certificate that is valid for nothing is refused."""
    nameless = dataclasses.replace(server, names=(), addresses=())
    assert "expected a host name or an address" in dict(HANDLER.problems(nameless))["names"]
