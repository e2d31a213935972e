"""What lists call things, as the estate's kinds: equipment, roles of devices, circuits, uses of addresses.

A word counts where it stands in the text; of several the first in the list, so that `DBサーバ` is a database.
"""

from __future__ import annotations

from collections.abc import Mapping

from topology.imports.text import same

HARDWARE = {
    "負荷分散": "load-balancer", "ロードバランサ": "load-balancer", "loadbalancer": "load-balancer",
    "load-balancer": "load-balancer", "ファイアウォール": "firewall", "ファイアーウォール": "firewall",
    "firewall": "firewall", "utm": "firewall", "l3スイッチ": "router", "l3sw": "router", "l3switch": "router",
    "ルータ": "router", "router": "router", "スイッチ": "switch", "switch": "switch", "l2sw": "switch", "hub": "switch",
    "ストレージ": "storage", "storage": "storage", "nas": "storage", "無停電電源": "ups", "ups": "ups",
    "サーバ": "server", "server": "server",
}  # fmt: skip
"""Kinds of hardware by a word in the kind, use or name of a list's row."""

TERMINALS = ("端末", "クライアント", "パソコン", "terminal", "client")

ROLES = {
    "ルータ": "router", "router": "router", "l3sw": "router", "l3スイッチ": "router", "ファイアウォール": "router",
    "firewall": "router", "データベース": "database", "dbサーバ": "database", "database": "database",
    "端末": "terminal", "クライアント": "terminal", "terminal": "terminal", "client": "terminal",
    "apサーバ": "application", "アプリケーション": "application", "application": "application",
    "サーバ": "application", "server": "application",
}  # fmt: skip
"""Roles of devices by a word in the role, kind, use or name."""

FORWARDING = frozenset({"router", "firewall"})
"""Kinds of hardware that the estate has as devices of role router; servers have roles of their own."""

CIRCUITS = {
    "構内": "campus-link", "campus": "campus-link", "フレッツ": "access-line", "アクセス回線": "access-line",
    "access": "access-line", "flets": "access-line", "pppoe": "access-line", "光ネクスト": "access-line",
    "広域イーサ": "wide-area-ethernet", "イーサ": "wide-area-ethernet", "ethernet": "wide-area-ethernet",
    "専用線": "wide-area-ethernet", "leasedline": "wide-area-ethernet", "ip-vpn": "wide-area-ethernet",
}  # fmt: skip
"""Kinds of circuits by a word in the kind, service or name."""

PRIORITIES = {
    "バックアップ": "secondary", "副": "secondary", "secondary": "secondary", "backup": "secondary",
    "予備": "secondary",
    "稼働": "active", "active": "active", "現用": "primary", "主": "primary", "正": "primary", "primary": "primary",
    "main": "primary",
}  # fmt: skip

PARTIES = {"市役所": "city", "情報": "it-section", "課": "it-section", "市": "city", "町": "city", "村": "city",
           "council": "council", "city": "city", "協議会": "council"}  # fmt: skip
"""Kinds of parties by a word in the name."""

USES = {
    "tunnelendpoint": "tunnel-endpoint", "トンネル端点": "tunnel-endpoint", "tunnel": "tunnel", "トンネル": "tunnel",
    "gateway": "gateway", "ゲートウェイ": "gateway", "vrrp": "gateway", "hsrp": "gateway", "vip": "gateway",
    "仮想": "gateway", "routerid": "loopback", "ルータid": "loopback", "ループバック": "loopback",
    "loopback": "loopback",
    "retired": "retired", "廃止": "retired", "transit": "transit", "渡り": "transit", "ルータ間": "transit",
}  # fmt: skip
"""Uses of addresses that mean more than a port of a device."""

STATES = {
    "retired": "retired", "廃止": "retired", "pinned": "pinned", "固定": "pinned", "空": "free", "未使用": "free",
    "free": "free", "vacant": "free", "unused": "free",
}  # fmt: skip


def kind_in(words: Mapping[str, str], *texts: str | None, own: Mapping[str, str] | None = None) -> str | None:
    """Return the kind of the first text that holds a known word; `own` words of a mapping file come first."""
    for text in texts:
        plain = same(text)
        for word, kind in (*(own or {}).items(), *words.items()):
            if plain and word in plain:
                return kind
    return None
