"""The volume of operation (運用編): monitoring, the nights' jobs, backups, bulk forms, daily checks."""

from __future__ import annotations

import math
from collections.abc import Iterator

from inventory.models.estate import Estate, EstateRecords
from inventory.models.record import said
from inventory.volume import forms_of, likely_s
from topology.documents.manual.prose import Block, Chapter, Steps, chapter, pick
from topology.documents.scheme_tables import backup_design, clock, monitoring_list
from topology.documents.table import Cell, Column, Table
from topology.documents.words import word
from topology.draw.nights import clock as night_clock
from topology.draw.nights import nights, slack_min, whole_minutes
from topology.draw.words import Language
from topology.model import Network


def operation(estate: Estate, network: Network, language: Language) -> tuple[Chapter, ...]:
    """Return the chapters of the volume of operation."""
    records = estate.records
    return (
        chapter(language, "監視", "Monitoring", *_monitoring(estate, network, language)),
        chapter(language, "夜間バッチ", "The nights' jobs", *_batch(records, language)),
        chapter(language, "バックアップ", "Backups", *_backups(estate, network, language)),
        chapter(language, "大量出力帳票", "Bulk forms", *_forms(records, language)),
        chapter(language, "日常点検", "Daily checks", _checks(records, language)),
    )


def _monitoring(estate: Estate, network: Network, language: Language) -> Iterator[Block]:
    records = estate.records
    if not records.monitoring:
        return
    yield monitoring_list(estate, network, language)
    parties = dict.fromkeys(item.notify for item in records.monitoring.values())
    told = pick(language, "、", ", ").join(records.parties[id_].label(language) for id_ in parties)
    steps = [
        pick(language, f"監視サーバが検知し、{told}へ通知する。", f"The monitoring server notices and tells {told}."),
        pick(language, "対象と時刻を確認し、重複する通知をまとめる。",
             "Check the target and the time; put notices of one cause together."),
        pick(language, "維持管理編の障害一覧で、影響を受けるサービスと団体を確かめる。",
             "Look up in the volume of maintenance which services and cities are affected."),
    ]  # fmt: skip
    if "incident-reports" in records.ledgers:
        ledger = records.ledgers["incident-reports"]
        steps.append(
            pick(language, f"{ledger.name_ja}に第1報を起票する。", f"Open the first report in: {ledger.name}.")
        )
    grave = [item for item in records.monitoring.values() if item.severity in {"disaster", "high"}]
    if grave:
        names = pick(language, "、", ", ").join(item.label(language) for item in grave)
        steps.append(
            pick(language, f"重度以上({names})は受付時間にかかわらず直ちに一次対応を始める。",
                 f"Begin at once, whatever the hour, where the severity is high: {names}.")
        )  # fmt: skip
    yield Steps(tuple(steps))


def _batch(records: EstateRecords, language: Language) -> Iterator[Block]:
    """Yield the ordinary night by time, then what other nights run as well."""
    kinds = nights(records)
    if not kinds:
        return
    ends, jobs = kinds[0].ends_s(), kinds[0].jobs
    order = sorted(jobs, key=lambda id_: (ends[id_], id_))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"jobs.{id_}", jobs[id_].label(language), clock(jobs[id_].release_s), clock(jobs[id_].deadline_s),
         night_clock(ends[id_]), slack_min(jobs[id_], ends[id_]), jobs[id_].runs_on,
         said(jobs[id_], "on_failure", language))
        for id_ in order
    )  # fmt: skip
    columns = (
        Column("ジョブ", "job", "entry"), Column("名称", "name"), Column("開始", "release"), Column("締切", "deadline"),
        Column("終了見込", "should end"), Column("余裕 分", "slack min", "number"), Column("機器", "machine"),
        Column("異常時", "on failure"),
    )  # fmt: skip
    yield pick(
        language, "終了見込は競合がない場合の時刻。図はジョブネット図を見る。",
        "The end is that without contention. The job nets show the order.",
    )  # fmt: skip
    yield Table("manual-night", "通常日の夜間バッチ", "An ordinary night", columns, rows)
    extra: tuple[tuple[Cell, ...], ...] = tuple(
        (f"jobs.{id_}", job.label(language), word(job.calendar, language), job.month, job.day, job.business_day,
         clock(job.release_s), clock(job.deadline_s), whole_minutes(likely_s(records, job)))
        for id_, job in records.jobs.items()
        if job.calendar != "nightly"
    )  # fmt: skip
    extra_columns = (
        Column("ジョブ", "job", "entry"), Column("名称", "name"), Column("周期", "calendar"),
        Column("月", "month", "number"), Column("日", "day", "number"), Column("開庁日", "business day", "number"),
        Column("開始", "release"), Column("締切", "deadline"), Column("所要 分", "takes min", "number"),
    )  # fmt: skip
    yield Table("manual-extra-jobs", "月次・年次のジョブ", "Monthly and yearly jobs", extra_columns, extra)
    yield Steps((
        pick(language, "締切までに終わらない見込みのときは、後続ジョブの締切と業務開始への影響を確かめる。",
             "Where a job may miss its deadline, see which later jobs and which counters that delays."),
        pick(language, "異常終了のときは表の「異常時」に従い、判断を待つ間は後続ジョブを止める。",
             "Where it fails, do as the table says, and hold what follows until it is decided."),
        pick(language, "処置と時刻を記録し、翌開庁前に業務主管課へ知らせる。",
             "Note what was done and when, and tell the owning section before the counters open."),
    ))  # fmt: skip


