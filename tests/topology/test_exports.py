"""Exports hold every node, port and address of the network, under names that the other tool takes."""

from __future__ import annotations

import re

import pytest
import yaml
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.exports.containerlab import containerlab
from topology.exports.names import short_names
from topology.exports.netlab import netlab
from topology.model import Network


@pytest.fixture(
    scope="module", params=["fuji-fujinomiya", "tri-villages", str(GOOD)], ids=["deck", "villages", "small"]
)
def estate(request: pytest.FixtureRequest) -> Estate:
    """Return an estate."""
    return load_estate(request.param)


@pytest.fixture(scope="module")
def network(estate: Estate) -> Network:
    """Return its network."""
    return build_network(estate)


def _addresses(network: Network) -> set[str]:
    carried = (str(port) for carrier in network.carrier_networks.values() for port in carrier.ports.values())
    return {*(str(port.address) for port in network.interfaces), *carried}


def test_netlab_has_every_node_link_and_address(estate: Estate, network: Network) -> None:
    """Each node under a name of at most 16 characters, each segment as a link with the addresses of its ports."""
    topology = yaml.safe_load(netlab(estate, network))
    assert len(topology["nodes"]) == len(network.nodes) + len(network.carrier_networks)
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,15}", name) for name in topology["nodes"])
    assert [link["name"] for link in topology["links"]] == list(network.segments)
    ports = [port for link in topology["links"] for port in link["interfaces"]]
    assert {port["ipv4"] for port in ports} == _addresses(network)
    assert {port["node"] for port in ports} == set(topology["nodes"])


def test_netlab_has_rates_costs_and_timers(estate: Estate, network: Network) -> None:
    """A circuit's rate in kbit/s and cost are those of the network; timers are the estate's."""
    topology = yaml.safe_load(netlab(estate, network))
    links = {link["name"]: link for link in topology["links"]}
    for adjacency in network.adjacencies:
        if adjacency.tunnel is None:
            (segment,) = adjacency.segments
            assert links[segment]["ospf"] == {"cost": adjacency.cost}
    assert all(links[id_]["bandwidth"] == round(one.rate_bps / 1000) for id_, one in network.segments.items())
    assert topology["ospf"]["timers"]["dead"] == estate.records.timers.ospf.dead_s


def test_netlab_runs_bfd_only_where_the_estate_does() -> None:
    """Without BFD no router has its module, and no timers of it are given."""
    without = load_estate("fuji-fujinomiya", {"timers.bfd.enabled": "false"})
    topology = yaml.safe_load(netlab(without, build_network(without)))
    assert "bfd" not in topology and "bfd" not in topology["ospf"]
    assert {tuple(node["module"]) for node in topology["nodes"].values() if node.get("module")} == {("ospf",)}


def test_containerlab_has_every_node_and_each_port_once(estate: Estate, network: Network) -> None:
    """Every end of a link names a node that is there and a port that no other link has; addresses are set on them."""
    topology = yaml.safe_load(containerlab(estate, network))["topology"]
    ends = [end for link in topology["links"] for end in link["endpoints"]]
    assert len(set(ends)) == len(ends)
    assert {end.partition(":")[0] for end in ends} == set(topology["nodes"])
    assert set(network.nodes) | set(network.carrier_networks) <= set(topology["nodes"])
    commands = "\n".join(line for node in topology["nodes"].values() for line in node.get("exec", []))
    assert all(f"ip address add {address} dev eth" in commands for address in _addresses(network))


@pytest.mark.parametrize("export", [netlab, containerlab])
def test_export_is_the_same_each_time_and_says_what_is_left_out(
    estate: Estate, network: Network, export: object
) -> None:
    """The first line names the estate and what the other tool cannot be told."""
    assert callable(export)
    text = export(estate, network)
    assert text == export(estate, network)
    assert "Left out: " in text.splitlines()[0]
    assert estate.digest[:16] in text.splitlines()[0]


def test_names_are_short_distinct_and_plain() -> None:
    """Long ids keep both ends; those that would be alike are told apart."""
    ids = ["dc-rt-1", "fujinomiya-terminal", "fujinomiya-terminus", "regional-ip-network", "1st", "dc_rt_1"]
    names = short_names(ids, 16)
    assert names["dc-rt-1"] == "dc_rt_1"
    assert names["fujinomiya-terminal"] == "fujinom_terminal"
    assert len(set(names.values())) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,15}", name) for name in names.values())
    with pytest.raises(ValueError, match="cannot be kept apart"):
        short_names(ids, 4)
