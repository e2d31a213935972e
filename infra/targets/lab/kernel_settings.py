"""Kernel settings of a node's network, by role.

They belong to its namespace, so they are set from outside of the container, in which /proc/sys is read-only. On
machines that exist the router role writes the same under /etc/sysctl.d.
"""

from __future__ import annotations

from infra.targets.lab.capabilities import Role

_ROUTER: dict[str, tuple[str, str]] = {
    "net.ipv4.ip_forward": ("1", "a router forwards"),
    "net.ipv4.fib_multipath_hash_policy": ("1", "flows spread over equal paths by addresses and ports"),
    "net.ipv4.conf.all.rp_filter": ("0", "paths may be asymmetric"),
    "net.ipv4.conf.default.rp_filter": ("0", "paths may be asymmetric, also through tunnels made later"),
    "net.ipv4.conf.all.send_redirects": ("0", "hosts keep to their gateway address"),
    "net.ipv4.conf.default.send_redirects": ("0", "hosts keep to their gateway address"),
    "net.ipv4.conf.all.accept_redirects": ("0", "only the routing protocols change routes"),
}

# A new namespace takes over the host's own value, which container software often sets to 1.
_HOST: dict[str, tuple[str, str]] = {"net.ipv4.ip_forward": ("0", "only routers forward")}

KERNEL_SETTINGS: dict[Role, dict[str, tuple[str, str]]] = {
    "router": _ROUTER,
    "application": _HOST,
    "database": _HOST,
    "terminal": _HOST,
}


def kernel_settings(role: Role) -> dict[str, str]:
    """Return the settings of a role's nodes, by name."""
    return {key: value for key, (value, _) in KERNEL_SETTINGS[role].items()}
