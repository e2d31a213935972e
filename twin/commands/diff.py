"""`twin diff`: what a change to the estate means, before anything is built."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.output import say, show_json
from twin.revision import estate_at
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
TITLES = {
    "entries": "entry", "sources": "source", "addresses": "address", "flows": "flow", "documents": "document",
    "promises": "promise",
}  # fmt: skip


@click.command(epilog="Example: twin diff HEAD~1, or twin diff --set readings.encryption-scope.choice=all-circuits")
@click.argument("revision", required=False)
@click.option("--promises/--no-promises", default=True, help="Predict both for the promises (some seconds).")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, revision: str | None, promises: bool, as_json: bool) -> None:
    """Show what differs between the estate at REVISION of the repository and the estate as it is now.

    Without REVISION the values given by --set are held against the files as they are. Entries, sources of values,
    addresses, permitted flows, documents and the predictions behind the promises are compared.
    """
    from topology.compare import compare_estates
    from topology.documents.changes import changed_documents

    if revision is None and not settings.overrides:
        raise click.UsageError("name a revision, such as HEAD, or replace values with --set")
    after = settings.load()
    with _before(settings, after, revision) as before:
        found = compare_estates(before, after)
        document: dict[str, Any] = {
            "before": {"revision": revision, "estate_digest": before.digest},
            "after": {"overrides": dict(after.overrides), "estate_digest": after.digest},
            **dataclasses.asdict(found),
            "documents": [dataclasses.asdict(change) for change in changed_documents(before, after)],
            "promises": _promises(before, after) if promises else None,
        }
    if as_json:
        show_json(document)
    else:
        _show(document)


@contextlib.contextmanager
def _before(settings: Settings, after: Estate, revision: str | None) -> Iterator[Estate]:
    """Yield the estate to compare with: that of the revision, or that of the files without what is replaced."""
    from topology.check import check_estate

    if revision is None:
        yield check_estate(settings.estate)
        return
    with estate_at(revision, Path(after.folder)) as folder:
        yield check_estate(str(folder))


def _promises(before: Estate, after: Estate) -> list[dict[str, Any]]:
    """Return the rows of the gate that come, go or are predicted otherwise."""
    from simulation import gate

    old, new = (
        {(row.promise, row.scenario, row.city): row for row in gate.evaluate(estate).rows} for estate in (before, after)
    )
    rows = []
    for key in [*old, *(key for key in new if key not in old)]:
        one, other = old.get(key), new.get(key)
        if one and other and (one.predicted, one.limit, one.holds) == (other.predicted, other.limit, other.holds):
            continue
        what = "changed" if one and other else "removed" if one else "added"
        row = {"what": what, "promise": key[0], "scenario": key[1], "city": key[2]}
        rows.append({**row, "before": _row(one), "after": _row(other)})
    return rows


def _row(row: Any) -> dict[str, Any] | None:
    return {"predicted": row.predicted, "limit": row.limit, "holds": row.holds} if row else None


def _show(document: dict[str, Any]) -> None:
    shown = 0
    for part, title in TITLES.items():
        for change in document[part] or ():
            shown += 1
            where = f"  {change['file']}:{change['line']}" if change.get("file") else ""
            if part == "promises":
                name = f"{change['promise']}: {change['city']} after {change['scenario']}"
                before, after = _sentence(change["before"]), _sentence(change["after"])
            else:
                name, before, after = change["name"], change["before"], change["after"]
            arrow = {"added": after, "removed": before}.get(change["what"], f"{before} → {after}")
            click.echo(f"{SIGNS[change['what']]} {title} {name}: {arrow}{where}")
    if not shown:
        say("nothing differs")


def _sentence(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    predicted = "never back" if row["predicted"] is None else f"{row['predicted']:.2f} s"
    return f"{predicted} ({'holds' if row['holds'] else 'BROKEN'})"
