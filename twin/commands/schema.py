"""`twin schema`: the JSON Schemas of files that people write and of answers, for editors and programs."""

from __future__ import annotations

from pathlib import Path

import click

from twin.output import say

_NAMES = ("estate", "sweep", "answer", "compare")


@click.command(epilog="Example: twin schema --output my-estate/estate.schema.json")
@click.argument("name", type=click.Choice(_NAMES), default="estate")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here instead of to stdout.")
def command(name: str, output: Path | None) -> None:
    """Print a JSON Schema, so that an editor completes and checks a file: of an estate (the default) or a sweep.

    `answer` and `compare` are what `twin simulate --json` and `twin compare --json` print. The first line of a file
    names its schema: `# yaml-language-server: $schema=estate.schema.json`. Relations between entries are not in it:
    `twin check` knows those.
    """
    if name == "estate":
        from inventory.schema import schema_text

        text = schema_text()
    else:
        from simulation import schemas

        text = schemas.schema_text(name)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    say(f"wrote {output}")
