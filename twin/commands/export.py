"""`twin export`: the network part of the estate for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from twin.output import say, show_json
from twin.settings import Settings, estate_options, json_option

FORMS = ("netlab", "containerlab")


@click.command(epilog="Example: twin export netlab --output topology.yml")
@click.argument("form", type=click.Choice(FORMS))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; stdout by default.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, form: str, output: Path | None, as_json: bool) -> None:
    """Write the network for another tool: a topology of netlab or of containerlab.

    The file says in its first line what the other tool cannot be told. Names that it does not take are shortened, and
    comments name the entry.
    """
    from topology.build import build_network
    from topology.exports.containerlab import containerlab
    from topology.exports.netlab import netlab

    estate = settings.load()
    makers = {"netlab": netlab, "containerlab": containerlab}
    text = makers[form](estate, build_network(estate))
    if output is not None:
        output.write_text(text, encoding="utf-8")
        say(f"wrote {output}")
    if as_json:
        file = str(output) if output else None
        show_json({"form": form, "file": file, "topology": None if output else text})
    elif output is None:
        click.echo(text, nl=False)
