"""`twin compare`: two estates, two revisions or two runs, figure by figure."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.delivery import said
from twin.errors import TwinError
from twin.output import Cell, say, show_json, show_table
from twin.progress_bar import progress_bar
from twin.revision import estate_at
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer
    from simulation.comparison import Comparison

_SIGNS = {"better": "+", "worse": "-", "different": "~", "only before": "<", "only after": ">", "no difference": "="}


class SideUnreadable(TwinError):
    """One of the two sides is neither a run, nor an estate, nor a revision."""

    code = 2


@click.command(epilog="Example: twin compare HEAD~1 . --ask failover scenario=fuji-one-cut")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--ask", "asked", nargs=1, metavar="KIND", help="What to ask of both: failover, batch, capacity, …")
@click.option("--with", "parts", metavar="KEY=VALUE", multiple=True, help="A part of the question. May be repeated.")
@click.option("--seed", type=int, help="Seed of the random draws, the same for both.")
@click.option("--replications", type=click.IntRange(1), help="How often each is played through.")
@estate_options
@json_option
@click.pass_obj
def command(  # noqa: PLR0917 -- click fills in the options
    settings: Settings, before: str, after: str, asked: str | None, parts: tuple[str, ...], seed: int | None,
    replications: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Say what is better and what is worse in B than in A, and which differences the runs can tell.

    A and B are each a .json file that `twin simulate … --json` wrote, an estate by name or folder, or a revision of the
    repository (`.` is the estate as it is now). Runs are compared as they are; of estates and revisions the same
    question is asked with the same seed. A difference counts where it exceeds what chance explains. Exit 1 where
    anything is worse.
    """
    from simulation.comparison import compare

    answers = [_run(side) for side in (before, after)]
    if all(answers):
        old, new = (answer for answer in answers if answer)
    elif any(answers):
        raise SideUnreadable("a run is compared with a run: give two .json files, or none")
    else:
        old, new = _asked(settings, (before, after), _question(asked, parts), seed, replications)
    found = compare(old, new)
    if as_json:
        show_json(found.document())
    else:
        _show(found)
    return 1 if any(one.verdict == "worse" for one in found.differences) else 0


def _run(side: str) -> Answer | None:
    """Return the answer that a file holds, None where the side is no file of JSON."""
    from simulation.answer import read_answer

    path = Path(side)
    if path.suffix != ".json":
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SideUnreadable(f"{side}: {error}; expected what `twin simulate … --json` wrote") from error
    if isinstance(document, dict):
        document.pop("sensitivity", None)
    return read_answer(document, side)


def _question(asked: str | None, parts: tuple[str, ...]) -> dict[str, Any]:
    if asked is None:
        raise click.UsageError("say with --ask what to ask of both, such as `--ask failover --with scenario=NAME`")
    question: dict[str, Any] = {"kind": asked}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals:
            raise click.UsageError(f"--with: `{part}` is not KEY=VALUE")
        question[key] = value
    return question


def _asked(
    settings: Settings, sides: tuple[str, str], question: dict[str, Any], seed: int | None, replications: int | None
) -> list[Answer]:
    from simulation.questions import ask

    answers = []
    with progress_bar("compare") as progress:
        for number, side in enumerate(sides, 1):
            with _estate(settings, side) as estate:
                answers.append(ask(estate, question, seed, replications))
            progress(number, len(sides))
    return answers


@contextlib.contextmanager
def _estate(settings: Settings, side: str) -> Iterator[Estate]:
    """Yield the estate of a side, by name, folder, revision, or `.` for what the settings name."""
    from inventory.load import estate_names, find_estate
    from topology.check import check_estate

    if side == ".":
        yield settings.load()
    elif side in estate_names() or Path(side).is_dir():
        yield check_estate(side, settings.overrides)
    else:
        with estate_at(side, find_estate(settings.estate)) as folder:
            yield check_estate(str(folder), settings.overrides)


def _show(found: Comparison) -> None:
    rows: list[list[Cell]] = [
        [
            f"{_SIGNS[one.verdict]} {one.id}", one.title, said(one.before), said(one.after),
            "-" if one.change is None else f"{one.change:+.6g}", "-" if one.margin is None else f"{one.margin:.3g}",
            one.unit, one.verdict,
        ]
        for one in found.differences
    ]  # fmt: skip
    show_table("Compared", ["figure", "", "before", "after", "change", "chance explains", "unit", ""], rows)
    counts = {verdict: sum(one.verdict == verdict for one in found.differences) for verdict in _SIGNS}
    say(", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count))
