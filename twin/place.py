"""Opening the place where an estate stands, and saying so in one line where nothing stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import click

from twin.errors import NOT_RUNNING_LINE

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate

WORKERS = 6
Key = TypeVar("Key")
Found = TypeVar("Found")
Command = Callable[..., object]


def target_option(function: Command) -> Command:
    """Add `--target`."""
    return click.option(
        "--target",
        type=click.Choice(["lab", "hosts"]),
        default="lab",
        show_default=True,
        help="Where the estate stands.",
    )(function)


def open_running(name: str, estate: Estate) -> Target:
    """Return the target of a place where something runs; raises LabNotRunning."""
    from infra.targets.open import open_target
    from infra.targets.target import LabNotRunning

    target = open_target(name, estate)
    if not target.running():
        raise LabNotRunning(NOT_RUNNING_LINE)
    return target


def in_parallel(work: Callable[[Key], Found], keys: Iterable[Key]) -> Mapping[Key, Found]:
    """Return what `work` finds for each key; several at once, for each waits for a process on a node."""
    listed = list(keys)
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(listed, pool.map(work, listed), strict=True))
