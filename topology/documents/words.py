"""The deck's and the trade's words for the inventory's terms, for documents in Japanese."""

from __future__ import annotations

from topology.draw.words import Language

_JA = {
    # roles and kinds
    "router": "ルータ",
    "switch": "スイッチ",
    "firewall": "ファイアウォール",
    "load-balancer": "負荷分散装置",
    "server": "サーバ",
    "storage": "ストレージ",
    "ups": "UPS",
    "application": "APサーバ",
    "database": "DBサーバ",
    "terminal": "端末",
    "wide-area-ethernet": "広域イーサネット",
    "access-line": "アクセス回線",
    "campus-link": "構内線",
    "ethernet": "イーサネット",
    "pppoe": "PPPoE",
    "lan": "LAN",
    "transit": "ルータ間",
    "active": "稼働",
    "primary": "主",
    "secondary": "副",
    # responsibilities
    "governance": "統括",
    "planning": "計画",
    "build": "構築",
    "operation": "運用",
    "maintenance": "維持管理",
    "outside-the-scheme": "共同電算対象外",
    # hazards
    "water": "水害",
    "earthquake": "地震",
    "fire": "火災",
    "power": "停電",
    "intrusion": "侵入",
    "connectivity": "通信",
    # monitoring
    "message": "メッセージ監視",
    "log-file": "ログファイル監視",
    "threshold": "性能・閾値監視",
    "liveness": "死活監視",
    "disaster": "致命的",
    "high": "重度",
    "average": "中度",
    "warning": "警告",
    "terminal-host": "端末",
    "circuit": "回線",
    "service": "サービス",
    # batch and backups
    "nightly": "日次",
    "monthly": "月次",
    "yearly": "年次",
    "full": "フル",
    "incremental": "差分",
    "log": "ログ",
    # how a statement was read
    "printed": "記載",
    "inferred": "推定",
    "ambiguous": "解釈",
    "assumed": "仮定",
    "measured": "実測",
    "standard": "標準",
    # evaluation
    "double-circle": "◎",
    "circle": "○",
    "triangle": "△",
    "cross": "×",
    # economics
    "as-is": "継続利用",
    "alone": "各市単独構築",
    "joint": "両市共同構築",
    "shared": "按分対象",
    "own": "各市個別",
    "total": "総合計",
    "share": "費用負担割合",
    "saving": "削減率",
    "shared-saving": "費用削減効果",
    "together": "両市",
    # lifecycles
    "operating-system": "OS",
    "package": "パッケージ",
    "toolchain": "開発・構築ツール",
    "supported": "有効",
    "ends-soon": "期限間近",
    "accepted": "期限切れ(承認済)",
    "expired": "期限切れ",
    "unknown": "期限未公表",
    # answers
    "yes": "可",
    "no": "否",
    "met": "適合",
    "open": "未確認",
}
_EN = {
    "pppoe": "PPPoE",
    "ethernet": "Ethernet",
    "lan": "LAN",
    "double-circle": "◎",
    "circle": "○",
    "triangle": "△",
    "cross": "×",
}


def word(term: str, language: Language) -> str:
    """Return a term in a language; a term without a translation stands as it is."""
    return (_JA if language == "ja" else _EN).get(term, term)
