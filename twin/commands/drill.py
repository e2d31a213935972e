"""`twin drill`: break things on the lab as a scenario says, and hold what was measured against what was predicted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from twin.output import Cell, Progress, seconds, show_json, show_table
from twin.place import open_running
from twin.settings import Settings, complete_scenarios, estate_options, json_option, state_folder


@click.command(epilog="Example: twin drill fujinomiya-main-cut --repeat 3")
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1, shell_complete=complete_scenarios)
@click.option("--all", "every", is_flag=True, help="Every scenario that comes with the project.")
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Runs of each scenario.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the prediction, phases and ports.")
@click.option("--timers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Timers that run (YAML).")
@click.option("--timer-sets", "sets", is_flag=True, help="Then again with each set of twin/timer_sets/.")
@click.option("--resume", is_flag=True, help="Take from the evidence what was drilled already and is predicted alike.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the fidelity report here.")
@click.option(
    "--evidence",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --report alone: write it from this copy of the evidence.",
)
@estate_options
@json_option
@click.pass_obj
def command(  # noqa: PLR0917 -- click fills in the options
    settings: Settings, scenarios: tuple[str, ...], every: bool, repeat: int, seed: int, timers: Path | None,
    sets: bool, resume: bool, report: Path | None, evidence: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Fail things on the lab and compare with the prediction.

    SCENARIO is a name or a .yaml file, the same that `twin simulate failover` takes. The prediction is sealed in the
    evidence before the first run; the lab is put back afterwards, also on Ctrl-C. A long series that was torn off goes
    on with --resume. With --report alone nothing is broken: the report is written from the evidence, of which a copy
    goes into the folder beside it that has its name. Exit 1 where a verdict is `disagrees`.
    """
    from simulation.scenario import scenario_names
    from twin.drill.timer_sets import read_timer_set

    names = list(scenario_names(settings.load().name)) if every else list(scenarios)
    if not names and report is None:
        raise click.UsageError("name a scenario, or give --all or --report")
    if evidence is not None and (names or report is None):
        raise click.UsageError("--evidence goes with --report alone")
    if timers is not None:
        settings.overrides.update(read_timer_set(timers))
    plan = _Plan(tuple(names), repeat, seed, resume)
    documents = _hold(settings, plan) if names else []
    if sets and names:
        documents += _hold_with_sets(settings, plan)
    if report is not None:
        _write_report(settings, report, evidence)
    if as_json:
        show_json(documents[0] if len(documents) == 1 and not every and not sets else documents)
    elif documents:
        _show(documents)
    return 1 if any(document["verdict"] == "disagrees" for document in documents) else 0


@dataclasses.dataclass(frozen=True)
class _Plan:
    """Which scenarios are to be drilled, how often, and whether the evidence may already hold them."""

    names: tuple[str, ...]
    repeats: int
    seed: int
    resume: bool


def _hold(settings: Settings, plan: _Plan, prepare: Callable[[], None] | None = None) -> list[dict[str, Any]]:
    """Return the drills' documents; `prepare` is called before the first that is still to be held."""
    from simulation.scenario import load_scenario
    from topology.build import build_network
    from twin.drill.drill import drilled, hold_drill
    from twin.drill.faults import only_drill
    from twin.drill.run import Stage

    estate, say = settings.load(), Progress()
    chosen = [load_scenario(name, estate) for name in plan.names]
    found: dict[str, dict[str, Any]] = {}
    for scenario in chosen if plan.resume else ():
        before = drilled(state_folder() / "evidence", estate, scenario, repeats=plan.repeats, seed=plan.seed)
        if before is not None:
            say(f"{scenario.name}: drilled before, {before['repeats']} runs")
            found[scenario.name] = before
    left = [scenario for scenario in chosen if scenario.name not in found]
    if left:
        if prepare is not None:
            prepare()
        stage = Stage(open_running("lab", estate), estate, build_network(estate), state_folder(), say)
        with only_drill(stage.state):
            stage.target.claim()
            for scenario in left:
                found[scenario.name] = hold_drill(stage, scenario, repeats=plan.repeats, seed=plan.seed)
    return [found[scenario.name] for scenario in chosen]


def _hold_with_sets(settings: Settings, plan: _Plan) -> list[dict[str, Any]]:
    """Hold the same drills with every set of timers; the lab has the estate's own again afterwards."""
    from twin.drill.timer_sets import bring_up, timer_sets

    documents, changed = [], []
    try:
        for name, values in timer_sets().items():
            tried = Settings(settings.estate, {**settings.overrides, **values})

            def prepare(name: str = name, tried: Settings = tried) -> None:
                changed.append(name)
                bring_up(tried.estate, tried.overrides)

            documents += _hold(tried, plan, prepare)
    finally:
        if changed:
            bring_up(settings.estate, settings.overrides)
    return documents


def _write_report(settings: Settings, report: Path, evidence: Path | None) -> None:
    """Write the report, and the evidence that it rests on into the folder of its name, so that anyone can check it."""
    from evidence.chain import read
    from evidence.publish import publish
    from twin.drill.report import fidelity_report
    from twin.output import say

    copy = evidence or report.with_suffix("")
    if evidence is None:
        publish(state_folder() / "evidence", copy, replace=True)
    text = fidelity_report(settings.load().name, read(copy).records, copy)
    report.write_text(text, encoding="utf-8")
    say(f"wrote {report}; it rests on the evidence in {copy}")


def _show(documents: list[dict[str, Any]]) -> None:
    rows: list[list[Cell]] = []
    for document in documents:
        for city, record in document["measured"].items():
            predicted = document["predicted"]["cities"][city]["outage_s"]
            error = document["error_s"][city]["mean"]
            rows.append(
                [
                    document["scenario"], city, f"{seconds(predicted['low'])} to {seconds(predicted['high'])}",
                    " ".join(seconds(value) for value in record["outage_s"]),
                    "-" if error is None else f"{error:+.3f}", f"{record['flows_hit']:.0%}",
                    document["judged"][city]["verdict"],
                ]
            )  # fmt: skip
    show_table(
        "Drills", ["scenario", "city", "predicted s (95 %)", "measured s", "error s", "flows hit", "verdict"], rows
    )
    for document in documents:
        for city, judged in document["judged"].items():
            for check in judged["checks"]:
                if check["holds"] is not True:
                    word = "not judged" if check["holds"] is None else "DOES NOT HOLD"
                    click.echo(f"{document['scenario']}: {city}: {check['question']} {word}: {check['why']}")
