"""The command line as a whole: quick help, exit codes, one clear line for every mistake, completion."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from twin.cli import COMMANDS
from twin.drill.timer_sets import TimerSetInvalid, read_timer_set, timer_sets

Twin = Callable[..., subprocess.CompletedProcess[str]]
PROGRAM = Path(sys.executable).parent / "twin"
ROOT = Path(__file__).parents[2]

WITH_JSON = (
    "check", "draw network", "draw logical", "draw racks", "draw power", "draw application", "draw data-flow",
    "draw jobs", "draw programme", "addresses", "export", "import xlsx", "import netbox", "import netlab",
    "import containerlab", "document", "diff", "impact", "routes", "economics", "evaluate", "explain requirement",
    "explain entry", "simulate failover", "simulate batch", "simulate availability", "simulate continuity", "sweep",
    "compare", "gate", "status", "verify", "drill", "evidence list", "evidence show", "evidence verify",
    "evidence export", "lab claim", "lab sweep", "tonight", "simulate day", "simulate year", "simulate capacity",
)  # fmt: skip


def test_help_is_quick(twin: Twin) -> None:
    """Help takes under 0.3 s of a processor, for it imports no room behind the commands; waiting for one is no work."""
    spent_s = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        twin("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent_s.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent_s) < 0.3


def test_help_imports_nothing_heavy() -> None:
    """The command group alone pulls in none of the libraries that commands need."""
    heavy = ("numpy", "pydantic", "rich", "yaml", "networkx")
    code = f"import sys, twin.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [*COMMANDS, *(name for name in WITH_JSON if " " in name)])
def test_every_command_has_help_with_an_example(twin: Twin, command: str) -> None:
    """Each command says what it does and shows an example that begins with its own name."""
    done = twin(*command.split(), "--help")
    example = re.search(r"Example: (.*)", done.stdout)
    assert example is not None
    assert f"twin {command.split(maxsplit=1)[0]}" in example.group(1)


@pytest.mark.parametrize("command", WITH_JSON)
def test_every_command_answers_in_json_for_any_estate(twin: Twin, command: str) -> None:
    """`--json` and `--estate` stand on each command that answers; an import makes an estate and reads none."""
    shown = twin(*command.split(), "--help").stdout
    assert "--json" in shown
    assert ("--estate NAME|DIR" in shown) is not command.startswith("import ")


def test_estate_may_stand_before_or_after_the_command(twin: Twin) -> None:
    """The same option means the same in both places."""
    assert twin("--estate", "fuji-fujinomiya", "check").stderr == twin("check", "--estate", "fuji-fujinomiya").stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chek"], "did you mean `check`?"),
        (["check", "--estate", "fuji-fujinomija"], "fuji-fujinomiya"),
        (["simulate", "failover", "fujinomiya-main-cutt"], "did you mean `fujinomiya-main-cut`?"),
        (["check", "--set", "nonsense"], "`nonsense` is not PATH=VALUE"),
        (["drill"], "name a scenario"),
        (["document"], "Missing option '--out'"),
        (["document", "--out", "d", "--only", "circuits-list"], "nearest `circuit-list`"),
        (["diff"], "name a revision"),
        (["impact"], "name entries"),
        (["impact", "promises.terminals-back-in-3s"], "cannot fail"),
        (["diff", "no-such-revision"], "no `no-such-revision` in the repository"),
        (["explain", "requirement", "2.14"], "no requirement `2.14`"),
        (["explain", "entry", "fuji-halls"], "nearest `fuji-hall`"),
        (["economics", "--price", "fuji-wan-9=1 MJPY"], "no cost line `fuji-wan-9`"),
        (["economics", "--price", "fuji-wan-1=1"], "is not an amount of money"),
        (["economics", "--join", "thirdcity"], "nearest `third-city`"),
        (["draw", "network", "--form", "jpeg"], "'svg', 'png', 'mermaid'"),
        (["draw", "racks"], "3 sheets: choose one by --sheet (rack-elevations-dc-housing,"),
        (["draw", "racks", "--sheet", "rack-elevations-dc-housin"], "nearest `rack-elevations-dc-housing`"),
        (["draw", "racks", "--form", "gv"], "`rack-elevations` has no form `gv`; expected svg, png, pdf"),
        (["draw", "jobs", "--form", "gv", "--sheet", "job-net-nightly"], "--sheet goes with svg, png, pdf"),
        (["draw", "power", "--estate", "tri-villages"], "tri-villages has no records for `power-diagram`"),
        (["draw", "power", "--form", "pdf", "--json"], "a PDF needs --output FILE"),
        (["evidence", "verify"], "nothing is recorded yet"),
        (["evidence", "export", "copy"], "nothing is recorded yet"),
        (["drill", "fuji-one-cut", "--report", "page.md", "--evidence", "."], "--evidence goes with --report alone"),
        (["evidence", "show", "99"], "no one record `99`"),
        (["tonight"], "name a STATE.json"),
        (["tonight", "nowhere.json"], "nowhere.json: cannot be read"),
        (["tonight", "--template"], "--template takes --date"),
        (["tonight", "--template", "--date", "2026-07-22", "--now", "26:00"], "expected HH:MM"),
        (["simulate", "batch", "--date", "2026-02-30"], "'2026-02-30' does not match the format"),
        (["simulate", "batch", "--date", "2026-04-06", "--ordinary"], "exclude each other"),
        (["simulate", "batch", "--heaviest", "0"], "0 is not in the range"),
        (["simulate", "batch", "--scenario", "nowhere.yaml"], "does not exist"),
    ],
)
def test_wrong_use_is_named_and_ends_with_2(twin: Twin, arguments: list[str], hint: str) -> None:
    """A mistake gets status 2 and a line that helps; stdout stays empty and no traceback is shown."""
    done = twin(*arguments, expect=2)
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_replaced_value_that_names_nothing_is_a_finding(twin: Twin) -> None:
    """`--set` with a path that the estate does not have is a finding, not a silent no-op."""
    done = twin("check", "--set", "timers.bfd.intervall=1 s", expect=1)
    assert "timers.bfd.intervall" in done.stdout


def test_invalid_estate_is_told_by_every_command(twin: Twin) -> None:
    """Commands that need an estate print its problems on stderr and end with 1."""
    done = twin("simulate", "failover", "fuji-one-cut", "--set", "timers.bfd.interval=fast", expect=1)
    assert "behaviour.yaml:" in done.stderr
    assert done.stdout == ""


def test_reader_that_leaves_early_is_no_error() -> None:
    """`twin … | head -1` prints its line and no complaint about the pipe."""
    script = f"{PROGRAM} addresses --json | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "{\n"
    assert "Broken pipe" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupt_is_clean(sent: signal.Signals, code: int) -> None:
    """Ctrl-C and `kill` end a long command with their own status and one line."""
    command = [str(PROGRAM), "simulate", "failover", "dc-router-crash", "--replications", "100000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert out == ""
    assert err.strip() in ("twin: interrupted", "twin: stopped")


def test_output_is_plain_where_nobody_watches(twin: Twin) -> None:
    """Without a terminal no colours and no drawn tables come out."""
    shown = twin("addresses").stdout
    assert "\x1b" not in shown
    assert "│" not in shown
    assert shown.startswith("segment ")


def test_output_on_a_terminal_is_a_table() -> None:
    """On a terminal the same command draws a table."""
    done = subprocess.run(
        ["script", "-qec", f"stty cols 200; {PROGRAM} addresses", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "│" in done.stdout


@pytest.mark.parametrize("name", ["C", "POSIX"])
def test_japanese_is_printed_in_any_locale(name: str) -> None:
    """Japanese names and values come out whole where the locale knows only ASCII."""
    for arguments, words in (
        (["draw", "network", "--form", "mermaid"], "富士市"),
        (["check", "--set", "circuits.fuji-wan-1.rate=広域"], "rate: '広域' is not a rate"),
    ):
        command = ["env", f"LC_ALL={name}", str(PROGRAM), *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert words in done.stdout, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed(twin: Twin, shell: str) -> None:
    """Every supported shell gets a script."""
    assert "_TWIN_COMPLETE" in twin("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("twin dr", "draw"),
        ("twin simulate failover fujinomiya-m", "fujinomiya-main-cut"),
        ("twin drill fuji-o", "fuji-one-cut"),
        ("twin check --estate fu", "fuji-fujinomiya"),
        ("twin draw network --l", "--language"),
    ],
)
def test_completion_offers_names(words: str, offered: str) -> None:
    """Commands, options, scenarios and estates are completed."""
    environment = {
        **os.environ, "_TWIN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
    }  # fmt: skip
    done = subprocess.run([str(PROGRAM)], capture_output=True, text=True, check=False, env=environment)
    assert f"plain,{offered}" in done.stdout.split()


def test_timer_sets_name_values_of_the_estate(twin: Twin) -> None:
    """Every set of timers that comes with the project fits the estate."""
    sets = timer_sets()
    assert len(sets) >= 2
    for values in sets.values():
        twin("check", *(word for path, value in values.items() for word in ("--set", f"{path}={value}")))


@pytest.mark.parametrize("text", ["- a list", "", "timers: [", "1: 2"])
def test_file_that_is_no_set_of_timers_is_refused(tmp_path: Path, text: str) -> None:
    """A set must be a mapping of dotted paths; anything else is named."""
    (tmp_path / "set.yaml").write_text(text)
    with pytest.raises(TimerSetInvalid, match=r"set\.yaml"):
        read_timer_set(tmp_path / "set.yaml")
