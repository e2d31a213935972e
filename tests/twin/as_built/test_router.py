"""What a router says is read as it is meant: a sound one differs in nothing, each change makes its difference."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.models.estate import Estate
from topology.as_built import compare, differences
from topology.model import Network
from twin.as_built import gateways, ports, routing, tunnels
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign, make_design

# Answered by a router of the lab (FRR 10.3, strongSwan 6.0, keepalived 2.3) when all was well.
RECORDED = (Path(__file__).parents[1] / "recorded" / "dc-rt-2.txt").read_text(encoding="utf-8").split("@@part@@\n")
NAMES = ("ospf_neighbours", "bfd_peers", "ospf_interfaces", "links", "associations", "ospf", "keepalived")
CONNECTIONS = (
    "list-conn event {tun100 {local_addrs=[198.51.100.1] remote_addrs=[198.51.100.9] version=IKEv2 reauth_time=0 "
    "rekey_time=14400 unique=UNIQUE_NO dpd_delay=10 local-1 {id=dc-rt-2.tun100 class=pre-shared key groups=[] "
    "cert_policy=[] certs=[] cacerts=[]} children {tun100 {mode=TUNNEL rekey_time=3600 dpd_action=none "
    "close_action=none local-ts=[10.255.1.1/32] remote-ts=[10.255.1.2/32]}}}}\nlist-conns reply {}\n"
)
NOUNS = (ports, routing, gateways, tunnels)
Found = tuple[str, str, str]


@pytest.fixture(scope="module")
def router(estate: Estate, network: Network) -> NodeDesign:
    """Return the design of the router that answered."""
    return NodeDesign(make_design(estate, network, Path("/nowhere")), network.nodes["dc-rt-2"])


def _said() -> dict[str, Any]:
    said: dict[str, Any] = dict(zip(NAMES, RECORDED, strict=True))
    links = json.loads(said["links"])
    for link in links:
        if link["ifname"] == "tun100":
            link["linkinfo"] = {
                "info_kind": "vxlan", "info_data": {"id": 100, "local": "10.255.1.1", "remote": "10.255.1.2"},
            }  # fmt: skip
    return {**said, "links": json.dumps(links), "connections": CONNECTIONS}


def _differences(router: NodeDesign, said: dict[str, Any]) -> list[Found]:
    answer = Answer("dc-rt-2", said)
    wanted = [fact for noun in NOUNS for fact in noun.declared(router, answer)]
    seen = [fact for noun in NOUNS for fact in noun.observed(router, answer)]
    return [(str(one.kind), one.item.on, one.item.name) for one in differences(compare(wanted, seen))]


def test_sound_router_differs_in_nothing(router: NodeDesign) -> None:
    """Addresses, MTUs, OSPF, BFD, gateways and the tunnel of a real answer are exactly those of the design."""
    answer = Answer("dc-rt-2", _said())
    assert sum(1 for noun in NOUNS for _ in noun.observed(router, answer)) > 80
    assert _differences(router, _said()) == []


def _links(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Return what changes the links of an answer, by name."""

    def apply(said: dict[str, Any]) -> None:
        links = json.loads(said["links"])
        by_name = {link["ifname"]: link for link in links}
        change(by_name)
        said["links"] = json.dumps(list(by_name.values()))

    return apply


