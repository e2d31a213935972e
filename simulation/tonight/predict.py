"""Predict the rest of tonight from its state: ends, chances, what options would change, until when to decide.

What to do about a failed or held job is judged with all others of them put right now, everything else with all of them
put right: an option's own worth shows only where nothing else stands in the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.assumptions import assumed_values
from simulation.batch.hangs_on import shares_of
from simulation.batch.layout import described
from simulation.batch.night_figures import Chosen, figures_of
from simulation.batch.night_report import nets_of, night_report
from simulation.batch.played import Played
from simulation.batch.predict import plain
from simulation.batch.tables import Plays
from simulation.batch.year import Progress
from simulation.tonight.contacts import helpdesk, matters, runbook
from simulation.tonight.duty_state import DutyState
from simulation.tonight.effects import backups_late, effects
from simulation.tonight.latest import latest_minute
from simulation.tonight.options import Option, options_of, put_right
from simulation.tonight.standing import Standing, standing_of

SEED = 1
REPLICATIONS = 300

CARRIES_OVER = (
    ("What waits for what, which job decides when counters can open, and how options differ from each other.",
     "待ち合わせの関係、開庁を決めるジョブ、選択肢どうしの差。"),
    ("What is over stays as it was told; what runs is drawn from the times longer than it has run.",
     "終わったものは申告どおり。実行中のジョブの残りは、経過時間より長い所要時間から引く。"),
)  # fmt: skip
DOES_NOT_CARRY_OVER = (
    ("A running job's transfer is taken to begin now, and a circuit without a time of return to stay down.",
     "実行中のジョブの伝送は今から始まるものとし、復旧見込のない回線は止まったままとする。"),
    ("An overdue job is taken to begin anew: the model cannot know why it takes so long.",
     "想定を超えて実行中のジョブは、今から初めから実行するものとみなす。長引く理由は分からない。"),
    ("How long jobs take and how often they fail is assumed until the scheduler's log has been read.",
     "所要時間と異常終了の頻度は、ジョブ管理の実績を取り込むまで仮定。"),
)  # fmt: skip


def predict(
    estate: Estate,
    state: DutyState,
    seed: int = SEED,
    replications: int = REPLICATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return how the rest of the night goes. Raises EstateLacks where the estate does not describe its nights."""
    standing = standing_of(estate, state, seed, replications)
    undecided, right = standing.play(), put_right(standing)
    base = standing.play(right)
    options = options_of(standing)
    open_jobs = set(state.of("failed", "held"))
    rows = []
    for number, option in enumerate(options):
        before = put_right(standing, option.job) if option.job in open_jobs else right
        rows.append(_option(standing, option, before, standing.play(before) if option.job in open_jobs else base))
        if progress is not None:
            progress(number + 1, len(options))
    rows.sort(key=_urgency)
    tonight = Chosen("tonight", ("Tonight, all put right now", "今夜(直ちに復旧)"), state.day)
    waiting = Chosen("undecided", ("Tonight, nothing decided", "今夜(処置なし)"), state.day)
    batch = described(estate)
    details = {
        "opens_s": batch.opens_in_night_s,
        "now_s": standing.now_s,
        "risk": batch.risk,
        "bin_s": 900,
        "undecided": nets_of(undecided),
        "night": night_report(base, tonight.label, tonight.names, 1),
        "states": {id_: job.state for id_, job in state.jobs.items()},
        "overdue": list(standing.overdue),
        "options": rows,
        "matters": matters(standing, _endless(base)),
        "runbook": runbook(estate),
        "helpdesk": helpdesk(estate, standing.now_s),
    }
    return Answer(
        "tonight", plain(state.model_dump(mode="json")), estate.name, estate.digest, dict(estate.overrides), seed,
        replications, (*figures_of(undecided, waiting), *figures_of(base, tonight)), details,
        assumed_values(estate, shares_of(estate, [base])),
        CARRIES_OVER, DOES_NOT_CARRY_OVER,
    )  # fmt: skip


def _option(standing: Standing, option: Option, before: Plays, base: Played) -> dict[str, Any]:
    """Return an option with what it changes of the plays `before`, and until when it may be decided."""
    at_s = option.shown_at_s(standing)
    changed = standing.play(option.plays(standing, before, at_s))
    # What is held until now is not held at all.
    latest = latest_minute(standing, option, before, base, base if option.holds else changed)
    record: Any = standing.estate.records.jobs.get(option.job) or standing.estate.records.backups[option.job]
    return {
        "id": option.id,
        "kind": option.kind,
        "job": option.job,
        "name": record.name,
        "name_ja": record.name_ja,
        "city": option.city,
        "decided_by": option.by,
        "shown_at_s": at_s,
        "effects": effects(base, changed),
        "backups": backups_late(base, changed),
        "latest": {"verdict": latest.verdict, "at_s": latest.at_s, "plays": latest.plays},
    }


def _endless(base: Played) -> tuple[str, ...]:
    """Return the jobs that do not end in most nights though what they follow does: causes, not what hangs on them."""
    never = np.isnan(base.outcome.ends) & ~base.outcome.skipped
    mostly = {job.name for number, job in enumerate(base.layout.net.jobs) if 2 * never[:, number].sum() > len(never)}
    return tuple(job.name for job in base.layout.net.jobs if job.name in mostly and not mostly & set(job.after))


def _urgency(row: dict[str, Any]) -> tuple[float, float, float, str]:
    """Order options: what lowers the chance of opening late most, then missed deadlines; last what raises them."""
    missed = sum(effect["missed_change"]["mean"] for effect in row["effects"])
    late = sum(effect["late_change"]["mean"] for effect in row["effects"])
    latest = row["latest"]["at_s"] if row["latest"]["verdict"] == "by" else 2 * 86400.0
    return missed, late, latest, row["id"]
