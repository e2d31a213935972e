"""Controls, monitoring, tasks, scorecard, apportionment and the requirement trace as documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inventory.models.economics import MONEY_MEASURES, TOGETHER
from inventory.models.estate import Estate
from inventory.models.operation import Judgement, MonitoringItem
from inventory.models.record import said
from inventory.showing import shown
from inventory.volume import likely_s, sent_bytes
from topology.documents.design_tables import STATE, state
from topology.documents.table import Cell, Column, Kind, Table
from topology.documents.text import cited
from topology.documents.words import word
from topology.draw.words import Language
from topology.economics.derivation import derive
from topology.economics.printed import Comparison, compare
from topology.model import Network


def monitoring_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return what is watched, how often, from which value on, and who is told."""
    records = estate.records
    comma = "、" if language == "ja" else ", "
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"monitoring.{id_}", item.label(language), comma.join(word(target, language) for target in item.targets),
         word(item.method, language), said(item, "threshold", language), item.interval_s,
         word(item.severity, language), records.parties[item.notify].label(language), ", ".join(item.requirements),
         _designed_targets(estate, item, language))
        for id_, item in records.monitoring.items()
    )  # fmt: skip
    columns = (
        Column("項目ID", "item", "entry"),
        Column("項目", "name"),
        Column("対象", "targets"),
        Column("方式", "method"),
        Column("閾値", "threshold"),
        Column("間隔 s", "interval s", "number"),
        Column("重要度", "severity"),
        Column("通知先", "notify"),
        Column("要件", "requirements", "requirements"),
        Column("設計のみの対象", "targets of the design only"),
    )
    return Table("monitoring-list", "監視項目一覧", "Monitoring list", columns, rows)


def _designed_targets(estate: Estate, item: MonitoringItem, language: Language) -> str | None:
    """Return how many machines and services of the design an item watches: servers of any role as servers do."""
    records = estate.records
    roles = Counter(
        one.role for one in records.virtual_machines.values()
        if one.role in item.targets or (one.role not in {"application", "database"} and "application" in item.targets)
    )  # fmt: skip
    counts = [(word(role, language), count) for role, count in sorted(roles.items())]
    if "service" in item.targets:
        instances = sum(len(one.instances) for one in records.designed_services.values())
        counts += [(word("service", language), instances)] if instances else []
    return ("、" if language == "ja" else ", ").join(f"{name} {count}" for name, count in counts) or None


def responsibility_matrix(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the tasks against the parties: a mark where a party carries a task out."""
    records = estate.records
    doers = [id_ for id_ in records.parties if any(id_ in task.parties for task in records.responsibilities.values())]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"responsibilities.{id_}", word(task.part, language), task.label(language),
         *("●" if party in task.parties else None for party in doers), task.slide, word(task.how, language))
        for id_, task in records.responsibilities.items()
    )  # fmt: skip
    columns = (
        Column("項番", "task", "entry"),
        Column("区分", "part"),
        Column("役割", "name"),
        *(Column(records.parties[id_].name_ja, records.parties[id_].name) for id_ in doers),
        Column("スライド", "slide", "number"),
        Column("読み方", "read"),
    )
    return Table("responsibility-matrix", "役割分担表", "Responsibility matrix", columns, rows)


def job_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the batch jobs: what each follows, when it may run and must be done, how long it takes, what then."""
    records = estate.records
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"jobs.{id_}", job.label(language), records.system_groups[job.group].label(language),
         records.cities[job.city].label(language), word(job.calendar, language), job.month, job.day, job.business_day,
         ", ".join(job.after), clock(job.release_s), clock(job.deadline_s), round(likely_s(records, job) / 60, 1),
         f"devices.{job.runs_on}", sent_bytes(records, job) / 1e6 or None, said(job, "on_failure", language))
        for id_, job in records.jobs.items()
    )  # fmt: skip
    columns = (
        Column("ジョブID", "job", "entry"),
        Column("名称", "name"),
        Column("業務", "group"),
        Column("市", "city"),
        Column("周期", "calendar"),
        Column("月", "month", "number"),
        Column("日", "day", "number"),
        Column("開庁日", "business day", "number"),
        Column("先行", "after"),
        Column("開始", "release"),
        Column("締切", "deadline"),
        Column("想定時間 分", "takes min", "number"),
        Column("実行機器", "runs on", "entry"),
        Column("伝送量 MB", "moves MB", "number"),
        Column("異常時", "on failure"),
    )
    note_ja, note_en = "時刻は正午から翌正午までを一夜とする。", "Times of day count from noon to noon."
    return Table("job-list", "ジョブ一覧", "Job list", columns, rows, note_ja, note_en)