def _text(name: str, pattern: str, replacement: str, count: int = 0) -> Callable[[dict[str, Any]], None]:
    """Return what replaces a text in one part of an answer."""

    def apply(said: dict[str, Any]) -> None:
        changed = re.sub(pattern, replacement, said[name], count=count)
        assert changed != said[name]
        said[name] = changed

    return apply


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], None], list[Found]]] = {
    "MTU": (_links(lambda links: links["fuji"].update(mtu=1400)), [("changed", "fuji", "MTU")]),
    "address": (
        _links(lambda links: links["fuji"]["addr_info"][0].update(local="10.20.0.77")),
        [("changed", "fuji", "address")],
    ),
    "second address": (
        _links(lambda links: links["fuji"]["addr_info"].append(
            {"family": "inet", "local": "10.20.0.77", "prefixlen": 24, "scope": "global"})),
        [("extra", "fuji", "address 10.20.0.77/24")],
    ),
    "no address": (_links(lambda links: links["fuji"].update(addr_info=[])), [("missing", "fuji", "address")]),
    "gateway held": (
        _links(lambda links: links["fuji"]["addr_info"].append(
            {"family": "inet", "local": "10.20.0.1", "prefixlen": 24, "scope": "global"})),
        [("extra", "fuji", "shared address")],
    ),
    "port down": (
        _links(lambda links: links["standalone"].update(flags=["BROADCAST"])), [("changed", "standalone", "state")],
    ),
    "port gone": (
        _links(lambda links: links.pop("standalone") and None),
        [("missing", "standalone", "address"), ("missing", "standalone", "state"), ("missing", "standalone", "MTU")],
    ),
    "stray interface": (
        _links(lambda links: links.update(br0={"ifname": "br0", "flags": ["UP"], "mtu": 1500, "addr_info": []})),
        [("extra", "br0", "port")],
    ),
    "loopback gone": (
        _links(lambda links: links["lo"]["addr_info"].pop() and None), [("missing", "lo", "10.255.1.1/32")],
    ),
    "tunnel to elsewhere": (
        _links(lambda links: links["tun100"]["linkinfo"]["info_data"].update(remote="10.255.9.9")),
        [("changed", "tun100", "vxlan")],
    ),
    "cost": (_text("ospf_interfaces", '"cost":1033', '"cost":10'), [("changed", "tun100", "ospf cost")]),
    "neighbour lost": (
        _text("ospf_neighbours", r"Full\\/-", "ExStart", 1), [("missing", "10.21.0.1", "OSPF neighbour")],
    ),
    "session down": (
        _text("bfd_peers", '"status":"up"', '"status":"down"', 1), [("missing", "10.22.0.3", "BFD session")],
    ),
    "BFD interval of one": (
        _text("bfd_peers", '"receive-interval":300', '"receive-interval":900', 1),
        [("changed", "bfd profile circuit", "interval")],
    ),
    "hello": (
        _text("ospf_interfaces", '"timerMsecs":10000', '"timerMsecs":1000'),
        [("changed", "router ospf", "hello-interval")],
    ),
    "throttle": (
        _text("ospf", '"holdtimeMaxMsecs":5000', '"holdtimeMaxMsecs":9000'),
        [("changed", "router ospf", "timers throttle spf, max hold")],
    ),
    "gateway priority": (_text("keepalived", "priority 100", "priority 200", 1), [("changed", "fuji", "priority")]),
    "advertisement": (_text("keepalived", "advert_int 0.3", "advert_int 1", 1), [("changed", "fuji", "advert_int")]),
    "weaker cipher": (
        _text("associations", "encr-keysize=256 bytes", "encr-keysize=128 bytes"),
        [("changed", "tun100", "esp cipher")],
    ),
    "weaker group": (
        _text("associations", "dh-group=ECP_384", "dh-group=MODP_2048"), [("changed", "tun100", "ike proposal")],
    ),
    "no association": (
        _text("associations", "ESTABLISHED", "CONNECTING"),
        [("missing", "tun100", "ike proposal"), ("missing", "tun100", "esp cipher"), ("missing", "tun100", "between")],
    ),
    "dead peer detection": (
        _text("connections", "dpd_delay=10", "dpd_delay=60"), [("changed", "tun100", "dpd_delay")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_gives_its_own_difference(router: NodeDesign, name: str) -> None:
    """Exactly what was changed is found, with its kind, and nothing else."""
    change, expected = CHANGES[name]
    said = _said()
    change(said)
    assert _differences(router, said) == expected


def test_router_that_says_nothing_of_its_routing_lacks_all_of_it(router: NodeDesign) -> None:
    """A daemon that is dead leaves every declared item missing, and no traceback."""
    said = dict.fromkeys((*NAMES, "connections"))
    found = _differences(router, {**_said(), **said})
    assert {kind for kind, _, _ in found} == {"missing"}
    assert ("missing", "router ospf", "hello-interval") in found
