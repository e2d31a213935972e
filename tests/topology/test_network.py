"""What holds for the network of any valid estate, under every reading."""

from __future__ import annotations

import dataclasses

import pytest
from bad_estates import GOOD

from inventory.load import estate_names, load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.encapsulation import mss, tunnel_mtu
from topology.model import Network


def cases() -> list[tuple[str, dict[str, str]]]:
    """Return every estate with its own choices, and with each single reading chosen otherwise."""
    found = []
    for name in [*estate_names(), str(GOOD)]:
        found.append((name, {}))
        readings = load_estate(name).records.readings
        found += [
            (name, {f"readings.{id_}.choice": option})
            for id_, reading in readings.items()
            for option in reading.options
            if option != reading.choice
        ]
    return found


@pytest.fixture(
    params=cases(), ids=lambda case: f"{case[0].rsplit('/', 1)[-1]}-{'-'.join(case[1].values()) or 'plain'}"
)
def case(request: pytest.FixtureRequest) -> tuple[Estate, Network]:
    """An estate under one set of readings, with its network."""
    estate = load_estate(*request.param)
    return estate, build_network(estate)


def test_addresses_are_unique_and_lie_in_their_segment(case: tuple[Estate, Network]) -> None:
    """No address stands at two ports, and each lies in its segment's prefix."""
    _, network = case
    ports = [(port.segment, port.address) for port in network.interfaces]
    ports += [(segment, address) for net in network.carrier_networks.values() for segment, address in net.ports.items()]
    addresses = [address.ip for _, address in ports]
    addresses += [end.address.ip for tunnel in network.tunnels.values() for end in (tunnel.a, tunnel.z)]
    addresses += [end.endpoint for tunnel in network.tunnels.values() for end in (tunnel.a, tunnel.z)]
    addresses += [router.loopback for router in network.routers() if router.loopback]
    addresses += [gateway.address.ip for gateway in network.gateways.values()]
    assert len(addresses) == len(set(addresses))
    assert all(address.network == network.segments[segment].prefix for segment, address in ports)


def test_every_interface_of_the_inventory_is_a_port(case: tuple[Estate, Network]) -> None:
    """The network has the inventory's interfaces, no more and no fewer."""
    estate, network = case
    declared = {f"{id_}/{name}" for id_, device in estate.records.devices.items() for name in device.interfaces}
    assert {port.key for port in network.interfaces} == declared


def test_neighbours_share_what_they_run_over(case: tuple[Estate, Network]) -> None:
    """Both ends of an adjacency are routers with ports on its segments, or ends of its tunnel."""
    _, network = case
    for adjacency in network.adjacencies:
        assert {network.nodes[adjacency.a].role, network.nodes[adjacency.z].role} == {"router"}
        if adjacency.tunnel:
            tunnel = network.tunnels[adjacency.tunnel]
            assert {(adjacency.a, adjacency.a_interface), (adjacency.z, adjacency.z_interface)} == {
                (end.node, end.interface) for end in (tunnel.a, tunnel.z)
            }
        else:
            (segment,) = adjacency.segments
            assert network.interface(adjacency.a, adjacency.a_interface).segment == segment
            assert network.interface(adjacency.z, adjacency.z_interface).segment == segment
            assert adjacency.cost >= 1


def test_encrypted_circuits_have_no_plain_neighbours_between_sites(case: tuple[Estate, Network]) -> None:
    """Where tunnels run over a circuit, routers at its two ends meet in a tunnel and not beside it."""
    _, network = case
    encrypted = {tunnel.underlay for tunnel in network.tunnels.values()}
    for adjacency in network.adjacencies:
        if adjacency.tunnel is None and adjacency.segments[0] in encrypted:
            assert network.nodes[adjacency.a].site == network.nodes[adjacency.z].site


def test_tunnels_fit_their_underlay(case: tuple[Estate, Network]) -> None:
    """A tunnel's MTU and MSS follow from the smaller underlay MTU, and its rate from the slower line."""
    estate, network = case
    for tunnel in network.tunnels.values():
        profile = estate.records.encryption.tunnel_profiles[tunnel.profile]
        ends = [network.interface(end.node, end.underlay_interface) for end in (tunnel.a, tunnel.z)]
        assert tunnel.mtu == tunnel_mtu(
            min(port.mtu for port in ends), profile.udp_encapsulation, profile.largest_packet
        )
        assert tunnel.mss == mss(tunnel.mtu)
        assert tunnel.rate_bps == min(estate.records.circuits[port.segment].effective_rate_bps for port in ends)
        assert len({network.nodes[end.node].site for end in (tunnel.a, tunnel.z)}) == 2


