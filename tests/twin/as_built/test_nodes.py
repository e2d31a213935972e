"""What any node says of itself: routes, services, software, files, database, equipment."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from inventory.models.estate import Estate
from topology.as_built import Compared, Fact, compare, differences
from topology.model import Network
from twin.as_built import database, equipment, files, kernel, ports, routes, services, software
from twin.as_built.answer import Answer
from twin.as_built.ask import questions
from twin.as_built.design import Design, NodeDesign, Surroundings, make_design
from twin.as_built.observer import digest

Said = dict[str, Any]
Found = tuple[str, str, str]
PASSWD = "root:x:0:0:root:/root:/bin/bash\nfrr:x:101:102::/nonexistent:/usr/sbin/nologin\n"


@pytest.fixture(scope="module")
def design(estate: Estate, network: Network, tmp_path_factory: pytest.TempPathFactory) -> Design:
    """Return the declared side; no certificate was issued on this machine."""
    return make_design(estate, network, tmp_path_factory.mktemp("secrets"))


def _node(design: Design, name: str) -> NodeDesign:
    return NodeDesign(design, design.network.nodes[name])


def _said(**more: Any) -> Said:
    """Return what a container without anything says."""
    return {
        "container": True, "backend": "kernel", "logged_in": {}, "units": {}, "accounts": PASSWD, "settings": {},
        "trees": {}, "files": {}, "certificates": {}, "database": None, **more,
    }  # fmt: skip


def _compared(noun: ModuleType, node: NodeDesign, said: Said) -> tuple[Compared, ...]:
    answer = Answer(node.node.id, said)
    return compare(noun.declared(node, answer), noun.observed(node, answer))


def _differences(noun: ModuleType, node: NodeDesign, said: Said) -> list[Found]:
    return _kinds(_compared(noun, node, said))


def _kinds(compared: Iterable[Compared]) -> list[Found]:
    return [(str(one.kind), one.item.on, one.item.name) for one in differences(compared)]


# As iproute2 prints them; FRR's routes carry its own protocol numbers.
TERMINAL_ROUTES = [
    {"dst": "default", "gateway": "10.20.2.1", "dev": "eth0", "flags": []},
    {"dst": "10.20.2.0/24", "dev": "eth0", "protocol": "kernel", "scope": "link", "prefsrc": "10.20.2.4", "flags": []},
]
RULES = [
    {"priority": 0, "src": "all", "table": "local"},
    {"priority": 32766, "src": "all", "table": "main"},
    {"priority": 32767, "src": "all", "table": "default"},
]


def _routing(routes_: list[Said], rules: list[Said]) -> Said:
    return _said(routes=json.dumps(routes_), rules=json.dumps(rules))


@pytest.mark.parametrize(
    ("routes_", "rules", "expected"),
    [
        (TERMINAL_ROUTES, RULES, []),
        (TERMINAL_ROUTES[1:], RULES, [("missing", "routing table", "default")]),
        ([{**TERMINAL_ROUTES[0], "gateway": "10.20.2.9"}, TERMINAL_ROUTES[1]], RULES,
         [("changed", "routing table", "default")]),
        ([*TERMINAL_ROUTES, {"dst": "192.0.2.0/24", "gateway": "10.20.2.9", "dev": "eth0", "protocol": "boot"}], RULES,
         [("extra", "routing table", "192.0.2.0/24")]),
        ([*TERMINAL_ROUTES, {**TERMINAL_ROUTES[0], "gateway": "10.20.2.9", "metric": 50}], RULES,
         [("extra", "routing table", "default metric 50")]),
        (TERMINAL_ROUTES, [*RULES, {"priority": 100, "src": "10.0.0.0", "srclen": 8, "table": "99"}],
         [("extra", "policy rules", "100")]),
    ],
)  # fmt: skip
def test_routes_of_a_host(design: Design, routes_: list[Said], rules: list[Said], expected: list[Found]) -> None:
    """A host has its segment and its gateway; whatever is beyond is extra."""
    assert _differences(routes, _node(design, "fuji-terminal"), _routing(routes_, rules)) == expected


def test_machine_with_names_and_addresses_of_its_own(design: Design) -> None:
    """A machine that exists keeps its interface's name, its address and its way out; they are no differences."""
    asked = design.plan.nodes["fuji-terminal"].ports
    here = tuple(dataclasses.replace(port, name="ens18", address="192.0.2.10/24") for port in asked)
    node = NodeDesign(design, design.network.nodes["fuji-terminal"], here)
    link = {"ifname": "ens18", "flags": ["UP", "LOWER_UP"], "mtu": 1500,
            "addr_info": [{"family": "inet", "local": "192.0.2.10", "prefixlen": 24, "scope": "global"}]}  # fmt: skip
    assert _differences(ports, node, _said(links=json.dumps([link]))) == []
    own = [{"dst": "default", "gateway": "192.0.2.1", "dev": "ens18"},
           {"dst": "192.0.2.0/24", "dev": "ens18", "protocol": "kernel"}]  # fmt: skip
    assert _differences(routes, node, _routing(own, RULES)) == []
    assert ("changed", "eth0", "address") in _differences(
        ports, _node(design, "fuji-terminal"), _said(links=json.dumps([{**link, "ifname": "eth0"}]))
    )


