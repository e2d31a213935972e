"""How every prediction is handed over: on the terminal, as JSON, as a page; with the options that all of them share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulation.moving import AT_MOST
from twin.output import Cell, say, show_json, show_table
from twin.progress_bar import progress_bar
from twin.settings import Command, Settings, estate_options, json_option, workers_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer
    from simulation.sensitivity import Sensitivity

ALL = 1_000_000
Tables = Callable[["Estate", "Answer"], None]


class HowMany(click.ParamType[int]):
    """A number of values from 1 on, or `all`."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; `all` is more than any estate has."""
        text = str(value)
        if text == "all":
            return ALL
        if not (text.isascii() and text.isdigit() and int(text) >= 1):
            expected = f"a number from 1 on or `all` (--sensitivity={AT_MOST} before other words)"
            raise click.BadParameter(f"{text!r} is no number of values, expected {expected}", ctx, param)
        return int(text)


@dataclasses.dataclass(frozen=True)
class Asked:
    """What the shared options say."""

    seed: int | None
    replications: int | None
    html: Path | None
    sensitivity: int | None
    language: str | None
    as_json: bool

    @property
    def japanese(self) -> bool:
        """Whether names on the terminal shall be Japanese; they are only when that is asked for."""
        return self.language == "ja"


def answer_options(function: Command) -> Command:
    """Add seed, replications, page, sensitivity, language, estate and JSON; the command is called with an `Asked`."""

    @click.option("--seed", type=int, help="Seed of the random draws.")
    @click.option("--replications", type=click.IntRange(1), help="How often it is played through.")
    @click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write an interactive page here.")
    @click.option(
        "--sensitivity",
        type=HowMany(),
        is_flag=False,
        flag_value=str(AT_MOST),
        metavar="[N|all]",
        help=f"Move the N assumed values that matter most, one by one, and show what hangs on them.  [N: {AT_MOST}]",
    )
    @click.option(
        "--lang", "language", type=click.Choice(["ja", "en"]),
        help="Of names.  [default: ja on a page, en on the terminal]",
    )  # fmt: skip
    @workers_option
    @estate_options
    @json_option
    @click.pass_obj
    @_named_after(function)
    def command(  # noqa: PLR0917 -- click fills in the options
        settings: Settings, seed: int | None, replications: int | None, html: Path | None, sensitivity: int | None,
        language: str | None, as_json: bool, **own: Any,
    ) -> Any:  # fmt: skip
        return function(settings, Asked(seed, replications, html, sensitivity, language, as_json), **own)

    command.__click_params__ = [*command.__click_params__, *getattr(function, "__click_params__", [])]  # type: ignore[attr-defined]
    return command


def _named_after(function: Command) -> Callable[[Command], Command]:
    def named(command: Command) -> Command:
        command.__name__, command.__doc__ = function.__name__, function.__doc__
        return command

    return named


def deliver(
    settings: Settings, asked: Asked, question: Mapping[str, Any], tables: Tables | None = None, *, figures: bool = True
) -> Answer:
    """Ask a question and hand the answer over as the options say; return it.

    `tables` prints what only this kind shows; the figures follow, unless the tables have said them all.
    """
    from simulation.questions import ask

    estate = settings.load()
    with progress_bar(str(question["kind"])) as progress, settings.executor() as executor:
        answer = ask(estate, question, asked.seed, asked.replications, progress, executor)
    found = _sensitivity(settings, estate, answer, asked.sensitivity) if asked.sensitivity else None
    if asked.html:
        from twin.reports.page import page

        asked.html.write_text(page(estate, answer, found, "en" if asked.language == "en" else "ja"), encoding="utf-8")
        say(f"page: {asked.html}")
    if asked.as_json:
        document = answer.document()
        show_json({**document, "sensitivity": found.document() if found else None})
        return answer
    if tables:
        tables(estate, answer)
    if figures:
        show_figures(answer)
    if found:
        _show_swings(answer, found)
    show_assumed(answer, asked.language)
    return answer


def show_figures(answer: Answer) -> None:
    """Print every figure with its interval."""
    rows: list[list[Cell]] = [
        [one.id, one.title, said(one.value), f"{said(one.low)} to {said(one.high)}", one.unit, one.per]
        for one in answer.figures
    ]
    show_table("Predicted", ["figure", "", "value", "95 %", "unit", "out of"], rows)


def said(value: float | None) -> str:
    """Return a figure in words: one without bound has no number."""
    return "no bound" if value is None else f"{value:.6g}"


def show_assumed(answer: Answer, language: str | None = None) -> None:
    """Print the assumed values that an answer hangs on most, and how many more it stands on."""
    from simulation.assumptions import counts, named

    if not answer.assumed:
        return
    found = counts(answer.assumed)
    japanese, english = _ASSUMED["most" if found.named else "none"]
    say((japanese if language == "ja" else english).format(named=found.named, others=found.others))
    for one in named(answer.assumed):
        say(f"  {one.file}:{one.line}: {one.path} ({one.source}, trust {one.trust})")


_ASSUMED = {
    "most": (
        "主に次の仮定値{named}件に依存(ほかに{others}件。--json で全件、--sensitivity で影響の大きさ):",
        "hangs most on {named} assumed values, stands on {others} more (--json: all, --sensitivity: how far):",
    ),
    "none": (
        "仮定値{others}件に基づくが、いずれも影響は1%未満(--json で全件)",
        "stands on {others} assumed values, on none of them by a hundredth of a figure (--json has all)",
    ),
}


def _sensitivity(settings: Settings, estate: Estate, answer: Answer, at_most: int) -> Sensitivity:
    from simulation.sensitivity import sensitivity

    with progress_bar("sensitivity") as progress, settings.pool() as executor:
        return sensitivity(estate, answer, at_most, executor=executor, progress=progress)


def _show_swings(answer: Answer, found: Sensitivity) -> None:
    rows: list[list[Cell]] = [
        [one.figure, one.path, f"{one.less} / {one.stated} / {one.more}", said(one.low), said(one.base), said(one.high)]
        for figure in answer.figures
        for one in found.of(figure.id)[:5]
    ]
    show_table("Hangs most on", ["figure", "assumed value", "less / stated / more", "less", "stated", "more"], rows)
    rest = f"; {len(found.left_out)} that weigh less were left out (--sensitivity all)" if found.left_out else ""
    say(f"moved {found.moved} values, {len(found.not_moved)} have no size to move{rest}")
