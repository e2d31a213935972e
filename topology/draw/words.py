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
    "tunnels-1": ("トンネル1本", "1 tunnel"),
    "planned": ("(計画\u00a0{rate})", " (planned\u00a0{rate})"),
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
    "flows-within": (
        "許可通信: ゾーン内 {within}、ゾーン間 {crossing}(赤線)。ほかはすべて拒否。",
        "Permitted flows: {within} within a zone, {crossing} between zones (red). All else is denied.",
    ),
    "no-crossing": (
        "利用者のゾーンどうしの通信はない。ゾーンを越えるのはルータ自身への通信のみ。",
        "Nothing passes from one users' zone to another; what crosses goes to the routers themselves.",
    ),
    "routers-themselves": ("ルータ自身のアドレス", "The routers' own addresses"),
    "over": ("経由", "over"),
    "routing-domain": ("ルーティング領域 (OSPF)", "Routing domain (OSPF)"),
    "flows-of-zone": ("このゾーンの許可通信(※ ゾーンを越える)", "Permitted flows of this zone (※ leaves it)"),
    "flow-from": ("送信元", "from"),
    "flow-to": ("宛先", "to"),
    "flow-ports": ("プロトコル/ポート", "protocol/ports"),
    "flow-name": ("通信", "flow"),
    "comma": ("、", ", "),
    "zones-without": ("セグメントのないゾーン", "Zones without segments"),
    "zone": ("ゾーン", "zone"),
    "group": ("業務群", "group"),
    "functions": ("業務", "functions"),
    "count": ("数", "number"),
    "time-flow": ("時刻同期", "time"),
    "cost-note": (
        "ルータの枠内は IF、アドレス、OSPFコスト。破線は暗号化トンネル。",
        "In the routers: port, address, OSPF cost. Dashed: encrypted tunnel.",
    ),
    "as-declared": ("実現方式", "realised as"),
    "no-service": ("実現していない業務", "Functions without a realised service"),
    "undesigned": ("サービス未登録", "no service declared"),
    "state": ("区分", "state"),
    "designed": ("設計のみ", "design only"),
    "mode-active-active": ("稼働-稼働", "active-active"),
    "mode-active-standby": ("稼働-待機", "active-standby"),
    "mode-single": ("単一", "single"),
    "design-note": (
        "設計のみ(検証環境には構築しない)。業務 → サービス → 仮想サーバ(冗長方式、1台の規模、ホスト) → データストア。",
        "Design only: the lab builds none of it. Functions, service, machines (mode, size of one, hosts), data stores.",
    ),
    "design-zones-note": (
        "設計のみ(検証環境では強制しない)。赤線: 系を越える通信とその理由。ほかはすべて拒否。",
        "Design only: the lab does not enforce it. Red: what leaves its zone, and why. All else is denied.",
    ),
    "no-functions": ("業務が登録されていない", "No business systems are declared"),
    "functions-note": (
        "実線: 業務 → サービス → APサーバ → DBサーバ。",
        "Lines: function, service, application server, database.",
    ),
    "users": ("利用", "used from"),
    "reads": ("照会・更新", "queries and updates"),
    "use": ("業務利用", "use"),
    "copy": ("前日データの複写", "copy of the day before"),
    "batch": ("夜間バッチ(業務間のデータ)", "Batch jobs (data between business systems)"),
    "moves": ("伝送", "sends"),
    "kept": ("{count}世代", "{count} kept"),
    "emergency-use": ("DC停止時のみ利用", "only when the data centre is lost"),
    "forms": ("大量出力帳票", "Bulk forms"),
    "per-resident": ("住民1人あたり{rate:g}件", "{rate:g} per resident"),
    "per-household": ("世帯あたり{rate:g}件", "{rate:g} per household"),
    "month": ("{month}月", "month {month}"),
    "form-month": ("時期", "when"),
    "form": ("帳票", "form"),
    "form-rate": ("件数", "amount"),
    "form-size": ("1件の大きさ", "size of one"),
    "month-none": ("随時", "when due"),
    "data-note": (
        "矢印はデータの向き。伝送量のないジョブは更新のみ。",
        "Arrows show which way data go. Jobs without an amount only update.",
    ),
    "night-ordinary": ("通常日", "ordinary night"),
    "night-monthly": ("毎月{day}日", "day {day} of each month"),
    "night-business-day": ("第{day}開庁日", "business day {day} of the month"),
    "night-of-month": ("{month}月 ", "month {month}, "),
    "night-yearly": ("毎年{month}月{day}日", "each year, month {month} day {day}"),
    "night-note": (
        "枠内: 開始可能時刻〜締切、所要、実行機器、競合がない場合の終了時刻と余裕。橙: その日だけのジョブ。",
        "Release to deadline, time taken, machine, end and slack without contention. Orange: that night alone.",
    ),
    "minutes": ("{count:g}分", "{count:g} min"),
    "ends": ("終了 {end} 余裕 {slack:g}分", "ends {end}, slack {slack:g} min"),
    "given-for-this-run": ("この実行だけの値", "given for this run"),
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a word or phrase of the drawings; raises KeyError for a key that is none.

    Where `count` is 1, a phrase of its own for one is taken if there is one.
    """
    japanese, english = _WORDS.get(f"{key}-{values.get('count')}") or _WORDS[key]
    return (japanese if language == "ja" else english).format(**values)
