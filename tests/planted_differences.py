"""Differences that a hand leaves on nodes of the lab: how each is planted and undone, and what must be reported."""

from __future__ import annotations

import dataclasses

from topology.model import Network
from twin.as_built.design import Design

Found = tuple[str, str, str, str, str]
"""Kind, document, owner, on, name."""
TABLE = "inet municipal_twin_router"
RELOAD_FILTER = "nft --file /etc/nftables.conf"
PSQL = "cd / && runuser -u postgres -- psql -X -q -d postgres"


@dataclasses.dataclass(frozen=True)
class Plant:
    """A difference: what plants it, what undoes it, and everything that must be reported because of it.

    Scripts run in a node's system, or with this machine's tools in the node's network where the node may not change it.
    """

    node: str
    do: str
    undo: str
    expected: tuple[Found, ...]
    outside: bool = False


def _parameter(kind: str, node: str, on: str, name: str) -> tuple[Found, ...]:
    return ((kind, "parameter-sheets", f"devices.{node}", on, name),)


def _network_plants(network: Network) -> dict[str, Plant]:
    """Return what is planted from outside a node: hosts of the lab may not change their own network."""
    fuji, moved = network.interface("fuji-terminal", "eth0"), network.interface("fujinomiya-terminal", "eth0")
    gateways = {port.node: network.gateways[port.segment].address.ip for port in (fuji, moved)}
    server = network.interface("dc-fuji-ap", "eth0")
    other = f"{moved.address.ip + 60}/{moved.address.network.prefixlen}"
    second = f"{fuji.address.ip + 60}/{fuji.address.network.prefixlen}"
    way_out = network.gateways[server.segment].address.ip

    def replaced(old: str, new: str) -> str:
        return (
            f"ip address delete {old} dev eth0; ip address add {new} broadcast + dev eth0; "
            f"ip route replace default via {gateways['fujinomiya-terminal']}"
        )

    terminal = "devices.fuji-terminal"
    return {
        "another address": Plant(
            "fujinomiya-terminal", replaced(str(moved.address), other), replaced(other, str(moved.address)),
            (("changed", "address-plan", "devices.fujinomiya-terminal", "eth0", "address"),), outside=True,
        ),
        "second address": Plant(
            "fuji-terminal", f"ip address add {second} dev eth0", f"ip address delete {second} dev eth0",
            (("extra", "address-plan", terminal, "eth0", f"address {second}"),), outside=True,
        ),
        "smaller MTU": Plant(
            "fuji-terminal", "ip link set dev eth0 mtu 1400", f"ip link set dev eth0 mtu {fuji.mtu}",
            (("changed", "connection-list", terminal, "eth0", "MTU"),), outside=True,
        ),
        "stray interface": Plant(
            "dc-fujinomiya-ap",
            "ip link add dev stray type bridge; ip link set dev stray up", "ip link delete dev stray",
            (("extra", "connection-list", "devices.dc-fujinomiya-ap", "stray", "port"),), outside=True,
        ),
        "missing route": Plant(
            "fuji-terminal", "ip route delete default", f"ip route add default via {gateways['fuji-terminal']}",
            _parameter("missing", "fuji-terminal", "routing table", "default"), outside=True,
        ),
        "extra route": Plant(
            "dc-fuji-ap", f"ip route add 192.0.2.0/24 via {way_out}", "ip route delete 192.0.2.0/24",
            _parameter("extra", "dc-fuji-ap", "routing table", "192.0.2.0/24"), outside=True,
        ),
        "policy rule": Plant(
            "dc-fuji-ap", "ip rule add from 192.0.2.0/24 lookup 99 priority 100", "ip rule delete priority 100",
            _parameter("extra", "dc-fuji-ap", "policy rules", "100"), outside=True,
        ),
        "kernel setting": Plant(
            "fb-rt-2", "sysctl -qw net.ipv4.conf.all.accept_redirects=1",
            "sysctl -qw net.ipv4.conf.all.accept_redirects=0",
            _parameter("changed", "fb-rt-2", "kernel", "net.ipv4.conf.all.accept_redirects"), outside=True,
        ),
    }  # fmt: skip


def _handle(flow: str) -> str:
    """Return what finds the first rule of a flow, its request."""
    found = f"""sed -n '/comment "{flow} /{{s/.*# handle //p;q}}'"""
    return f'h=$(nft -a list chain {TABLE} forward | {found}); test -n "$h"'


