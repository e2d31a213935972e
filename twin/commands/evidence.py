"""`twin evidence`: what was recorded, and whether it is still what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from twin.output import Cell, say, show_json, show_pairs, show_table
from twin.settings import estate_options, json_option, state_folder


@click.group(epilog="Example: twin evidence verify")
def command() -> None:
    """List, show, verify and hand over the records of runs."""


@command.command("list", epilog="Example: twin evidence list --kind drill")
@click.option("--kind", help="Only records of this kind: gate, verification, prediction, drill, …")
@estate_options
@json_option
def list_records(kind: str | None, as_json: bool) -> None:
    """List the records, oldest first."""
    from evidence.chain import read

    chain = read(state_folder() / "evidence")
    chosen = [record for record in chain.records if kind in (None, record.kind)]
    if chain.torn:
        say(f"line {chain.torn[0].line} of the records is torn by a crash; the next record will say so")
    if as_json:
        show_json([{**_summary(record), "what": what(record.kind, record.payload)} for record in chosen])
        return
    rows: list[list[Cell]] = [
        [record.seq, record.time[:19] + "Z", record.kind, what(record.kind, record.payload), record.digest[:16]]
        for record in chosen
    ]
    show_table("Evidence", ["seq", "time", "kind", "what", "digest"], rows)


@command.command(epilog="Example: twin evidence show 3 --json")
@click.argument("record", metavar="SEQ|DIGEST")
@estate_options
@json_option
def show(record: str, as_json: bool) -> None:
    """Show one record, by its number or the beginning of its digest."""
    from evidence.chain import read

    records = read(state_folder() / "evidence").records
    found = [entry for entry in records if str(entry.seq) == record]
    found = found or [entry for entry in records if len(record) >= 6 and entry.digest.startswith(record)]
    if len(found) != 1:
        known = f"1 to {len(records)}" if records else "none yet"
        raise click.UsageError(f"no one record `{record}`; known are {known}, or at least 6 digits of a digest")
    if as_json:
        show_json(found[0].document())
        return
    show_pairs({**_summary(found[0]), "what": what(found[0].kind, found[0].payload)})
    show_json(found[0].payload)


@command.command(epilog="Example: twin evidence verify --expect DIGEST")
@click.option("--expect", multiple=True, metavar="DIGEST", help="A digest that the chain must hold; may be repeated.")
@click.option("--key", metavar="FINGERPRINT", help="The fingerprint that the public key must have.")
@estate_options
@json_option
def verify(expect: tuple[str, ...], key: str | None, as_json: bool) -> int:
    """Check that no record was changed, left out or added. The same check needs nothing but evidence/verify.py.

    Exit 1 where something does not fit together.
    """
    from evidence import verify as verifier

    folder = _recorded()
    result = verifier.verify(folder, list(expect), key)
    if as_json:
        show_json(result)
    else:
        for finding in result["findings"]:
            click.echo(f"finding: {finding}")
        for note in result["notes"]:
            click.echo(f"note: {note}")
        holds = "yes" if result["holds"] else "NO"
        show_pairs({"holds": holds, "records": result["records"], "head": result["head"], "key": result["key"]})
    return 0 if result["holds"] else 1


@command.command(epilog="Example: twin evidence export handover")
@click.argument("to", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where DIR holds the evidence of another clone.")
@estate_options
@json_option
def export(to: Path, replace: bool, as_json: bool) -> None:
    """Copy the records, the signed head and the public key to DIR, for others to verify; never the private key.

    A copy of an earlier state is brought up to date.
    """
    from evidence.publish import publish

    chain = publish(_recorded(), to, replace=replace)
    say(f"copied; check it with `python3 evidence/verify.py {to}`")
    copied: dict[str, Cell] = {"folder": str(to), "records": len(chain.records), "head": chain.head}
    if as_json:
        show_json(copied)
    else:
        show_pairs(copied)


def _recorded() -> Path:
    """Return the folder of the evidence; a usage error where nothing is recorded."""
    folder = state_folder() / "evidence"
    if not (folder / "records.jsonl").exists():
        raise click.UsageError(
            f"nothing is recorded yet in {folder}; `make up`, `twin gate --record` or a drill record"
        )
    return folder


_IN_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "gate": lambda payload: f"{sum(row['holds'] for row in payload['rows'])} of {len(payload['rows'])} rows hold",
    "prediction": lambda payload: f"{payload.get('scenario')}: sealed {str(payload.get('prediction_digest'))[:16]}",
    "drill": lambda payload: f"{payload.get('scenario')} × {payload.get('repeats')}: {payload.get('verdict')}",
    "drill-aborted": lambda payload: f"{payload.get('scenario')}: {payload.get('why')}",
    "verification": lambda payload: f"{payload['passed']} passed, {len(payload['failed'])} failed",
    "recovered": lambda payload: f"{len(payload.get('torn', []))} lines torn by a crash",
}


def what(kind: str, payload: dict[str, Any]) -> str:
    """Return a record's content in a few words."""
    return _IN_WORDS[kind](payload) if kind in _IN_WORDS else ""


def _summary(record: Any) -> dict[str, Any]:
    return {"seq": record.seq, "time": record.time, "kind": record.kind, "digest": record.digest}
