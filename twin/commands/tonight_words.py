"""The words of `twin tonight` in both languages."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "ja"]

_WORDS: dict[str, tuple[str, str]] = {
    "head": (
        "Night of {date}, now {now}; counters open {opens}, in {left}",
        "{date} の夜 現在 {now} 開庁 {opens} まで {left}",
    ),
    "closed": ("Counters do not open the next morning.", "翌朝は閉庁日です。"),
    "city": ("city", "団体"),
    "undecided": ("if nothing is decided", "処置しない場合"),
    "right": ("if all is put right now", "直ちに復旧した場合"),
    "end": ("all done (95 %)", "全ジョブ終了(95%)"),
    "missed": ("opens late", "開庁遅延"),
    "late": ("a deadline missed", "締切超過"),
    "copy": ("copy age h", "緊急窓口データ h"),
    "option": ("option", "選択肢"),
    "decide": ("decide by", "判断期限"),
    "who": ("who", "判断者"),
    "change-missed": ("opens late", "開庁遅延の変化"),
    "change-late": ("deadline missed", "締切超過の変化"),
    "change-end": ("all done, min", "終了の変化 分"),
    "net-title": ("Nets", "ネット"),
    "option-title": ("Options", "選択肢"),
    "job-title": ("Jobs still to end", "未終了ジョブ"),
    "job": ("job", "ジョブ"),
    "state": ("state", "状態"),
    "ends": ("ends (95 %)", "終了見込(95%)"),
    "deadline": ("deadline", "締切"),
    "never": ("never", "終わらない"),
    "restart": ("run again: {name}", "再実行: {name}"),
    "restart-from-step": ("go on from the failed step: {name}", "異常ステップから再開: {name}"),
    "release": ("let go: {name}", "保留解除: {name}"),
    "stop-and-restart": ("stop and run again: {name}", "停止して再実行: {name}"),
    "skip": ("leave out: {name}", "実行見合わせ: {name}"),
    "hold": ("hold for an hour: {name}", "1時間保留: {name}"),
    "delay": ("delay by two hours: {name}", "2時間遅延: {name}"),
    "stop": ("stop: {name}", "停止: {name}"),
    "by": ("{at}", "{at}"),
    "until": ("held until {at}", "{at} まで保留可"),
    "any-time": ("any time", "いつでも可"),
    "not-needed": ("not needed", "不要"),
    "no-use": ("too late, or of no use", "間に合わない"),
    "operator": ("operator", "運用担当"),
    "nobody": ("nobody", "不可"),
    "the-city": ("the city", "市"),
    "none": ("-", "-"),
    "insignificant": ("no difference beyond chance", "有意差なし"),
    "others": (
        "{count} more options make no difference beyond chance (--all shows them).",
        "ほか {count} 件は有意差なし(--all で表示)。",
    ),
    "failed": ("failed", "異常終了"),
    "held": ("held", "保留中"),
    "overdue": ("runs longer than it ever should", "想定時間超過"),
    "endless": ("does not end as things stand", "このままでは終わらない"),
    "down": ("is down", "断"),
    "slow": ("carries less than it should", "帯域低下"),
    "waiting": ("waiting", "待機"),
    "running": ("running", "実行中"),
    "done": ("done", "終了"),
    "skipped": ("left out", "見合わせ"),
    "call": ("call", "連絡"),
    "do": ("do", "対応"),
    "manual": ("Manual: {name} ({command})", "手引: {name}({command})"),
    "desk-open": ("{name} answers until {closes}.", "{name}は {closes} まで受付中。"),
    "desk-closed": ("{name} answers from {opens} to {closes} only.", "{name}の受付は {opens}〜{closes}。"),
    "hangs": (
        "Seed {seed}, {plays} plays; 99 % for differences; hangs most on {named} of {all} assumed values (--json).",
        "シード {seed}、{plays} 回。差は99%区間で判定。仮定値 {all} 件のうち主に {named} 件に依存(--json)。",
    ),
}


def word(key: str, language: Language, **parts: object) -> str:
    """Return a word or sentence in a language, with its parts filled in."""
    english, japanese = _WORDS[key]
    return (japanese if language == "ja" else english).format(**parts)