def test_hosts_have_a_gateway_on_their_segment(case: tuple[Estate, Network]) -> None:
    """A host's gateway is its LAN's shared address, held by routers on that LAN, the preferred one first."""
    _, network = case
    for node in network.nodes.values():
        if node.role == "router":
            assert node.loopback is not None
            assert node.gateway is None
            continue
        (port,) = network.interfaces_of(node.id)
        gateway = network.gateways[port.segment]
        assert node.gateway == gateway.address.ip
        assert set(gateway.routers) <= {member.node for member in network.members(port.segment)}
        ranks = [network.nodes[router].vrrp_priority or 0 for router in gateway.routers]
        assert ranks == sorted(ranks, reverse=True)


def test_flows_cite_the_line_that_permits_them(case: tuple[Estate, Network]) -> None:
    """Each permitted flow has addresses, a reason and the place of its entry; time reaches every LAN."""
    estate, network = case
    named = {flow.id for flow in network.flows if not flow.id.startswith("time-")}
    assert named == set(estate.records.flows)
    assert all(flow.reason and flow.cite.partition(":")[2].isdigit() for flow in network.flows)
    lans = [segment.prefix for segment in network.segments.values() if segment.kind == "lan"]
    for server in estate.records.time_service.servers:
        told = [f.source for f in network.flows if f.destination.network_address == network.nodes[server].loopback]
        assert sorted(told) == sorted(lans)


def test_one_rate_makes_the_cost(case: tuple[Estate, Network]) -> None:
    """Cost is reference over rate: of two plain circuits the faster never costs more."""
    estate, network = case
    secondary = {
        m.circuit for g in estate.records.circuit_groups.values() for m in g.members if m.priority == "secondary"
    }
    for adjacency in network.adjacencies:
        rate_bps = min(network.segments[segment].rate_bps for segment in adjacency.segments)
        penalty = estate.records.routing.secondary_penalty if secondary & set(adjacency.segments) else 0
        assert adjacency.cost == max(1, round(estate.records.routing.reference_bandwidth_bps / rate_bps)) + penalty


def test_encryption_reading_changes_the_deck() -> None:
    """The deck's encryption is either the backup's alone or every wide-area circuit's."""
    backup = build_network(load_estate("fuji-fujinomiya"))
    every = build_network(load_estate("fuji-fujinomiya", {"readings.encryption-scope.choice": "all-circuits"}))
    assert {tunnel.underlay for tunnel in backup.tunnels.values()} == {"regional-ip-network"}
    assert {tunnel.underlay for tunnel in every.tunnels.values()} == {
        "fuji-wan-1",
        "fuji-wan-2",
        "fujinomiya-main",
        "regional-ip-network",
    }


def test_encrypted_circuits_carry_no_routing_in_the_clear() -> None:
    """On an encrypted circuit routers are neighbours in their tunnels alone."""
    network = build_network(load_estate("fuji-fujinomiya", {"readings.encryption-scope.choice": "all-circuits"}))
    encrypted = {segment for tunnel in network.tunnels.values() for segment in tunnel.segments}
    assert {circuit for circuit in encrypted if "wan" in circuit} == {"fuji-wan-1", "fuji-wan-2"}
    assert [a for a in network.adjacencies if encrypted.intersection(a.segments) and a.tunnel is None] == []


def test_place_reading_moves_the_standalone_systems() -> None:
    """Fuji's stand-alone systems hang on the routers of the building where they are housed."""
    for choice, site in (("data-centre", "dc"), ("fire-building", "fuji-fire")):
        network = build_network(load_estate("fuji-fujinomiya", {"readings.standalone-place.choice": choice}))
        assert network.segments["fuji-standalone"].sites == (site,)
        assert {network.nodes[port.node].site for port in network.members("fuji-standalone")} == {site}


def test_data_centre_is_the_hub_of_a_carrier_network() -> None:
    """A further hall on the carrier network gets a tunnel to the data centre and none to the other hall."""
    estate = load_estate("fuji-fujinomiya")
    records = estate.records
    line, router = records.circuits["fujinomiya-flets"], records.devices["fm-rt-backup"]
    circuits = {
        **records.circuits,
        "fuji-flets": line.model_copy(update={"ends": line.ends.model_copy(update={"z": "fuji-fire"})}),
    }
    port = router.interfaces["regional"].model_copy(update={"circuit": "fuji-flets"})
    further = router.model_copy(update={"site": "fuji-fire", "vrrp_priority": 90, "interfaces": {"regional": port}})
    changed = records.model_copy(update={"circuits": circuits, "devices": {**records.devices, "fb-rt-3": further}})
    network = build_network(dataclasses.replace(estate, records=changed))
    ends = {frozenset((tunnel.a.node, tunnel.z.node)) for tunnel in network.tunnels.values()}
    assert ends == {frozenset({"dc-rt-2", "fm-rt-backup"}), frozenset({"dc-rt-2", "fb-rt-3"})}
