"""The plan is a pure function of the estate, at the lab's scale, with stable names."""

from __future__ import annotations

import dataclasses

from design_sections import undesigned

from infra.plan import Plan, digest_of, make_plan
from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network


def _plan(**overrides: str) -> Plan:
    estate = load_estate("fuji-fujinomiya", {path.replace("__", "."): value for path, value in overrides.items()})
    return make_plan(estate, build_network(estate))


def test_rates_are_divided_by_the_declared_scale(deck: Estate, deck_plan: Plan) -> None:
    """A circuit's rate in the plan is its effective rate over the lab's divisor."""
    divisor = deck.records.lab.rate_divisor
    for id_, circuit in deck.records.circuits.items():
        if id_ in deck_plan.segments:
            assert deck_plan.segments[id_].rate_bps == circuit.effective_rate_bps / divisor


def test_best_effort_line_is_planned_with_its_planning_rate(deck_plan: Plan) -> None:
    """The FLETS line stands with what it is planned with, not with what is printed in the contract."""
    assert deck_plan.segments["fujinomiya-flets"].rate_bps == 300e6 / 20


def test_every_port_attaches_to_a_planned_segment_at_an_end_of_it(deck_plan: Plan) -> None:
    """No port hangs in the air, and end z exists only where a segment has two ends."""
    for node in deck_plan.nodes.values():
        for port in node.ports:
            assert port.segment in deck_plan.segments
            assert port.end == "a" or len(deck_plan.segments[port.segment].ends) == 2


def test_carrier_networks_end_of_each_access_line_is_the_carriers(deck_plan: Plan) -> None:
    """A carrier network sits at that end of an access line which names it."""
    for network in deck_plan.carrier_networks.values():
        for segment, (end, _address) in network.ports.items():
            assert deck_plan.segments[segment].ends["az".index(end)] == network.id


def test_databases_alone_have_a_volume_and_its_name_follows_the_node(deck_plan: Plan) -> None:
    """A data volume belongs to each database node, is named for it, and is mounted where PostgreSQL keeps its data."""
    databases = {node.id for node in deck_plan.nodes.values() if node.role == "database"}
    assert {volume.node for volume in deck_plan.volumes.values()} == databases
    assert set(deck_plan.volumes) == {f"{node}-postgresql" for node in databases}
    assert {volume.folder for volume in deck_plan.volumes.values()} == {"/var/lib/postgresql"}


def test_every_tunnel_and_account_has_a_secret_and_every_server_a_certificate(deck: Estate, deck_plan: Plan) -> None:
    """Secrets are named for what they protect: one for each tunnel and database account, a certificate each server."""
    names = {secret.name for secret in deck_plan.secrets}
    tunnels = {f"tunnel-{tunnel}.psk" for tunnel in build_network(deck).tunnels}
    assert tunnels <= names
    assert len(names - tunnels) >= len(deck.records.services["resident-registry"].instances)
    servers = {node.id for node in deck_plan.nodes.values() if node.role in ("application", "database")}
    assert {certificate.name for certificate in deck_plan.certificates} == servers


def test_tunnel_ends_are_addresses_of_their_routers(deck: Estate, deck_plan: Plan) -> None:
    """The protected end of each tunnel stands on the loopback of the router that the tunnel ends on."""
    for tunnel in build_network(deck).tunnels.values():
        for end in (tunnel.a, tunnel.z):
            assert f"{end.endpoint}/32" in deck_plan.nodes[end.node].loopbacks


def test_routers_may_carry_the_gateway_address_that_they_share(deck: Estate, deck_plan: Plan) -> None:
    """A router's port on a segment with a shared gateway names that address; other ports name none."""
    gateways = build_network(deck).gateways
    for node in deck_plan.nodes.values():
        for port in node.ports:
            gateway = gateways.get(port.segment)
            expected = str(gateway.address) if gateway and node.id in gateway.routers else None
            assert port.shared_address == expected


def test_same_estate_gives_the_same_digest_and_a_change_another() -> None:
    """The plan's digest follows what stands."""
    assert _plan().digest() == _plan().digest()
    assert _plan().digest() != _plan(lab__rate_divisor="40").digest()


def test_moving_a_line_changes_no_digest(deck_plan: Plan) -> None:
    """Citations do not count: a comment added above a record changes nothing that stands."""
    moved = dataclasses.replace(
        deck_plan,
        segments={id_: dataclasses.replace(item, cite="x.yaml:1") for id_, item in deck_plan.segments.items()},
    )
    assert moved.digest() == deck_plan.digest()
    assert digest_of({"a": 1, "cite": "x"}) == digest_of({"a": 1, "cite": "y"})


def test_design_asks_a_target_for_nothing(deck: Estate, deck_plan: Plan) -> None:
    """What is designed and not realised changes no node, segment, volume or secret, to the byte."""
    assert deck.records.virtual_machines
    bare = undesigned(deck)
    assert not bare.records.virtual_machines
    assert make_plan(bare, build_network(bare)) == deck_plan
