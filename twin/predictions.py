"""What commands that answer with an `Answer` share: options of runs, a progress bar, the table of figures."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from twin.output import Cell, show_table

if TYPE_CHECKING:
    from simulation.answer import Answer, Predicted

PATIENCE_S = 2.0
Progress = Callable[[int, int], None]


def runs_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--seed` and `--replications`."""
    seed = click.option("--seed", type=click.IntRange(0), help="Seed of the random draws.")
    runs = click.option("--replications", type=click.IntRange(2), help="How often each day is played through.")
    return seed(runs(function))


@contextlib.contextmanager
def bar(label: str) -> Iterator[Progress | None]:
    """Give a callable of (done, all) that draws a bar on stderr once two seconds are over; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    begin_s = time.monotonic()
    drawn: Any = None

    def tell(done: int, total: int) -> None:
        nonlocal drawn
        if drawn is None and time.monotonic() - begin_s > PATIENCE_S:
            drawn = click.progressbar(length=total, label=label, file=sys.stderr)
            drawn.render_progress()
        if drawn is not None:
            drawn.update(done - drawn.pos)

    try:
        yield tell
    finally:
        if drawn is not None:
            drawn.render_finish()


def show_figures(answer: Answer) -> None:
    """Show the figures with their intervals, and the values that they hang on."""
    columns = ["figure", "value", "interval", "unit", "per", ""]
    show_table("Figures", columns, [_row(figure) for figure in answer.figures])
    if answer.assumed:
        click.echo(f"Hangs on {len(answer.assumed)} assumed or least trusted values (see --json)")


def _row(figure: Predicted) -> list[Cell]:
    spread = "exact" if figure.confidence == 1 else f"{_shown(figure.low)} to {_shown(figure.high)}"
    unit = "" if figure.unit == "1" else figure.unit
    return [figure.id, _shown(figure.value), spread, unit, figure.per, figure.title]


def _shown(value: float | None) -> str:
    """Return a value with four significant digits, or that it has no bound."""
    if value is None:
        return "without end"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
