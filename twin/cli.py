"""The command `twin`: finds a command's module when it is asked for, and turns every error into its exit code.

0 fine; 1 a finding or a broken promise; 2 wrong use or surroundings; 3 the lab is not running; 130 on Ctrl-C.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import keyword
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from twin.settings import Settings, estate_options

COMMANDS = {
    "check": "Check an estate: every problem with its file and line.",
    "schema": "Print the JSON Schema of an estate, for editors.",
    "draw": "Draw network, zones, racks, power, systems, data, jobs, programme.",
    "document": "Write the document set: drawings, lists and manual, in one page.",
    "export": "Write the network for netlab or containerlab, or all for NetBox.",
    "import": "Start an estate from workbooks of lists, or from NetBox.",
    "addresses": "Show every address that follows from the estate.",
    "impact": "Show who loses what when something fails.",
    "routes": "Count the routes between sites that share nothing.",
    "diff": "Show what a change to the estate means.",
    "explain": "Show where something comes from and what it leads to.",
    "evaluate": "Judge packages by the scorecard, with every judgement.",
    "economics": "Derive costs, savings and the apportionment; ask what if.",
    "simulate": "Predict failovers, nights, years: figures with intervals.",
    "sweep": "Ask one question over many values, or search for one.",
    "compare": "Say what is better and worse in another estate or run.",
    "tonight": "For the operator on duty: the rest of the night, and what to decide until when.",
    "gate": "Hold predictions against the estate's promises.",
    "status": "Show what runs and what differs from the estate.",
    "verify": "Run the checks of the running estate.",
    "drill": "Fail things on the lab and compare with the prediction.",
    "evidence": "List, show and verify the records of runs.",
    "lab": "Show who holds the lab, or sweep it from the host.",
    "completion": "Print the shell completion.",
}


class Commands(click.Group):
    """The group of all commands, each imported only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"twin.commands.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean `{near[0]}`?" if near else "see `twin --help`"
            raise click.UsageError(f"no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: twin simulate failover fujinomiya-main-cut",
)
@click.version_option(package_name="municipal-twin", prog_name="twin")
@estate_options
@click.pass_context
def twin(context: click.Context) -> None:
    """Check, draw, predict, run and drill the shared data centre of an estate."""
    context.ensure_object(Settings)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, _stop)
    code = _run()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.exit(code)
    # The reader has gone: nothing can be flushed any more, and saying so would only add noise.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code or 141)


def _run() -> int:
    try:
        result = twin.main(prog_name="twin", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        print("twin: interrupted", file=sys.stderr)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BaseException as error:  # noqa: BLE001 -- the one place where every error gets its exit code
        return _explained(error)
    return result if isinstance(result, int) else 0


def _explained(error: BaseException) -> int:
    """Print what went wrong in one line where it is known, with its traceback where it is a fault of the program."""
    from twin.errors import FAULT_OF_OURS, explain

    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    known = explain(error)
    if known is None:
        sys.excepthook(type(error), error, error.__traceback__)
        return FAULT_OF_OURS
    code, lines = known
    with contextlib.suppress(BrokenPipeError):
        for line in lines:
            print(f"twin: {line}", file=sys.stderr)
    return code


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    from twin.errors import Stopped

    raise Stopped


if __name__ == "__main__":
    main()
