"""`twin export`: the estate in the forms of other tools."""

from __future__ import annotations

from pathlib import Path

import click

from twin.output import say, show_json
from twin.settings import Settings, estate_options, json_option

FORMS = ("netlab", "containerlab", "netbox")


@click.command(epilog="Example: twin export netlab --output topology.yml")
@click.argument("form", type=click.Choice(FORMS))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; stdout by default.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to: netbox alone.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, form: str, output: Path | None, out: Path | None, as_json: bool) -> None:
    """Write the network for another tool: a topology of netlab or of containerlab; or all of it as files for NetBox.

    A topology says in its first line what the other tool cannot be told. Names that it does not take are shortened, and
    comments name the entry. NetBox gets a CSV file for each model, numbered in the order of import.
    """
    from topology.build import build_network

    if (form == "netbox") != (out is not None) or (out is not None and output is not None):
        wanted = "`--out` with a folder" if form == "netbox" else "`--output` with a file, or nothing"
        raise click.UsageError(f"`{form}` takes {wanted}")
    if out is not None:
        _write_netbox(settings, out, as_json)
        return
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


def _write_netbox(settings: Settings, out: Path, as_json: bool) -> None:
    """Write a file for each of NetBox's models; those of another time go."""
    from topology.build import build_network
    from topology.exports.netbox import VERSION, forms, netbox

    estate = settings.load()
    files = netbox(estate, build_network(estate))
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("[0-9][0-9]-*.csv"):
        if old.stem[3:] in forms():
            old.unlink()
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    say(f"wrote {len(files)} files for NetBox {VERSION} to {out}: import them in the order of their numbers")
    if as_json:
        show_json({"form": "netbox", "folder": str(out), "files": list(files)})
