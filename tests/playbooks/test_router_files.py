"""What the router role writes, rendered from the estate: timers, tunnels, gateways, and rules in both directions."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "playbooks" / "roles" / "router"
ROUTERS = ("dc-rt-1", "dc-rt-2", "fb-rt-1", "fb-rt-2", "fm-rt-backup", "fm-rt-main")


@functools.cache
def _hostvars() -> dict[str, dict[str, Any]]:
    command = [sys.executable, str(ROOT / "playbooks" / "hosts.py"), "--list"]
    environment = {"PATH": "/usr/bin:/bin"}
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, dict[str, Any]] = json.loads(shown.stdout)["_meta"]["hostvars"]
    return found


def _variables(node: str, backend: str, **changes: Any) -> dict[str, Any]:
    """Return what the role's templates see, its own derived variables included."""
    values = {
        **yaml.safe_load((ROLE / "defaults" / "main.yml").read_text()),
        "inventory_hostname": node,
        **_hostvars()[node],
        "router__backend": backend,
        **changes,
    }
    native = NativeEnvironment()
    for name, text in yaml.safe_load((ROLE / "vars" / "main.yml").read_text()).items():
        if name not in values and isinstance(text, str):
            values[name] = native.from_string(text).render(values)
    return values


def _written(template: str, node: str, backend: str = "userspace", **changes: Any) -> str:
    loader = jinja2.FileSystemLoader(ROLE / "templates")
    environment = jinja2.Environment(
        loader=loader, trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(template).render(_variables(node, backend, **changes))


@pytest.mark.parametrize("node", ROUTERS)
@pytest.mark.parametrize("template", sorted(path.name for path in (ROLE / "templates").iterdir()))
def test_every_file_says_who_manages_it(template: str, node: str) -> None:
    """Each file that the role writes names the role in its first lines."""
    if template == "secrets.conf.j2":
        assert "managed by playbooks/roles/router" in (ROLE / "templates" / template).read_text()
        return
    assert "managed by playbooks/roles/router" in "\n".join(_written(template, node).splitlines()[:2])


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("nft"), reason="needs root and nft on this host")
@pytest.mark.parametrize("backend", ["kernel", "userspace"])
@pytest.mark.parametrize("node", ROUTERS)
def test_packet_filter_is_accepted(node: str, backend: str, tmp_path: Path) -> None:
    """The kernel's packet filter reads the rules of every router, with either way of doing ESP."""
    file = tmp_path / "nftables.conf"
    file.write_text(_written("nftables.conf.j2", node, backend))
    done = subprocess.run(
        ["unshare", "--net", "nft", "--check", "--file", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("node", ROUTERS)
def test_every_flow_has_its_way_back(node: str) -> None:
    """Each flow of the inventory stands in both directions, and the answering side cannot begin a connection."""
    text = _written("nftables.conf.j2", node)
    for rule in _hostvars()[node]["router__rules"]:
        noted = [line for line in text.splitlines() if f'"{rule["name"]} ' in line]
        assert len(noted) == 2
        there, back = noted
        assert f"ip saddr {rule['from']} ip daddr {rule['to']}" in there
        assert f"ip saddr {rule['to']} ip daddr {rule['from']}" in back
        if rule["protocol"] == "tcp":
            assert "tcp flags & (syn | ack) != syn" in back


@pytest.mark.parametrize("node", ROUTERS)
def test_what_no_rule_names_is_dropped(node: str) -> None:
    """Input and forwarding drop by default, and what is dropped is counted and logged at a limited rate."""
    text = _written("nftables.conf.j2", node)
    assert len(re.findall(r"hook (?:input|forward) priority filter; policy drop;", text)) == 2
    assert re.search(r"chain refused \{\s+limit rate \S+ log prefix .*\s+counter drop", text)


@pytest.mark.parametrize("node", ["dc-rt-2", "fm-rt-backup"])
def test_carrier_sees_ike_and_esp_alone(node: str) -> None:
    """To and from the regional IP network only IKE and ESP between the two ends pass, and nothing is forwarded."""
    text = _written("nftables.conf.j2", node)
    for chain in ("carrier_in", "carrier_out"):
        body = text.split(f"chain {chain} {{")[1].split("}\n    }")[0].split("    }\n")[0]
        accepted = [line for line in body.splitlines() if line.endswith("accept")]
        assert accepted
        assert all("udp dport { 500, 4500 }" in line or "ip protocol esp" in line for line in accepted)
    assert 'iifname { "regional" } counter drop' in text.split("chain forward")[1]
    assert 'oifname { "regional" } counter drop' in text.split("chain forward")[1]


@pytest.mark.parametrize("node", ["dc-rt-1", "fm-rt-main"])
def test_router_without_carrier_has_no_tunnel_rules(node: str) -> None:
    """A router without an access line accepts no IKE, no ESP and no VXLAN."""
    text = _written("nftables.conf.j2", node)
    assert not re.search(r"4500|esp|4789|ipsec", text)


def test_timers_are_those_given() -> None:
    """Every OSPF and BFD timer of the variables stands in FRR's configuration."""
    bfd = {"enabled": True, "interval_ms": 117, "multiplier": 4}
    ospf = {
        "hello_s": 2, "dead_s": 7, "retransmit_s": 3, "spf_delay_ms": 11, "spf_hold_ms": 53, "spf_max_hold_ms": 4999,
        "lsa_hold_ms": 13, "lsa_min_arrival_ms": 17,
    }  # fmt: skip
    text = _written("frr.conf.j2", "dc-rt-1", router__bfd=bfd, router__ospf=ospf)
    for line in (
        "detect-multiplier 4", "transmit-interval 117", "receive-interval 117", "hello-interval 2", "dead-interval 7",
        "retransmit-interval 3", "timers throttle spf 11 53 4999", "timers throttle lsa all 13",
        "timers lsa min-arrival 17",
    ):  # fmt: skip
        assert line in text


def test_bfd_can_be_left_off() -> None:
    """Without BFD no line speaks of it, so that hellos alone detect."""
    bfd = {"enabled": False, "interval_ms": 300, "multiplier": 3}
    assert "bfd" not in _written("frr.conf.j2", "dc-rt-1", router__bfd=bfd)


def test_protected_ends_are_not_announced() -> None:
    """OSPF takes the loopback by its address, and the other end's protected address leads nowhere without a tunnel."""
    text = _written("frr.conf.j2", "dc-rt-2")
    tunnel = _hostvars()["dc-rt-2"]["router__tunnels"][0]
    lo = text.split("interface lo\n")[1].split("exit")[0]
    assert all(line.endswith(_hostvars()["dc-rt-2"]["router__loopback"]) for line in lo.strip().splitlines())
    assert f"ip route {tunnel['remote_loopback']}/32 blackhole 250" in text


def test_one_end_makes_a_lost_association_anew() -> None:
    """Of the two ends of a tunnel exactly one starts again after a loss, so that two do not compete."""
    texts = [_written("swanctl.conf.j2", node) for node in ("dc-rt-2", "fm-rt-backup")]
    assert sorted(re.findall(r"dpd_action = (\w+)", text)[0] for text in texts) == ["clear", "restart"]
    assert all("start_action = start" in text and "unique = no\n" in text for text in texts)
    assert all("proposals = aes256gcm16-" in text for text in texts)


def test_gateway_waits_before_it_is_taken_back() -> None:
    """The wait is written in seconds; a negative one means that the address is never taken back."""
    vrrp = _hostvars()["dc-rt-1"]["router__vrrp"]
    assert "preempt_delay 30" in _written("keepalived.conf.j2", "dc-rt-1")
    never = [{**gateway, "preempt_delay_s": -1} for gateway in vrrp]
    text = _written("keepalived.conf.j2", "dc-rt-1", router__vrrp=never)
    assert text.count("nopreempt") == len(vrrp)
    assert "preempt_delay" not in text


@pytest.mark.parametrize("role", ["base", "router"])
def test_every_variable_of_the_role_is_specified(role: str) -> None:
    """What a role has a default for stands in its specification."""
    folder = ROOT / "playbooks" / "roles" / role
    known = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    assert set(yaml.safe_load((folder / "defaults" / "main.yml").read_text())) <= set(known)
