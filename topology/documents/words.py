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
    # parties and places
    "council": "協議会",
    "city": "市",
    "it-section": "情報部門",
    "owning-sections": "業務主管課",
    "integrator": "SI事業者",
    "vendors": "SV事業者",
    "carrier": "通信事業者",
    "residents": "住民",
    "data-centre": "データセンター",
    "printing-site": "印刷拠点",
    "post-office": "郵便局",
    # states of ledgers
    "opened": "起票",
    "assigned": "割当",
    "answered": "回答",
    "closed": "終結",
    "requested": "依頼",
    "accepted": "受付",
    "done": "実施",
    "confirmed": "確認",
    "applied": "申請",
    "permitted": "許可",
    "carried-out": "実施",
    "reported": "報告",
    "first-report": "第1報",
    "recovered": "復旧",
    "prevented": "再発防止",
    "quarterly": "四半期",
    # answers
    "yes": "可",
    "no": "否",
    "met": "適合",
    "open": "未確認",
}
_EN = {"double-circle": "◎", "circle": "○", "triangle": "△", "cross": "×"}


def word(term: str, language: Language) -> str:
    """Return a term in a language; a term without a translation stands as it is."""
    return (_JA if language == "ja" else _EN).get(term, term)
