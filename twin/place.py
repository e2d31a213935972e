"""Opening the place where an estate stands, and saying so in one line where nothing stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from twin.errors import NOT_RUNNING_LINE

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

WORKERS = 6
Key = TypeVar("Key")
Found = TypeVar("Found")
Command = Callable[..., object]


def target_options(function: Command) -> Command:
    """Add `--target` and `--hosts-file`."""
    target = click.option(
        "--target",
        type=click.Choice(["lab", "hosts"]),
        default="lab",
        show_default=True,
        help="Where the estate stands.",
    )
    hosts_file = click.option(
        "--hosts-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="With --target hosts: which machines.  [default: hosts.yaml in the estate]",
    )  # fmt: skip
    return target(hosts_file(function))


def open_running(name: str, estate: Estate, hosts_file: Path | None = None) -> Target:
    """Return the target of a place where something runs; raises LabNotRunning."""
    from infra.targets.open import open_target
    from infra.targets.target import LabNotRunning

    target = open_target(name, estate, options={"file": str(hosts_file)} if hosts_file else {})
    if not target.running():
        raise LabNotRunning(NOT_RUNNING_LINE)
    return target


def nodes_here(target: Target, network: Network) -> set[str]:
    """Return the nodes of the estate that this place has: all in the lab, the machines named among hosts."""
    from infra.targets.target import TargetError

    def here(node: str) -> bool:
        try:
            target.connection_variables(node)
        except TargetError:
            return False
        return True

    return {node for node in network.nodes if here(node)}


def in_parallel(work: Callable[[Key], Found], keys: Iterable[Key]) -> Mapping[Key, Found]:
    """Return what `work` finds for each key; several at once, for each waits for a process on a node."""
    listed = list(keys)
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(listed, pool.map(work, listed), strict=True))
