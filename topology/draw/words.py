"""The words of the drawings in Japanese and English; names of records come from the inventory."""

from __future__ import annotations

from typing import Literal

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")

_WORDS: dict[str, tuple[str, str]] = {
    "drawing": ("ネットワーク構成図", "Network diagram"),
    "network-device": ("ネットワーク機器", "network device"),
    "router": ("ルータ", "router"),
    "and": ("・", ", "),
    "servers": ("サーバ等", "servers"),
    "terminals": ("端末", "terminals"),
    "no-hosts": ("(機器は未登録)", "(no devices yet)"),
    "wide-area-ethernet": ("広域イーサネット", "Wide-area Ethernet"),
    "access-line": ("アクセス回線", "Access line"),
    "campus-link": ("構内線", "Campus link"),
    "primary": ("(主回線)", " (main)"),
    "secondary": ("(バックアップ)", " (backup)"),
    "active": ("", ""),
    "logical-line": ("(論理帯域)", " (logical line)"),
    "encryption": ("暗号化処理", "encrypted"),
    "tunnels": ("トンネル{count}本", "{count} tunnels"),
    "planned": ("(計画 {rate})", " (planned {rate})"),
    "gateway": ("GW", "GW"),
    "legend": ("凡例", "Legend"),
    "legend-circuit": ("回線(色は回線ごと)", "circuit (a colour each)"),
    "legend-pipe": ("論理回線(束ねた回線)", "logical line"),
    "legend-tunnel": ("暗号化トンネル", "encrypted tunnel"),
    "legend-campus": ("構内線", "campus link"),
    "legend-lan": ("LAN・ルータ間", "LAN, between routers"),
    "legend-cloud": ("通信事業者の閉域網", "a carrier's closed network"),
    "legend-assumed": ("※ 仮定値(確度 L)", "※ assumed value (trust L)"),
    "legend-failed": ("故障", "failed"),
    "legend-used": ("使用中の経路", "path in use"),
    "readings": ("読み方(資料の曖昧な記載)", "Readings of ambiguous statements"),
    "digest": ("構成データ", "estate"),
    "given-for-this-run": ("この実行だけの値", "given for this run"),
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a word or phrase of the drawings; raises KeyError for a key that is none."""
    japanese, english = _WORDS[key]
    return (japanese if language == "ja" else english).format(**values)
