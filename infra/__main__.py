"""Where Pulumi starts the program."""

from infra.program import run

run()
