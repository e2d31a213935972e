"""The fidelity report, from the evidence alone: every scenario's newest drill beside what was sealed before it."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence.chain import Record

_HEAD = """\
# Fidelity

How well the predictions hold on the lab. Written by `twin drill --report` from the evidence; do not edit. Every
prediction was sealed before its runs, and every record is in a signed chain: `python3 evidence/verify.py {copy}`.

A verdict is `agrees` where the measured median lies inside the predicted 95 % interval widened by two probe spacings,
the means differ by at most 15 % or 100 ms (whichever is larger), and the predicted interval is at most twice as wide as
the runs' range (two probe spacings where it is less, since it cannot be told from them). The error is measured minus
predicted mean, with its own 95 % interval (Student's t): the model's bias.
"""
_APART = """\
Only the drill's own repair ends these, so their length says nothing about the model and they are not judged. What can
be compared is the time from the repair until the last flow is back.
"""
_NONE = "None.\n"


def fidelity_report(estate: str, records: Iterable[Record], copy: Path) -> str:
    """Return the report on an estate as Markdown; of each scenario and set of timers the newest drill counts.

    Every other drill, and every sealed prediction that was never held against a drill, is named, so that nothing can
    be left out unseen. `copy` is the folder in which the reader finds the records.
    """
    about = [record for record in records if record.payload.get("estate") == estate]
    newest = {_key(record): record for record in about if record.kind == "drill"}
    head = _HEAD.format(copy=copy)
    if not newest:
        return head + "\nNothing was drilled yet: run `make drill`.\n"
    sets = sorted({timers for timers, _ in newest}, key=lambda timers: (timers != "{}", timers))
    parts = [head]
    for timers in sets:
        chosen = [record for (own, _), record in sorted(newest.items()) if own == timers]
        parts.append(_section(timers, chosen))
    parts += [_left_out(about, newest), _surroundings(list(newest.values()))]
    return "\n".join(parts)


def _key(record: Record) -> tuple[str, str]:
    return _timers(record.payload), record.payload["scenario"]


def _left_out(records: Sequence[Record], newest: Mapping[tuple[str, str], Record]) -> str:
    """Return the drills that were held again, that ended early, and the sealed predictions without any result."""
    lines: list[str] = []
    sealed: dict[tuple[str, str], Record] = {}
    for record in records:
        if record.kind not in {"prediction", "drill", "drill-aborted"}:
            continue
        before = sealed.pop(_key(record), None)
        if record.kind == "prediction":
            sealed[_key(record)] = record
            if before:
                lines.append(_without_result(before))
        elif record.kind == "drill-aborted":
            lines.append(f"- {_named(record)}: ended after {record.payload['runs']} runs: {record.payload['why']}")
        elif record is not newest[_key(record)]:
            again = newest[_key(record)].seq
            lines.append(f"- {_named(record)}: {record.payload['verdict']}; held again, record {again} counts")
    lines += [_without_result(record) for record in sealed.values()]
    return "\n".join(["## Drills that do not count", "", *(lines or [_NONE.rstrip()]), ""])


def _without_result(sealed: Record) -> str:
    return f"- {_named(sealed)}: the prediction was sealed, and no result recorded: killed, or still running"


def _named(record: Record) -> str:
    timers = json.loads(_timers(record.payload))
    shown = f" ({', '.join(f'{name} = {value}' for name, value in timers.items())})" if timers else ""
    return f"record {record.seq}, {record.time[:19]}Z, {record.payload['scenario']}{shown}"


def _timers(payload: dict[str, Any]) -> str:
    return json.dumps(payload.get("overrides", {}), sort_keys=True)


def _section(timers: str, records: Sequence[Record]) -> str:
    """Return one set of timers: its table, what failed, the outages ended by repairs, the undisturbed cities."""
    replaced = json.loads(timers)
    title = "The estate's own timers"
    if replaced:
        title = "Timers never used while the model was made: " + ", ".join(f"{k} = {v}" for k, v in replaced.items())
    rows, apart, failed, quiet = [], [], [], []
    for record in records:
        payload = record.payload
        for city in sorted(payload["measured"]):
            judged = payload["judged"][city]
            if payload["predicted"]["cities"][city]["ended_by_repair"] and judged["verdict"] == "not judged":
                apart.append(_apart_row(payload, city))
            elif _untouched(payload, city):
                quiet.append(f"{city} after {payload['scenario']}")
            else:
                rows.append(_row(payload, city))
            failed += [
                f"- {payload['scenario']}, {city}: {check['question']}: {check['why']}"
                for check in judged["checks"]
                if check["holds"] is False
            ]
    lines = [f"## {title}", "", *_table(_COLUMNS, rows), ""]
    lines += ["What does not hold:", "", *(failed or ["Nothing."]), ""]
    lines += [
        "### Outages that the repair ends",
        "",
        _APART,
        *(_table(_APART_COLUMNS, apart) if apart else [_NONE]),
        "",
    ]
    if quiet:
        lines += [f"Nothing was lost, as predicted: {'; '.join(quiet)}.", ""]
    lines += ["### Transactions", "", *_table(_USE_COLUMNS, [_use_row(record.payload) for record in records]), ""]
    return "\n".join(lines)


_COLUMNS = ("scenario", "city", "predicted median (95 %) s", "measured median s", "mean s", "range s", "error (95 %) s",
            "flows hit, predicted", "measured", "runs", "verdict")  # fmt: skip
_APART_COLUMNS = ("scenario", "city", "outage s, predicted", "measured median", "repair to return s, predicted (95 %)",
                  "measured median", "range", "runs")  # fmt: skip
_USE_COLUMNS = ("scenario", "HTTPS requests sent", "failed", "slowest s", "host busy", "latest probe ms late",
                "runs discarded", "kernel")  # fmt: skip


def _row(payload: dict[str, Any], city: str) -> list[str]:
    predicted, measured, error = (payload[key][city] if key != "predicted" else payload[key]["cities"][city]
                                  for key in ("predicted", "measured", "error_s"))  # fmt: skip
    runs = _numbers(measured["outage_s"])
    return [
        payload["scenario"], city, _spread(predicted["outage_s"]), _figure(statistics.median(runs)),
        _figure(statistics.fmean(runs)), f"{_figure(min(runs))} to {_figure(max(runs))}", _error(error),
        f"{predicted['flows_hit']:.0%}", f"{measured['flows_hit']:.0%}", str(payload["repeats"]),
        payload["judged"][city]["verdict"],
    ]  # fmt: skip


def _apart_row(payload: dict[str, Any], city: str) -> list[str]:
    predicted, measured = payload["predicted"]["cities"][city], payload["measured"][city]
    outages, returns = _numbers(measured["outage_s"]), _numbers(measured["recovery_s"])
    return [
        payload["scenario"], city, _figure(_number(predicted["outage_s"]["median"])),
        _figure(statistics.median(outages)), _spread(predicted["recovery_s"]), _figure(statistics.median(returns)),
        f"{_figure(min(returns))} to {_figure(max(returns))}", str(payload["repeats"]),
    ]  # fmt: skip


def _use_row(payload: dict[str, Any]) -> list[str]:
    runs = payload["runs"]
    used = [entry for run in runs for entry in run["transactions"].values()]
    return [
        payload["scenario"], str(sum(entry["sent"] for entry in used)), str(sum(entry["failed"] for entry in used)),
        f"{max(entry['slowest_s'] for entry in used):.1f}", f"{statistics.fmean(run['host_busy'] for run in runs):.0%}",
        f"{max(run['probe_quality']['latest_s'] for run in runs) * 1000:.0f}", str(len(payload["discarded"])),
        payload["host"]["kernel"],
    ]  # fmt: skip


def _untouched(payload: dict[str, Any], city: str) -> bool:
    """Tell whether nothing was predicted to be lost, nothing was, and the verdict says so."""
    worst_s = max(_numbers(payload["measured"][city]["outage_s"]))
    predicted_s = _number(payload["predicted"]["cities"][city]["outage_s"]["high"])
    return predicted_s == worst_s == 0.0


def _surroundings(records: Sequence[Record]) -> str:
    """Return the host, the scale, what carries over and what cannot be realised."""
    last = max(records, key=lambda record: record.seq)
    payload = last.payload
    busy = [run["host_busy"] for record in records for run in record.payload["runs"]]
    kernel = payload["host"]
    commits = sorted({_commit(record.payload["commit"]) for record in records})
    probes, memory_gib = payload["probes"], kernel["memory_bytes"] / 2**30
    facts = (
        f"Newest record: {last.seq}, {last.time[:19]}Z, digest `{last.digest}`.",
        f"Code: commit {', '.join(commits)}.",
        f"Host: kernel {kernel['kernel']}, {kernel['cpus']} processors, {memory_gib:.0f} GiB.",
        f"Processors at work during the runs: {min(busy):.0%} to {max(busy):.0%} of the time.",
        f"Scale: rates divided by {payload['scale']:g}.",
        f"Probes: {probes['flows']} flows each way, one packet each {probes['spacing_s'] * 1000:.0f} ms.",
        f"Seed {payload['seed']}, {payload['predicted']['replications']} replications for each prediction.",
    )
    head = ["## Surroundings", "", *(f"- {fact}" for fact in facts)]
    lists = (
        ("What carries over to the real estate", payload["predicted"]["carries_over"]),
        ("What does not", payload["predicted"]["does_not_carry_over"]),
        ("What the lab cannot realise", payload["limits"]),
    )
    for title, sentences in lists:
        head += ["", f"### {title}", "", *(f"- {sentence}" for sentence in sentences)]
    return "\n".join(head) + "\n"


def _commit(commit: str) -> str:
    head, changed, _ = commit.partition("+")
    return head[:12] + (" with changes" if changed else "")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _number(value: float | None) -> float:
    return math.inf if value is None else value


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [_number(value) for value in values]


def _figure(value_s: float) -> str:
    return "to the horizon" if math.isinf(value_s) else f"{value_s:.2f}"


def _spread(record: dict[str, float | None]) -> str:
    median, low, high = (_figure(_number(record[name])) for name in ("median", "low", "high"))
    if low == high:
        return median
    return f"{median} ({low} {high})" if high.startswith("to ") else f"{median} ({low} to {high})"


def _error(error: dict[str, float | None]) -> str:
    if error["mean"] is None:
        return "–"
    if error["low"] is None or error["high"] is None:
        return f"{error['mean']:+.3f}"
    return f"{error['mean']:+.3f} ({error['low']:+.3f} to {error['high']:+.3f})"