def _backups(estate: Estate, network: Network, language: Language) -> Iterator[Block]:
    if not estate.records.backups:
        return
    yield backup_design(estate, network, language)
    yield Steps((
        pick(language, "毎朝、前夜の全取得の成否と容量を確かめる。",
             "Each morning see that every set was made, and its size."),
        pick(language, "復元は、失ってよい時間(RPO)に収まる最新の世代から始める。",
             "Restore from the newest generation within what may be lost (RPO)."),
        pick(language, "フルの後に差分を順に戻し、件数と最終更新時刻を確かめてから利用を再開する。",
             "After the full set put back what changed, in order; check counts and the last update before use begins."),
        pick(language, "復元に要した時間を RTO と比べて記録する。", "Note how long it took beside the RTO."),
    ))  # fmt: skip


def _forms(records: EstateRecords, language: Language) -> Iterator[Block]:
    if not records.form_runs:
        return
    rows: list[tuple[Cell, ...]] = []
    for id_, run in sorted(records.form_runs.items(), key=lambda item: (item[1].month or 13, item[0])):
        for city_id in records.cities if run.city is None else (run.city,):
            count = forms_of(records, run, city_id)
            rows.append((
                f"form_runs.{id_}", run.label(language), records.cities[city_id].label(language), run.month, count,
                math.ceil(count / run.box_holds), count * run.size_kb / 1e6, "○" if run.checked_by_city else "—",
            ))  # fmt: skip
    columns = (
        Column("帳票", "run", "entry"), Column("名称", "name"), Column("団体", "city"), Column("月", "month", "number"),
        Column("見込件数", "forms", "number"), Column("箱数", "boxes", "number"), Column("容量 GB", "GB", "number"),
        Column("市の確認", "checked by city"),
    )  # fmt: skip
    yield Table("manual-forms", "帳票の見込み", "What will be printed", columns, tuple(rows))
    stages = sorted(records.form_stages.items(), key=lambda item: (item[1].order, item[0]))
    yield Steps(tuple(f"{stage.label(language)} ({word(stage.where, language)})" for _, stage in stages))


def _checks(records: EstateRecords, language: Language) -> Steps:
    servers = ", ".join(records.time_service.servers)
    return Steps((
        pick(language, "`twin status` で全機器と回線が稼働していることを確かめる。",
             "See with `twin status` that all machines and circuits are up."),
        pick(language, "`twin verify` で設定と疎通が構成データのとおりであることを確かめる。",
             "See with `twin verify` that settings and paths are as the estate has them."),
        pick(language, f"時刻サーバ({servers})と各機器の時刻差を確かめる。",
             f"See that no machine's time is off that of the time servers ({servers})."),
        pick(language, "未完了の台帳(課題、作業依頼、作業申請、故障報告)を確かめる。",
             "Go through the open entries of the ledgers."),
    ))  # fmt: skip
