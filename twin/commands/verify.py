"""`twin verify`: the checks of the running estate (`tests/lab`), as `pulumi up` runs them."""

from __future__ import annotations

from pathlib import Path

import click

from twin.output import Progress, say, show_json
from twin.place import open_running, target_options
from twin.settings import Settings, estate_options, json_option, state_folder


@click.command(epilog="Example: twin verify")
@click.option("--only", metavar="EXPRESSION", help="Run the checks whose names match, as pytest's -k. Not recorded.")
@target_options
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, only: str | None, target: str, hosts_file: Path | None, as_json: bool) -> int:
    """Run the checks of the running estate; the result is appended to the evidence.

    Exit 1 where a check fails.
    """
    from evidence.chain import append
    from infra.checks import run_checks
    from twin.context import run_context

    estate = settings.load()
    place = open_running(target, estate, hosts_file)
    overrides = [f"{path}={value}" for path, value in settings.overrides.items()]
    options = ["-k", only] if only else []
    options += [f"--hosts-file={hosts_file}"] if hosts_file else []
    found = run_checks(settings.estate, overrides, place.name, options, Progress())
    if not only:
        payload = {"passed": found.passed, "failed": found.failed, "skipped": found.skipped}
        append(state_folder() / "evidence", "verification", {**run_context(estate), "target": place.name, **payload})
    limits = place.limits()
    if as_json:
        document = {"target": place.name, "holds": not found.failed and found.passed > 0}
        document |= {"passed": list(found.passed_names), "failed": found.failed, "skipped": found.skipped}
        show_json({**document, "duration_s": round(found.duration_s, 3), "limits": limits})
    else:
        for word, cases in (("FAILED", found.failed), ("skipped", found.skipped)):
            for name, why in cases.items():
                click.echo(f"{word} {name}: {why}")
        click.echo(found.summary())
        for limit in limits:
            click.echo(f"not realised here: {limit}")
    if not found.passed and not found.failed:
        say("no check ran, so nothing is proven")
    return 1 if found.failed or not found.passed else 0
