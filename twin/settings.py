"""What every command is told: which estate with which values replaced, and whether to answer in JSON.

`--estate` and `--set` may stand before or after the command's name.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from inventory.models.estate import Estate

DEFAULT_ESTATE = "fuji-fujinomiya"
ROOT = Path(__file__).resolve().parent.parent
Command = Callable[..., Any]


@dataclasses.dataclass
class Settings:
    """The estate asked for, by name or folder, and the values replaced in it."""

    estate: str = DEFAULT_ESTATE
    overrides: dict[str, str] = dataclasses.field(default_factory=dict)
    workers: int | str = 1

    def load(self) -> Estate:
        """Return the estate, whole and sound; raises EstateNotFound or EstateInvalid."""
        from topology.check import check_estate

        return check_estate(self.estate, self.overrides)

    def executor(self) -> AbstractContextManager[Executor | None]:
        """Return the workers asked for; the results are the same on any of them."""
        from simulation.workers import dask, processes

        return processes(self.workers) if isinstance(self.workers, int) else dask(self.workers)

    def pool(self) -> AbstractContextManager[Executor | None]:
        """Return the workers for many questions at once: those asked for, else one for each processor."""
        import os

        from simulation.workers import processes

        return processes(len(os.sched_getaffinity(0))) if self.workers == 1 else self.executor()

    def arguments(self) -> list[str]:
        """Return the options that give another command the same settings."""
        return [
            "--estate",
            self.estate,
            *(word for item in self.overrides.items() for word in ("--set", "=".join(item))),
        ]


def state_folder() -> Path:
    """Return the clone's private folder."""
    import os

    return Path(os.environ.get("MUNICIPAL_TWIN_STATE") or ROOT / ".state")


def complete_estates(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the estates that come with the project, then folders."""
    folder = ROOT / "inventory" / "estates"
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name.startswith(incomplete))
    return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="dir")]


def complete_scenarios(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the scenarios that come with the project, then files."""
    folder = ROOT / "simulation" / "scenarios"
    names = sorted({path.stem for path in folder.rglob("*.yaml") if path.stem.startswith(incomplete)})
    return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="file")]


def estate_options(function: Command) -> Command:
    """Add `--estate` and `--set`; a command's own win over those before its name."""
    estate = click.option(
        "--estate", metavar="NAME|DIR", expose_value=False, callback=_keep_estate, shell_complete=complete_estates,
        help=f"The estate, by name or folder.  [default: {DEFAULT_ESTATE}]",
    )  # fmt: skip
    overrides = click.option(
        "--set", metavar="PATH=VALUE", multiple=True, expose_value=False, callback=_keep_overrides,
        help="Replace a value for this run, e.g. timers.bfd.interval='100 ms'. May be repeated.",
    )  # fmt: skip
    return estate(overrides(function))


def json_option(function: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (docs/schemas/).")(function)


def workers_option(function: Command) -> Command:
    """Add `--workers`: processes of this machine, or a Dask cluster."""
    return click.option(
        "--workers", metavar="N|ADDRESS", expose_value=False, callback=_keep_workers,
        help="Run on so many processes, or on the Dask cluster with this scheduler (tcp://host:port).  [default: 1]",
    )(function)  # fmt: skip


def _keep_workers(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    if not ("://" in value or (value.isascii() and value.isdigit() and int(value) >= 1)):
        raise click.BadParameter(f"{value!r} is neither a number from 1 on nor tcp://host:port")
    context.ensure_object(Settings).workers = value if "://" in value else int(value)


def scenario_argument(name: str = "scenario", **attributes: Any) -> Callable[[Command], Command]:
    """Add the name of a scenario as an argument."""
    return functools.partial(
        _decorate, click.argument(name, metavar="SCENARIO", shell_complete=complete_scenarios, **attributes)
    )


def _decorate(decorator: Callable[[Command], Command], function: Command) -> Command:
    return decorator(function)


def _keep_estate(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Settings).estate = value


def _keep_overrides(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> None:
    for text in values:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise click.BadParameter(f"`{text}` is not PATH=VALUE", context, parameter)
        context.ensure_object(Settings).overrides[path] = value
