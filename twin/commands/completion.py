"""`twin completion`: what a shell evaluates to complete commands, estates and scenarios."""

from __future__ import annotations

import click


@click.command(epilog='Example: eval "$(twin completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion for SHELL; evaluate it in the shell's start-up file."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root()
    click.echo(kind(root.command, {}, "twin", "_TWIN_COMPLETE").source())
