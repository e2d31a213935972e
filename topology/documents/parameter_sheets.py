"""Parameter sheets (パラメータシート): per router what is set, the software's default, and the reason with its place.

Defaults are those of FRR 10 and keepalived 2.3, as their documentation states them.
"""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from inventory.models.record import said
from inventory.quantities import show_duration
from topology.documents.table import Cell, Column, Table
from topology.documents.text import cited
from topology.documents.words import word
from topology.draw.words import Language
from topology.model import Network, Node

COLUMNS = (
    Column("機器", "device", "entry"),
    Column("ソフトウェア", "software"),
    Column("対象", "on"),
    Column("項目", "parameter"),
    Column("既定値", "default"),
    Column("設定値", "set"),
    Column("理由", "reason"),
    Column("記載箇所", "stated in"),
)
OSPF_DEFAULTS = {
    "hello": ("hello-interval", "10 s"),
    "dead": ("dead-interval", "40 s"),
    "retransmit": ("retransmit-interval", "5 s"),
    "spf_delay": ("timers throttle spf, delay", "0 ms"),
    "spf_hold": ("timers throttle spf, hold", "50 ms"),
    "spf_max_hold": ("timers throttle spf, max hold", "5 s"),
    "lsa_hold": ("timers throttle lsa all", "5 s"),
    "lsa_min_arrival": ("timers lsa min-arrival", "1 s"),
}


def parameter_sheets(estate: Estate, network: Network, language: Language) -> Table:
    """Return the parameters of every router, one a row, in the order of the routers."""
    rows = [row for node in network.routers() for row in _router(estate, network, node, language)]
    return Table("parameter-sheets", "パラメータシート", "Parameter sheets", COLUMNS, tuple(rows))


def _router(estate: Estate, network: Network, node: Node, language: Language) -> Iterator[tuple[Cell, ...]]:
    device = f"devices.{node.id}"

    def row(software: str, *entry: str) -> tuple[Cell, ...]:
        on, parameter, default, value, path, *why = entry
        return (
            device,
            software,
            on,
            parameter,
            default,
            value,
            *(why or [_reason(estate, path, language)]),
            estate.cite(path),
        )

    yield row(
        "Linux", "lo", "loopback", "—", f"{node.loopback}/32", "routing.loopback_pool", word("router-id", language)
    )
    for port in network.interfaces_of(node.id):
        where = f"{device}.interfaces.{port.name}"
        yield row("Linux", port.name, "address", "—", str(port.address), where, port.segment)
        if port.mtu != 1500:
            circuit = network.segments[port.segment].circuit
            yield row("Linux", port.name, "mtu", "1500", str(port.mtu), f"circuits.{circuit}.mtu")
    yield from (row("FRR ospfd", *entry) for entry in _ospf(estate, network, node.id, language))
    bfd = estate.records.timers.bfd
    if bfd.enabled:
        yield row(
            "FRR bfdd", "profile circuit", "interval", "300 ms", show_duration(bfd.interval_s), "timers.bfd.interval"
        )
        yield row("FRR bfdd", "profile circuit", "multiplier", "3", str(bfd.multiplier), "timers.bfd.multiplier")
    yield from (row("keepalived", *entry) for entry in _vrrp(estate, network, node, language))
    yield from (row("strongSwan", *entry) for entry in _tunnels(estate, network, node.id, language))


def _ospf(estate: Estate, network: Network, node: str, language: Language) -> Iterator[tuple[str, ...]]:
    for adjacency in network.adjacencies_of(node):
        port = adjacency.a_interface if node == adjacency.a else adjacency.z_interface
        why = f"{adjacency.other(node)}; {word('reference-bandwidth', language)}"
        yield port, "cost", word("reference-default", language), str(adjacency.cost), "routing.reference_bandwidth", why
    for name, (parameter, default) in OSPF_DEFAULTS.items():
        value = show_duration(getattr(estate.records.timers.ospf, f"{name}_s"))
        yield "router ospf", parameter, default, value, f"timers.ospf.{name}"


def _vrrp(estate: Estate, network: Network, node: Node, language: Language) -> Iterator[tuple[str, ...]]:
    timers = estate.records.timers.vrrp
    for gateway in network.gateways_of(node.id):
        port = next(port.name for port in network.interfaces_of(node.id) if port.segment == gateway.segment)
        where, derived = f"devices.{node.id}.vrrp_priority", word("derived", language)
        rank = word("rank-among-routers", language)
        yield port, "virtual_ipaddress", "—", str(gateway.address), f"segments.{gateway.segment}", gateway.segment
        yield port, "virtual_router_id", "—", str(gateway.vrid), f"segments.{gateway.segment}", derived
        yield port, "priority", "100", str(node.vrrp_priority or 100), where, rank
        yield port, "advert_int", "1 s", show_duration(timers.advertisement_s), "timers.vrrp.advertisement"
        yield port, "preempt_delay", "0 s", show_duration(timers.preempt_delay_s), "timers.vrrp.preempt_delay"


def _tunnels(estate: Estate, network: Network, node: str, language: Language) -> Iterator[tuple[str, ...]]:
    for tunnel in network.tunnels_of(node):
        profile = estate.records.encryption.tunnel_profiles[tunnel.profile]
        path = f"encryption.tunnel_profiles.{tunnel.profile}"
        default, name = word("default", language), profile.label(language)
        yield tunnel.id, "ike proposals", default, profile.ike_proposal, f"{path}.ike_proposal", name
        yield tunnel.id, "esp_proposals", default, profile.esp_proposal, f"{path}.esp_proposal", name
        yield tunnel.id, "dpd_delay", "0 s", show_duration(profile.dpd_delay_s), f"{path}.dpd_delay"
        encap = "yes" if profile.udp_encapsulation else "no"
        yield tunnel.id, "encap", "no", encap, f"{path}.udp_encapsulation"
        yield tunnel.id, "mtu", "—", str(tunnel.mtu), path, word("left-by-encapsulation", language)
        yield tunnel.id, "mss", "—", str(tunnel.mss), path, word("without-headers", language)


def _reason(estate: Estate, path: str, language: Language) -> str:
    origin = estate.provenance.get(path)
    if origin is None:
        return ""
    source = cited(said(origin, "source", language), language)
    shown = f"{word(origin.how, language)}, {origin.trust}"
    return f"{source} ({shown})" if language == "en" else f"{source}({shown.replace(', ', '、')})"
