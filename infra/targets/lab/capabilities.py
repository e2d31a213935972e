"""Which Linux capabilities a node's system gets, by role, each with its reason. Everything else is dropped.

On a machine of its own a system has all of them; these are what the lab's containers need.
"""

from __future__ import annotations

from typing import Literal

Role = Literal["router", "application", "database", "terminal"]

EVERY_NODE: dict[str, str] = {
    "CHOWN": "packages' and roles' files get their owners",
    "DAC_OVERRIDE": "root of the node reads and writes what its services own",
    "FOWNER": "roles set modes of files that services own",
    "FSETID": "group bits of folders survive a change of owner",
    "KILL": "systemd ends services that run as other users",
    "SETGID": "systemd starts services in their own groups",
    "SETUID": "systemd starts services as their own users",
    "SETPCAP": "systemd takes capabilities away from services that need none",
    "SYS_CHROOT": "chrony and sshd lock themselves into empty folders",
    "NET_BIND_SERVICE": "services listen on ports below 1024",
}

_SANDBOX = (
    "systemd mounts the sandboxes of its services (PrivateTmp, ProtectSystem, …), silently ignored without it; "
    "a cost of the lab alone, a machine of its own needs no such grant"
)

BY_ROLE: dict[Role, dict[str, str]] = {
    "router": {
        "NET_ADMIN": "FRR installs routes, keepalived moves the shared address, nftables is loaded, tunnels are made",
        "NET_RAW": "OSPF, VRRP and ICMP need raw sockets",
        "SYS_ADMIN": "FRR asks for it at its start; " + _SANDBOX,
    },
    "application": {"SYS_ADMIN": _SANDBOX},
    "database": {},
    "terminal": {"NET_RAW": "operators look at the path with tcpdump and traceroute"},
}

DEVICES: dict[Role, dict[str, str]] = {
    "router": {"/dev/net/tun": "strongSwan passes protected packets through a TUN device where the kernel has no ESP"},
    "application": {},
    "database": {},
    "terminal": {},
}


def capabilities(role: Role) -> dict[str, str]:
    """Return the capabilities of a role's nodes with their reasons, in the order of their names."""
    return dict(sorted({**EVERY_NODE, **BY_ROLE[role]}.items()))
