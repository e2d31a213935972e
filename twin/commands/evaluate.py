"""`twin evaluate`: packages judged by the estate's scorecard, every judgement shown."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.output import Cell, say, show_json, show_table
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from topology.evaluation import Evaluation

MARKS = {"double-circle": "◎", "circle": "○", "triangle": "△", "cross": "×", None: "-"}


@click.command(epilog="Example: twin evaluate docs/guides/packages.yaml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, file: Path, as_json: bool) -> None:
    """Judge the packages in FILE by the scorecard of the estate, and rank them by the weights that FILE states.

    Without `points` and `weights` in FILE nothing is ranked: the source prints none. A package that leaves a question
    open has no score; one below what the scorecard asks of any candidate is excluded.
    """
    from topology.evaluation import evaluate, read_candidates

    estate = settings.load()
    card = estate.records.scorecard
    if card is None:
        raise click.UsageError(f"the estate {estate.name} has no `scorecard:` in any of its files")
    found = evaluate(read_candidates(file, card), card)
    if as_json:
        show_json({"estate": estate.name, "estate_digest": estate.digest,
                   "packages": [dataclasses.asdict(one) for one in found]})  # fmt: skip
        return
    rows: list[list[Cell]] = []
    for index, (id_, question) in enumerate(card.questions.items()):
        cells: list[Cell] = [f"{MARKS[one.judged[index].mark]} {one.judged[index].step}".strip() for one in found]
        rows.append([card.indicators[question.indicator].name_ja, question.name_ja, id_, *cells])
    rows.append(["", "", "", *(_outcome(one) for one in found)])
    show_table("Evaluation", ["indicator", "question", "id", *(one.package for one in found)], rows)
    if all(one.score is None for one in found):
        say("not ranked: no package has a score (FILE states no points and weights, or questions are open)")


def _outcome(one: Evaluation) -> str:
    if one.excluded:
        return "excluded"
    return "no score" if one.score is None else f"rank {one.rank}, score {one.score:.2f}"
