"""What a generated estate has once: header, timers, pools, zones. Leaves the rest to `twin.bench.estates`."""

from __future__ import annotations

from typing import Any

Sections = dict[str, dict[str, Any]]


def named(name: str, name_ja: str) -> dict[str, Any]:
    """Return a record's names."""
    return {"name": name, "name_ja": name_ja}


def frame(regions: int) -> Sections:
    """Return what an estate has once: header, timers, pools, zones."""
    title = named(f"Generated estate of {regions} regions", f"生成された{regions}圏域")
    return {
        "estate": {**title, "data_centre": "r000-dc"},
        "readings": {},
        "providers": {"carrier": named("Carrier (invented)", "通信事業者(架空)")},
        "carrier_networks": {},
        "encryption": {"tunnel_profiles": {}},
        "zones": {
            "number-use": {**named("My Number use zone", "マイナンバー利用事務系"), "reason": "resident records"},
            "transit": {**named("Between routers", "ルータ間"), "reason": "routing only"},
        },
        "addressing": {"pools": _pools(), "pins": {}},
        "routing": {
            "reference_bandwidth": "10 Gbps", "secondary_penalty": 1000, "loopback_pool": "loopbacks",
            "tunnel_pool": "tunnels", "tunnel_endpoint_pool": "tunnel-endpoints", "circuit_pool": "circuits",
            "access_pool": "access",
        },
        "time_service": {"servers": ["r000-dc-rt-1", "r000-dc-rt-2"], "reason": "every node reaches both"},
        "timers": _timers(),
        "failure_figures": {},
        "promises": {},
        "lab": {"rate_divisor": 20, "probe_interval": "10 ms", "probe_flows": 32},
    }  # fmt: skip


def _pools() -> dict[str, dict[str, Any]]:
    wanted = (
        ("lan", "10.0.0.0/9", 23, "segments"),
        ("transit", "10.128.0.0/14", 29, "segments"),
        ("circuits", "10.132.0.0/14", 28, "circuits"),
        ("access", "198.51.100.0/24", 29, "access"),
        ("tunnels", "10.136.0.0/24", 30, "tunnels"),
        ("loopbacks", "10.140.0.0/16", 32, "loopbacks"),
        ("tunnel-endpoints", "10.141.0.0/24", 32, "tunnel-endpoints"),
    )
    return {
        id_: {"prefix": prefix, "allocates": allocates, "serves": serves, "purpose": id_}
        for id_, prefix, allocates, serves in wanted
    }


def _timers() -> dict[str, Any]:
    reactions = (
        "detection-notice", "link-down-notice", "flood-send", "flood-hop", "spf-start", "route-install",
        "gateway-takeover", "database-exchange", "bfd-session-up", "node-boot", "tunnel-setup",
    )  # fmt: skip
    spread = {"low": "1 ms", "mode": "2 ms", "high": "4 ms"}
    return {
        "bfd": {"enabled": True, "interval": "300 ms", "multiplier": 3},
        "ospf": {
            "hello": "10 s", "dead": "40 s", "retransmit": "5 s", "spf_delay": "0 ms", "spf_hold": "50 ms",
            "spf_max_hold": "5000 ms", "lsa_hold": "0 ms", "lsa_min_arrival": "0 ms",
        },
        "vrrp": {"advertisement": "300 ms", "preempt_delay": "30 s"},
        "tcp": {
            "first": "200 ms", "longest": "120 s", "attempts": 15, "opening_first": "1 s", "opening_attempts": 6,
        },
        "reactions": {"busy-processor": {**spread, "chance": 0.2}, **{name: dict(spread) for name in reactions}},
    }  # fmt: skip
