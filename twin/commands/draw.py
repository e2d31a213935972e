"""`twin draw`: pictures of what follows from the estate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.draw_sheets import drawing_commands
from twin.output import say, show_json
from twin.settings import Settings, complete_scenarios, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.draw import Overlay

DRAWN_WITH = 100
SUFFIXES = {".svg": "svg", ".png": "png", ".mmd": "mermaid", ".mermaid": "mermaid"}


@click.group(epilog="Example: twin draw network --output network.png")
def command() -> None:
    """Draw what follows from the estate: one drawing at a time, as `twin document` has it."""


@command.command(epilog="Example: twin draw network --language en --output network.svg")
@click.option(
    "--language",
    "--lang",
    "language",
    type=click.Choice(["ja", "en"]),
    default="ja",
    show_default=True,
    help="Of the names.",
)
@click.option(
    "--form",
    "--format",
    "form",
    type=click.Choice(["svg", "png", "mermaid"]),
    help="Follows from the file's name, else SVG.",
)
@click.option(
    "--output",
    "--out",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; stdout by default.",
)
@click.option("--after", metavar="SCENARIO", shell_complete=complete_scenarios, help="Mark what fails, and paths then.")
@estate_options
@json_option
@click.pass_obj
def network(  # noqa: PLR0917 -- click fills in the options
    settings: Settings, language: str, form: str | None, output: Path | None, after: str | None, as_json: bool
) -> None:
    """Draw sites, circuits, routers and tunnels, laid out like slide 20 of the deck."""
    from topology.build import build_network
    from topology.draw import DrawingError, draw_network
    from twin.errors import TwinError

    chosen = form or (SUFFIXES.get(output.suffix.lower(), "svg") if output else "svg")
    if chosen == "png" and output is None and (as_json or sys.stdout.isatty()):
        raise click.UsageError("a PNG needs --output FILE, or a pipe")
    estate = settings.load()
    try:
        drawing = draw_network(build_network(estate), estate, language, chosen, _overlay(estate, after, language))  # type: ignore[arg-type]
    except DrawingError as error:
        raise TwinError(str(error)) from error
    if output is not None:
        output.write_bytes(drawing if isinstance(drawing, bytes) else drawing.encode())
        say(f"wrote {output}")
    if as_json:
        text = None if output is not None or isinstance(drawing, bytes) else drawing
        show_json({"form": chosen, "language": language, "file": str(output) if output else None, "drawing": text})
    elif output is None:
        click.echo(drawing, nl=not isinstance(drawing, bytes))


def _overlay(estate: Estate, after: str | None, language: str) -> Overlay | None:
    """Return what a scenario breaks and the circuits that every city's traffic takes meanwhile."""
    if after is None:
        return None
    from simulation.failover import predict
    from simulation.scenario import load_scenario
    from topology.draw import Overlay

    scenario = load_scenario(after, estate)
    cities = predict(estate, scenario, replications=DRAWN_WITH).document()["cities"].values()
    parts = [part for city in cities for part in city["directions"].values()]
    used = frozenset(circuit for part in parts for circuit in part["path"]["during"])
    caption = scenario.title_ja if language == "ja" else scenario.title
    return Overlay(frozenset(fault.target for fault in scenario.faults), used, caption)


for _command in drawing_commands():
    command.add_command(_command)