def backup_design(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the sets of backups: of what, how, when, how many kept where, what may be lost, how soon it is back."""
    records = estate.records
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"backups.{id_}", one.label(language), f"devices.{one.of}", word(one.method, language), clock(one.at_s),
         one.generations, records.sites[one.kept_at].label(language), one.size_bytes / 1e9, one.rpo_s / 3600,
         one.rto_s / 3600, "○" if one.encrypted else "×", state(True, language))
        for id_, one in records.backups.items()
    )  # fmt: skip
    rows += tuple(_designed_backups(estate, language))
    columns = (
        Column("項番", "set", "entry"),
        Column("名称", "name"),
        Column("対象", "of", "entry"),
        Column("方式", "method"),
        Column("時刻", "at"),
        Column("世代", "generations", "number"),
        Column("保管先", "kept at"),
        Column("容量 GB", "size GB", "number"),
        Column("RPO 時間", "RPO h", "number"),
        Column("RTO 時間", "RTO h", "number"),
        Column("暗号化", "encrypted"),
        STATE,
    )
    return Table("backup-design", "バックアップ設計", "Backup design", columns, rows)


def _designed_backups(estate: Estate, language: Language) -> Iterator[tuple[Cell, ...]]:
    """Yield the sets of the design; each is as large as the stores in it, a generation of a full one."""
    records = estate.records
    comma = "、" if language == "ja" else ", "
    for id_, one in records.designed_backups.items():
        services = [records.designed_services[name] for name in one.of]
        stores_bytes = sum(
            store.size_bytes
            for service in services
            for instance in service.instances.values()
            if instance.city == one.city
            for store in instance.stores.values()
        )
        yield (
            f"designed_backups.{id_}", one.label(language), comma.join(service.label(language) for service in services),
            word(one.method, language), clock(one.at_s), one.generations, records.sites[one.kept_at].label(language),
            stores_bytes / 1e9 if one.method == "full" else None, one.rpo_s / 3600, one.rto_s / 3600,
            "○" if one.encrypted else "×", state(False, language),
        )  # fmt: skip


def clock(time_s: float) -> str:
    """Return a time of day as `22:00`."""
    minutes = round(time_s / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def data_centre_controls(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the check list of the data centre: each control with its evidence, open where nobody has looked."""
    state = {True: "met", False: "no", None: "open"}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"controls.{id_}", word(control.hazard, language), control.label(language), word(state[control.met], language),
         control.evidence, ", ".join(control.requirements))
        for id_, control in estate.records.controls.items()
    )  # fmt: skip
    columns = (
        Column("項番", "control", "entry"),
        Column("分類", "hazard"),
        Column("仕様", "name"),
        Column("適合", "met"),
        Column("証跡", "evidence"),
        Column("要件", "requirements", "requirements"),
    )
    return Table("data-centre-controls", "データセンター仕様確認表", "Data centre check list", columns, rows)


def scorecard(estate: Estate, _network: Network, language: Language) -> Table:
    """Return the questions of the package evaluation with their scales."""
    card = estate.records.scorecard
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (card.indicators[question.indicator].label(language), f"scorecard.questions.{id_}", question.label(language),
         said(question, "asks", language), " / ".join(_step(step, question.kind, language) for step in question.scale))
        for id_, question in (card.questions.items() if card else ())
        if card
    )  # fmt: skip
    columns = (
        Column("指標", "indicator"),
        Column("項番", "question", "entry"),
        Column("項目", "name"),
        Column("説明", "asks"),
        Column("評価基準", "scale"),
    )
    return Table("scorecard", "パッケージ評価表", "Package scorecard", columns, rows)


def _step(step: Judgement, kind: str, language: Language) -> str:
    """Return a step as `80% or more: ◎`."""
    colon = ":" if language == "ja" else ": "
    if step.at_least is None:
        return f"{said(step, 'answer', language)}{colon}{word(step.mark, language)}"
    least = f"{step.at_least:,g}{'%' if kind == 'percentage' else ''}"
    return f"{least}{'以上' if language == 'ja' else ' or more'}{colon}{word(step.mark, language)}"


def apportionment(estate: Estate, _network: Network, language: Language) -> Table:
    """Return costs and shares as derived, beside what the source prints and what no rounding would give."""
    economics = estate.records.economics
    if economics is None:
        return Table("apportionment", "費用按分", "Apportionment", _APPORTIONMENT, ())
    printed = {one.key: one for one in compare(economics)}
    exact = derive(economics, rounded=False).of
    rows: list[tuple[Cell, ...]] = []
    for key, value in derive(economics).of.items():
        who, alternative, measure = key
        one = printed.get(key)
        city = word(who, language) if who == TOGETHER else estate.records.cities[who].label(language)
        money = measure in MONEY_MEASURES
        figures = [one.printed if one else None, value, exact[key]]
        cells = [None if figure is None else float(figure) / (1e6 if money else 1) for figure in figures]
        rows.append((
            city, word(alternative, language), word(measure, language), *(cells if money else (None,) * 3),
            *((None,) * 3 if money else cells), cited(one.source, language) if one else None,
            _slip(one, language) if one else None,
        ))  # fmt: skip
    return Table("apportionment", "費用按分", "Apportionment", _APPORTIONMENT, tuple(rows))


def _slip(one: Comparison, language: Language) -> str | None:
    return (one.slip_ja or one.slip) if language == "ja" else one.slip


def _figures(ja: str, en: str, kind: Kind) -> tuple[Column, ...]:
    words = (("記載", "printed"), ("計算", "derived"), ("端数処理なし", "exact"))
    return tuple(Column(f"{ja} {one}", f"{en}, {other}", kind) for one, other in words)


_APPORTIONMENT = (
    Column("市", "who"),
    Column("案", "alternative"),
    Column("項目", "measure"),
    *_figures("百万円", "million yen", "mega-yen"),
    *_figures("割合", "ratio", "percent"),
    Column("出典", "source"),
    Column("記載との差の理由", "why the print differs"),
)


def requirement_trace(estate: Estate, _network: Network, language: Language) -> Table:
    """Return every requirement with the entries that show it, one line each, with file and line."""
    records = estate.records
    by_row: dict[str, list[str]] = {}
    for row, path in shown(records):
        by_row.setdefault(row, []).append(path)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            id_,
            row.slide,
            row.name_ja if language == "ja" else row.name,
            word(row.how, language),
            path,
            estate.cite(path),
        )
        for id_, row in records.requirements.items()
        for path in by_row.get(id_, [])
    )  # fmt: skip
    columns = (
        Column("要件", "requirement", "requirements"),
        Column("スライド", "slide", "number"),
        Column("内容", "name"),
        Column("読み方", "read"),
        Column("対応する記載", "shown by", "entry"),
        Column("記載箇所", "stated in"),
    )
    return Table("requirement-trace", "要件対応表", "Requirement trace", columns, rows)
