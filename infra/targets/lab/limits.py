"""What this host's kernel can and cannot realise, found out by trying in a network namespace that ends at once."""

from __future__ import annotations

import functools
from pathlib import Path

from infra.targets.lab import host

_PAIR = "ip link add dev p type veth peer name q"
# 36 bytes: a key of 256 bits and the salt of RFC 4106.
_KEY = "0x" + "01" * 36
_ESP = f"ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel aead 'rfc4106(gcm(aes))' {_KEY} 128"


def _can(script: str) -> bool:
    return host.run(["unshare", "--net", "sh", "-c", script], check=False).returncode == 0


@functools.cache
def has_netem() -> bool:
    """Tell whether this kernel can delay and lose packets."""
    return _can(f"{_PAIR} && tc qdisc add dev p root netem delay 1ms")


@functools.cache
def has_esp() -> bool:
    """Tell whether this kernel can protect packets itself."""
    return _can(_ESP)


@functools.cache
def has_vlan() -> bool:
    """Tell whether this kernel has 802.1Q."""
    return _can(f"{_PAIR} && ip link add link p name p.10 type vlan id 10")


def has_ppp() -> bool:
    """Tell whether this kernel has PPP."""
    return Path("/dev/ppp").exists()


@functools.cache
def filters_bridges() -> bool:
    """Tell whether this kernel can pass bridged frames to the packet filter, which the lab must turn off."""
    return Path("/proc/sys/net/bridge").exists()


def limits() -> list[str]:
    """Return what a lab on this host cannot realise, each with the reason."""
    found = []
    if not has_netem():
        found.append("Delay, jitter and loss of circuits are not realised: this kernel has no netem.")
    if has_ppp():
        found.append("PPPoE is not spoken on access lines: the lab gives them the MTU that PPPoE leaves.")
    else:
        found.append(
            "PPPoE is not spoken on access lines: this kernel has no PPP; they have the MTU that PPPoE leaves."
        )
    if not has_esp():
        found.append(
            "ESP is done by strongSwan in user space (in UDP), for this kernel has none: its speed says nothing about "
            "the real routers'."
        )
    if not has_vlan():
        found.append("802.1Q tags are not realised: this kernel has none; every VLAN is a segment of its own.")
    found.append("All nodes share this host's clock: clocks cannot drift apart, and chrony runs without setting it.")
    found.append(
        "On nodes without SYS_ADMIN (databases, terminals) systemd's sandboxes (PrivateTmp, ProtectSystem, …) are "
        "silently ignored; on a machine of its own they work."
    )
    found.append("Nodes share this host's kernel, processors and disk: their speed says nothing about real machines'.")
    return found