def test_router_learns_what_others_announce(design: Design) -> None:
    """Prefixes of other sites and loopbacks come by OSPF, the own ports are connected, a tunnel has its black hole."""
    wanted = {fact.item.name: fact.value for fact in routes.declared(_node(design, "dc-rt-2"), Answer("", _said()))}
    assert wanted["10.20.0.0/24"] == "connected fuji"
    assert wanted["10.20.2.0/24"] == "OSPF by wan1, wan2"
    assert wanted["10.20.4.0/24"] == "OSPF by transit", "Fujinomiya's main circuit ends at the other router"
    assert wanted["10.255.0.1"] == "OSPF"
    assert wanted["10.255.1.2"] == "static blackhole"
    assert wanted["198.51.100.9"].startswith("static via ")
    assert "198.51.100.8/29" not in wanted
    assert "10.255.0.2" not in wanted
    assert "10.22.0.1" in wanted, "on point-to-multipoint a neighbour announces its own address"
    assert "10.22.0.2" not in wanted
    assert wanted["10.22.0.32/28"] == "OSPF"


@pytest.mark.parametrize("protocol", ["188", "ospf"])
def test_route_of_ospf_is_one_by_whatever_name(design: Design, protocol: str) -> None:
    """Without FRR's names iproute2 prints the number. To a LAN it matters by which ports it leaves."""
    hops = [{"gateway": "10.22.0.3", "dev": "wan1"}, {"gateway": "10.22.0.4", "dev": "wan1"},
            {"gateway": "10.22.0.19", "dev": "wan2"}]  # fmt: skip
    said = _routing([{"dst": "10.20.2.0/24", "protocol": protocol, "nexthops": hops},
                     {"dst": "10.255.0.3", "protocol": protocol, "gateway": "10.22.0.3", "dev": "wan1"}],
                    RULES)  # fmt: skip
    lan, loopback, *_ = routes.observed(_node(design, "dc-rt-1"), Answer("dc-rt-1", said))
    assert (lan.value, loopback.value) == ("OSPF by wan1, wan2", "OSPF")


def _running(units: Iterable[str]) -> dict[str, dict[str, str]]:
    shown = {unit: {"ActiveState": "active", "UnitFileState": "enabled", "User": ""} for unit in units}
    addition = "/etc/systemd/system/chrony.service.d/municipal-twin.conf"
    shown["chrony.service"] |= {"User": "_chrony", "DropInPaths": addition}
    return shown


# As `ss -H -lntu` prints them.
REGISTRY_SOCKETS = """\
udp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*
udp UNCONN 0 0 10.20.0.2:40000 0.0.0.0:*
tcp LISTEN 0 100 10.20.0.2:443 0.0.0.0:*
"""


