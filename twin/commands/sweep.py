"""`twin sweep`: one question over a grid of values, or the value at which a condition just holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.delivery import said
from twin.output import Cell, say, show_json, show_table
from twin.progress_bar import progress_bar
from twin.settings import Settings, estate_options, json_option, workers_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.sweep import Sweep


@click.command(epilog="Example: twin sweep simulation/sweeps/least-backup-rate.yaml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workers_option
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, file: Path, as_json: bool) -> int:
    """Ask the question of FILE over its grid, or search for the value at which its condition just holds.

    FILE is YAML: `question` with its kind, `set` for values that hold for all, and either `grid` (every combination
    of values by dotted path) or `search` (one path, its range, what must hold). A grid runs on every processor
    unless --workers says otherwise; the answers depend on the values and the seed alone. Exit 1 where a variant has
    no answer, or a search finds nothing.
    """
    from simulation.sweep import load_sweep

    estate = settings.load()
    sweep = load_sweep(file)
    document = _search(estate, sweep) if sweep.search else _grid(settings, estate, sweep)
    if as_json:
        show_json(document)
    elif sweep.search:
        _show_search(sweep, document)
    else:
        _show_grid(sweep, document)
    return 1 if any(one["problem"] for one in document.get("variants", ())) else 0


def _head(estate: Estate, sweep: Sweep) -> dict[str, Any]:
    return {
        "title": sweep.title, "question": sweep.question, "estate": estate.name, "estate_digest": estate.digest,
        "overrides": dict(estate.overrides), "seed": sweep.seed, "replications": sweep.replications,
    }  # fmt: skip


def _grid(settings: Settings, estate: Estate, sweep: Sweep) -> dict[str, Any]:
    from simulation.variants import answers

    variants = list(sweep.variants())
    with progress_bar(sweep.title) as progress, settings.pool() as executor:
        outcomes = answers(
            estate, variants, sweep.question, sweep.seed, sweep.replications, executor=executor, progress=progress
        )
    rows = [
        {
            "values": variant,
            "problem": outcome if isinstance(outcome, str) else None,
            "figures": [] if isinstance(outcome, str) else outcome.document()["figures"],
        }
        for variant, outcome in zip(variants, outcomes, strict=True)
    ]
    return {**_head(estate, sweep), "variants": rows}


def _search(estate: Estate, sweep: Sweep) -> dict[str, Any]:
    from simulation.search import search

    with progress_bar(sweep.title) as progress:
        found = search(estate, sweep, progress)
    return {**_head(estate, sweep), **found.document()}


def _show_grid(sweep: Sweep, document: dict[str, Any]) -> None:
    ids = list(dict.fromkeys(figure["id"] for row in document["variants"] for figure in row["figures"]))
    rows: list[list[Cell]] = []
    for row in document["variants"]:
        known = {figure["id"]: said(figure["value"]) for figure in row["figures"]}
        values = [row["values"][path] for path in sweep.grid]
        rows.append([*values, *(known.get(id_, "-") for id_ in ids)])
        if row["problem"]:
            say(f"{', '.join(values)}: {row['problem']}")
    show_table(sweep.title, [*sweep.grid, *ids], rows)


def _show_search(sweep: Sweep, document: dict[str, Any]) -> None:
    assert sweep.search is not None, "a search is shown where one was made"
    figure = sweep.search.where.figure
    rows: list[list[Cell]] = [
        [one["value"], "holds" if one["holds"] else "does not hold", said(one["figure"]) if figure else one["why"]]
        for one in document["trials"]
    ]
    show_table(sweep.title, [sweep.search.vary, "", figure or "the first that is broken"], rows)
    say(f"{sweep.search.find} {sweep.search.vary} at which it holds: {document['value']}; not at {document['beyond']}")