def _router_plants(design: Design) -> dict[str, Plant]:
    ospf = design.variables["fb-rt-1"]["router__ospf"]
    rules = {rule["name"]: rule for rule in design.variables["fm-rt-main"]["router__rules"]}
    changed = rules["fujinomiya-counters-to-registry"]
    flow = f"ip saddr {changed['from']} ip daddr {changed['to']} tcp dport 8443 counter accept"
    vtysh = "vtysh -c 'configure terminal'"
    multiplier = design.variables["fm-rt-main"]["router__bfd"]["multiplier"]

    def throttle(hold_ms: int) -> str:
        words = f"timers throttle spf {ospf['spf_delay_ms']} {hold_ms} {ospf['spf_max_hold_ms']}"
        return f"{vtysh} -c 'router ospf' -c '{words}'"

    def multiply(by: int) -> str:
        return f"{vtysh} -c bfd -c 'profile circuit' -c 'detect-multiplier {by}'"

    return {
        "extra flow": Plant(
            "fb-rt-1", f"nft insert rule {TABLE} forward ip saddr 10.20.2.0/24 ip daddr 10.20.0.3 tcp dport 22 accept",
            RELOAD_FILTER, (("extra", "flow-matrix", "devices.fb-rt-1", "no name", "request"),),
        ),
        "missing flow": Plant(
            "fb-rt-2", f"{_handle('fuji-echo')}; nft delete rule {TABLE} forward handle $h", RELOAD_FILTER,
            (("missing", "flow-matrix", "devices.fb-rt-2", "fuji-echo", "request"),),
        ),
        "changed flow": Plant(
            "fm-rt-main",
            f"{_handle(changed['name'])}; nft replace rule {TABLE} forward handle $h {flow} "
            f"comment '\"{changed['name']} by hand\"'",
            RELOAD_FILTER, (("changed", "flow-matrix", "devices.fm-rt-main", changed["name"], "request"),),
        ),
        "rule of the router itself": Plant(
            "fb-rt-1", f"nft insert rule {TABLE} input tcp dport 22 accept", RELOAD_FILTER,
            _parameter("extra", "fb-rt-1", f"nftables {TABLE} input", "tcp dport 22 accept"),
        ),
        "open policy": Plant(
            "fm-rt-main", f"nft 'chain {TABLE} input {{ policy accept; }}'", RELOAD_FILTER,
            _parameter("changed", "fm-rt-main", f"nftables {TABLE} input", "policy"),
        ),
        "changed timer": Plant(
            "fb-rt-1", throttle(200), throttle(ospf["spf_hold_ms"]),
            _parameter("changed", "fb-rt-1", "router ospf", "timers throttle spf, hold"),
        ),
        "slower detection": Plant(
            "fm-rt-main", multiply(multiplier + 2), multiply(multiplier),
            _parameter("changed", "fm-rt-main", "bfd profile circuit", "multiplier"),
        ),
        "OSPF cost": Plant(
            "fb-rt-2", f"{vtysh} -c 'interface hall' -c 'ip ospf cost 77'",
            f"{vtysh} -c 'interface hall' -c 'ip ospf cost 1'", _parameter("changed", "fb-rt-2", "hall", "ospf cost"),
        ),
        "gateway priority": Plant(
            "fb-rt-2",
            "cp -p /etc/keepalived/keepalived.conf /run/kept && "
            "sed -i 's/priority 100/priority 90/' /etc/keepalived/keepalived.conf",
            "mv /run/kept /etc/keepalived/keepalived.conf",
            (*_parameter("changed", "fb-rt-2", "hall", "priority"),
             *_parameter("changed", "fb-rt-2", "files", "/etc/keepalived/keepalived.conf")),
        ),
        "stopped service": Plant(
            "fm-rt-backup", "systemctl stop keepalived", "systemctl start keepalived",
            _parameter("changed", "fm-rt-backup", "keepalived.service", "state"),
        ),
        "older package": Plant(
            "dc-rt-1",
            "cp -p /var/lib/dpkg/status /run/kept && "
            "sed -i '/^Package: frr$/,/^$/s/^Version: .*/Version: 8.4.4-1/' /var/lib/dpkg/status",
            "mv /run/kept /var/lib/dpkg/status", _parameter("changed", "dc-rt-1", "packages", "frr"),
        ),
        "extra package": Plant(
            "fb-rt-1",
            "mkdir -p /run/planted/DEBIAN && printf 'Package: planted\\nVersion: 1\\nArchitecture: all\\n"
            "Maintainer: Nobody <nobody@example.org>\\nDescription: planted\\n' > /run/planted/DEBIAN/control && "
            "dpkg-deb --build /run/planted /run/planted.deb && dpkg --install /run/planted.deb",
            "dpkg --purge planted; rm -r /run/planted /run/planted.deb",
            _parameter("extra", "fb-rt-1", "packages", "planted"),
        ),
    }  # fmt: skip