def _registry(node: NodeDesign) -> Said:
    units = _running(node.units)
    units["resident-registry.service"]["User"] = "resident-registry"
    sources = "".join(f"^,*,{server},10,6,377,12,0.1,0.1,0.1\n" for server in ("10.255.0.2", "10.255.0.1"))
    return _said(units=units, sockets=REGISTRY_SOCKETS, time_sources=sources)


def test_services_of_a_sound_server(design: Design) -> None:
    """Units run and start at boot, the registry as its own user; it listens where it should and asks both clocks."""
    node = _node(design, "dc-fuji-ap")
    compared = _compared(services, node, _registry(node))
    assert _kinds(compared) == []
    assert {(one.item.on, one.item.name): one.observed for one in compared} == {
        ("chrony.service", "state"): "active", ("chrony.service", "at boot"): "enabled",
        ("chrony.service", "drop-ins"): "/etc/systemd/system/chrony.service.d/municipal-twin.conf",
        ("resident-registry.service", "state"): "active", ("resident-registry.service", "at boot"): "enabled",
        ("resident-registry.service", "user"): "resident-registry", ("chrony", "sources"): "10.255.0.1, 10.255.0.2",
        ("listening", "tcp 443"): "10.20.0.2",
    }  # fmt: skip


def test_each_change_of_a_service_gives_its_own_difference(design: Design) -> None:
    """Stopped, disabled, as root, on another port, failed, another clock, another account."""
    node = _node(design, "dc-fuji-ap")

    def found(**more: Any) -> list[Found]:
        return _differences(services, node, {**_registry(node), **more})

    def unit(**change: str) -> dict[str, dict[str, str]]:
        own = _registry(node)["units"]
        return {**own, "resident-registry.service": {**own["resident-registry.service"], **change}}

    assert found(units=unit(ActiveState="failed")) == [("changed", "resident-registry.service", "state")]
    assert found(units=unit(UnitFileState="disabled")) == [("changed", "resident-registry.service", "at boot")]
    assert found(units=unit(User="root")) == [("changed", "resident-registry.service", "user")]
    assert found(units=unit(DropInPaths="/run/x.conf")) == [("extra", "resident-registry.service", "drop-ins")]
    assert found(units=unit(User="")) == [("missing", "resident-registry.service", "user")]
    assert found(sockets=REGISTRY_SOCKETS.replace(":443", ":8443")) == [
        ("missing", "listening", "tcp 443"), ("extra", "listening", "tcp 8443"),
    ]  # fmt: skip
    assert found(sockets=REGISTRY_SOCKETS.replace("10.20.0.2:443", "0.0.0.0:443")) == [
        ("changed", "listening", "tcp 443")
    ]
    assert found(failed="ssh.service loaded failed failed OpenBSD Secure Shell\n") == [
        ("extra", "ssh.service", "state")
    ]
    assert found(time_sources="^,*,192.0.2.1,1,6,377,12,0.1,0.1,0.1\n") == [("changed", "chrony", "sources")]
    assert found(accounts=f"{PASSWD}eve:x:1001:1001::/home/eve:/bin/bash\n") == [("extra", "accounts", "eve")]
    assert found(accounts=f"{PASSWD}toor:x:0:0::/root:/bin/bash\n") == [("extra", "accounts", "toor")]


def test_router_listens_for_bfd_ike_and_its_tunnel(design: Design) -> None:
    """It does so at any address, by either protocol; ports of no name are answers and do not count."""
    open_ = ("0.0.0.0:3784", "[::]:7784", "*:4784", "[::]:3784", "0.0.0.0:68", "10.22.0.2%wan1:49152", "0.0.0.0:4789",
             "0.0.0.0:500", "[::]:4500", "0.0.0.0:123")  # fmt: skip
    sockets = "".join(f"udp UNCONN 0 0 {address} 0.0.0.0:*\n" for address in open_)
    found = _differences(services, _node(design, "dc-rt-2"), _said(sockets=sockets))
    assert [one for one in found if one[1] == "listening"] == []


