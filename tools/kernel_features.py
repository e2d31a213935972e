"""What this kernel can do of what the lab is made of, tried in a namespace that ends at once. Standard library only."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from preflight import Finding


@dataclass(frozen=True)
class Feature:
    """One thing the lab is made of: how it is tried, what it is for, and the kernel's name for it."""

    name: str
    command: str
    use: str
    option: str


FEATURES = (
    Feature("veth pairs", "ip link add name probe-a type veth peer name probe-b", "every link of the lab", "VETH"),
    Feature("bridges", "ip link add name probe-br type bridge", "the carriers' access switches", "BRIDGE"),
    Feature(
        "a rate shaper (TBF or HTB)",
        "tc qdisc add dev lo root tbf rate 1mbit burst 16kb latency 50ms || tc qdisc add dev lo root handle 1: htb",
        "circuits at their declared rate",
        "NET_SCH_TBF or CONFIG_NET_SCH_HTB",
    ),
    Feature("TUN devices", "ip tuntap add dev probe-tun mode tun", "IPsec in user space", "TUN"),
    Feature(
        "VXLAN or GRE",
        "ip link add name probe-vx type vxlan id 5 dstport 4789 local 127.0.0.1"
        " || ip link add name probe-gre type gre local 127.0.0.1 remote 127.0.0.2",
        "routing over the protected tunnel",
        "VXLAN or CONFIG_NET_IPGRE",
    ),
    Feature("nftables", "nft add table inet probe", "zones and the counting of packets", "NF_TABLES"),
)


def namespaces() -> Finding | None:
    """Network namespaces can be made at all."""
    tried = _in_namespace("true")
    if tried.returncode == 0:
        return None
    why = (tried.stderr.strip().splitlines() or ["no reason given"])[-1].removeprefix("unshare: ")
    return Finding(
        f"this machine makes no network namespaces ({why})",
        "use a machine or container with CAP_SYS_ADMIN and a kernel with CONFIG_NET_NS",
    )


def missing(features: tuple[Feature, ...] = FEATURES) -> list[Finding]:
    """Return what the lab needs and this kernel cannot do; needs `ip`, `tc` and `nft`."""
    none = namespaces()
    if none is not None:
        return [none]
    if not Path("/dev/net/tun").exists():
        subprocess.run(["modprobe", "tun"], capture_output=True, check=False)
    script = "\n".join(
        f"( {feature.command} ) >/dev/null 2>&1 || echo {number}" for number, feature in enumerate(features)
    )
    failed = [features[int(number)] for number in _in_namespace(script).stdout.split()]
    return [
        Finding(
            f"this kernel has no {feature.name}, needed for {feature.use}",
            f"use a kernel with CONFIG_{feature.option} (built in, or as a module that can be loaded)",
        )
        for feature in failed
    ]


def _in_namespace(script: str) -> subprocess.CompletedProcess[str]:
    command = ["unshare", "--net", "sh", "-c", script]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", "the command unshare is not installed (util-linux)")
