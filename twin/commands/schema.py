"""`twin schema`: the JSON Schema of an estate's files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from twin.output import say


@click.command(epilog="Example: twin schema --output my-estate/estate.schema.json")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here instead of to stdout.")
def command(output: Path | None) -> None:
    """Print the JSON Schema of an estate's files, so that an editor completes and checks them.

    The first line of a file names its schema: `# yaml-language-server: $schema=estate.schema.json`. Relations between
    entries are not in it: `twin check` knows those.
    """
    from inventory.schema import schema_text

    if output is None:
        click.echo(schema_text(), nl=False)
        return
    output.write_text(schema_text(), encoding="utf-8")
    say(f"wrote {output}")