def _server_plants() -> dict[str, Plant]:
    registry, application = "resident-registry.service", "/opt/resident_registry/current/resident_registry"
    override = f"/run/systemd/system/{registry}.d"
    certificate = "/etc/resident-registry/server.crt"
    return {
        "service as root": Plant(
            "dc-fujinomiya-ap",
            f"mkdir -p {override} && printf '[Service]\\nUser=root\\n' > {override}/planted.conf && "
            "systemctl daemon-reload",
            f"rm -r {override} && systemctl daemon-reload",
            (*_parameter("changed", "dc-fujinomiya-ap", registry, "user"),
             *_parameter("extra", "dc-fujinomiya-ap", registry, "drop-ins")),
        ),
        "edited application": Plant(
            "dc-fujinomiya-ap", f"echo '# by hand' >> {application}/serve.py", f"sed -i '$d' {application}/serve.py",
            _parameter("changed", "dc-fujinomiya-ap", "resident-registry", "release"),
        ),
        "other certificate": Plant(
            "dc-fuji-ap",
            f"cp -p {certificate} /run/kept && cat /etc/resident-registry/authority.crt > {certificate}",
            f"cat /run/kept > {certificate} && rm /run/kept",
            _parameter("changed", "dc-fuji-ap", "certificates", certificate),
        ),
        "edited file": Plant(
            "dc-fuji-db", "echo '# by hand' >> /etc/chrony/chrony.conf", "sed -i '$d' /etc/chrony/chrony.conf",
            _parameter("changed", "dc-fuji-db", "files", "/etc/chrony/chrony.conf"),
        ),
        "open mode": Plant(
            "dc-fujinomiya-db", "chmod 0666 /etc/motd", "chmod 0644 /etc/motd",
            _parameter("changed", "dc-fujinomiya-db", "files", "/etc/motd"),
        ),
        "file gone": Plant(
            "fujinomiya-terminal", "mv /etc/default/chrony /run/kept", "mv /run/kept /etc/default/chrony",
            _parameter("missing", "fujinomiya-terminal", "files", "/etc/default/chrony"),
        ),
        "database setting": Plant(
            "dc-fuji-db",
            f"{PSQL} -c 'ALTER SYSTEM SET log_connections = off' -c 'SELECT pg_reload_conf()'",
            f"{PSQL} -c 'ALTER SYSTEM RESET log_connections' -c 'SELECT pg_reload_conf()'",
            _parameter("changed", "dc-fuji-db", "postgresql", "log_connections"),
        ),
        "database account": Plant(
            "dc-fujinomiya-db", f"{PSQL} -c 'CREATE ROLE planted LOGIN'", f"{PSQL} -c 'DROP ROLE planted'",
            _parameter("extra", "dc-fujinomiya-db", "postgresql accounts", "planted"),
        ),
        "not at boot": Plant(
            "fuji-terminal", "systemctl disable chrony", "systemctl enable chrony",
            _parameter("changed", "fuji-terminal", "chrony.service", "at boot"),
        ),
        "listening port": Plant(
            "fuji-terminal", "systemd-run --quiet --collect --unit=planted python3 -m http.server 8099",
            "systemctl stop planted", _parameter("extra", "fuji-terminal", "listening", "tcp 8099"),
        ),
        "account": Plant(
            "fuji-terminal", "useradd --no-create-home --uid 1234 planted", "userdel planted",
            _parameter("extra", "fuji-terminal", "accounts", "planted"),
        ),
        "other clock": Plant(
            "fujinomiya-terminal", "chronyc -n add server 192.0.2.99", "chronyc -n delete 192.0.2.99",
            _parameter("changed", "fujinomiya-terminal", "chrony", "sources"),
        ),
    }  # fmt: skip


def plants(design: Design) -> dict[str, Plant]:
    """Return every difference that a script plants, by what a person would call it."""
    return {**_network_plants(design.network), **_router_plants(design), **_server_plants()}