def _dpkg(packages: dict[str, str]) -> Answer:
    lines = "".join(f"installed {name} {version}\n" for name, version in packages.items())
    return Answer("", _said(packages=lines + "config-files removed-one 1.0\n"))


def _older(one: str, other: str) -> bool:
    return [int(part) for part in one.split(".")] < [int(part) for part in other.split(".")]


def test_packages_are_held_against_roles_and_peers(design: Design) -> None:
    """Of what several nodes have the newest counts; what a role installs is missing; what one alone has is extra."""
    names = ("fb-rt-1", "fb-rt-2", "fm-rt-main")
    nodes = {name: _node(design, name) for name in names}
    whole = dict.fromkeys(nodes["fb-rt-1"].packages, "1.10") | {"libc6": "2.41"}
    have = {name: dict(whole) for name in names}
    have["fb-rt-1"]["frr"] = "1.9"
    have["fb-rt-2"]["telnetd"] = "0.17"
    del have["fm-rt-main"]["keepalived"]
    del have["fm-rt-main"]["libc6"]
    answers = {name: _dpkg(packages) for name, packages in have.items()}
    wanted = software.baseline(nodes, answers, _older)
    found = {
        name: _kinds(compare(software.declared(node, wanted[name]), software.observed(node, answers[name])))
        for name, node in nodes.items()
    }
    assert found == {
        "fb-rt-1": [("changed", "packages", "frr")],
        "fb-rt-2": [("extra", "packages", "telnetd")],
        "fm-rt-main": [("missing", "packages", "keepalived"), ("missing", "packages", "libc6")],
    }


def test_edited_application_is_another_release(design: Design, tmp_path: Path) -> None:
    """A server's release is the digest of its files, the same as of those in the repository; leftovers do not count."""
    node = _node(design, "dc-fuji-ap")
    (folder,) = software.trees(node)
    source = software._SOURCE

    def found(digest_: str) -> list[Found]:
        answer = Answer("", _said(trees={folder: digest_}))
        return _kinds(compare(software.declared(node, {}), software.observed(node, answer)))

    assert found(software.tree_digest(source)) == []
    assert found("0" * 64) == [("changed", "resident-registry", "release")]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "a.py").write_text("a")
    before = software.tree_digest(tmp_path)
    (tmp_path / "__pycache__" / "a.pyc").write_text("b")
    assert software.tree_digest(tmp_path) == before
    (tmp_path / "a.py").write_text("b")
    assert software.tree_digest(tmp_path) != before


def _written(node: NodeDesign) -> dict[str, dict[str, str] | None]:
    return {
        file.path: {"mode": file.mode, "digest": digest(file.content.encode())}
        for file in node.files(Surroundings(backend="userspace"))
    }


def test_files_are_those_that_the_roles_write(design: Design) -> None:
    """Another content, another mode and a file that is gone are each found; where the estate states a rule is not."""
    node = _node(design, "dc-rt-2")
    own = _written(node)
    said = _said(files=own, backend="userspace")
    assert _differences(files, node, said) == []
    for change in ({"mode": "0666"}, {"digest": hashlib.sha256(b"other").hexdigest()}):
        changed = {**own, "/etc/motd": {**(own["/etc/motd"] or {}), **change}}
        assert _differences(files, node, {**said, "files": changed}) == [("changed", "files", "/etc/motd")]
    gone = {**said, "files": {**own, "/etc/motd": None}}
    assert _differences(files, node, gone) == [("missing", "files", "/etc/motd")]
    moved = digest(b'comment "x network.yaml:108"')
    assert moved == digest(b'comment "x network.yaml:9"') != digest(b'comment "y network.yaml:108"')


CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
AAAA
-----END CERTIFICATE-----
"""


def test_certificate_is_the_one_that_was_issued(estate: Estate, network: Network, tmp_path: Path) -> None:
    """Another certificate in its place is found; one that was issued elsewhere cannot be judged here."""
    node = _node(make_design(estate, network, tmp_path), "dc-fuji-ap")
    path = "/etc/resident-registry/server.crt"
    other = _said(certificates={path: "f" * 64})
    assert [one for one in _differences(files, node, other) if one[1] == "certificates"] == []
    (tmp_path / "dc-fuji-ap.crt").write_text(CERTIFICATE)
    assert ("changed", "certificates", path) in _differences(files, node, other)
    same = _said(certificates={path: hashlib.sha256(b"\0\0\0").hexdigest()})
    assert [one for one in _differences(files, node, same) if one[1] == "certificates"] == []


def test_database_is_what_its_configuration_says(design: Design) -> None:
    """Settings are compared as the server shows them; an account that nobody made is extra."""
    node = _node(design, "dc-fuji-db")
    wanted = database.settings(node)
    assert wanted["max_connections"] == "60"
    assert "tcp_user_timeout" not in wanted
    settings = "".join(f"{name}={value}\n" for name, value in {**wanted, "datestyle": "ISO, YMD"}.items())
    accounts = "postgres=true\nregistry_owner=false\nregistry_application=true\n"

    def found(settings_: str, accounts_: str) -> list[Found]:
        return _differences(database, node, _said(database={"settings": settings_, "accounts": accounts_}))

    assert found(settings, accounts) == []
    assert found(settings.replace("ssl=on", "ssl=off"), accounts) == [("changed", "postgresql", "ssl")]
    assert found(settings, f"{accounts}eve=true\n") == [("extra", "postgresql accounts", "eve")]
    assert found(settings, accounts.replace("owner=false", "owner=true")) == [
        ("changed", "postgresql accounts", "registry_owner")
    ]


def _equipment(node: NodeDesign, answer: Answer | None) -> list[Found]:
    return _kinds(compare(equipment.declared(node, answer), equipment.observed(node, answer)))


def test_equipment_runs_the_declared_system_with_its_memory(design: Design) -> None:
    """Another release, less memory, or no answer; a machine keeps a share of its memory to itself."""
    node = _node(design, "dc-fuji-ap")
    asset = next(iter(equipment.declared(node, None))).item.on
    assert asset.startswith("hardware.")
    release = 'ID=debian\nVERSION_CODENAME="trixie"\n'
    sound = _said(release=release, memory_bytes=512 * 2**20)
    assert _equipment(node, Answer("", sound)) == []
    assert _equipment(node, Answer("", {**sound, "release": "ID=debian\nVERSION_CODENAME=bookworm\n"})) == [
        ("changed", asset, "system")
    ]
    less = {**sound, "memory_bytes": 490 * 2**20}
    assert _equipment(node, Answer("", less)) == [("changed", asset, "memory")]
    assert _equipment(node, Answer("", {**less, "container": False})) == []
    assert _equipment(node, None) == [("changed", asset, "state")]


def test_kernel_settings_are_those_of_the_role(design: Design) -> None:
    """A host must not forward."""
    node = _node(design, "dc-fuji-ap")
    assert _differences(kernel, node, _said(settings={"net.ipv4.ip_forward": "0"})) == []
    assert _differences(kernel, node, _said(settings={"net.ipv4.ip_forward": "1"})) == [
        ("changed", "kernel", "net.ipv4.ip_forward")
    ]


def test_every_declared_thing_is_asked_about(design: Design) -> None:
    """The observer is asked for each unit, file, certificate and setting that some node is held against."""
    for name in design.network.nodes:
        node = _node(design, name)
        asked = json.loads(json.dumps(questions(node)))
        declared: list[Fact] = list(files.declared(node, Answer("", _said(backend="userspace"))))
        assert {fact.item.name for fact in declared if fact.item.on == "files"} == set(asked["files"])
        assert set(node.units) == set(asked["units"])
        assert set(database.settings(node)) == set(asked["database"])
        assert bool(asked["filters"]["kernel"]) == node.is_router
