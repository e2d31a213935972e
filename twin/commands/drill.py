"""`twin drill`: break things on the lab as a scenario says, and hold what was measured against what was predicted."""

from __future__ import annotations

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
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the fidelity report here.")
@estate_options
@json_option
@click.pass_obj
def command(  # noqa: PLR0917 -- click fills in the options
    settings: Settings, scenarios: tuple[str, ...], every: bool, repeat: int, seed: int, timers: Path | None,
    sets: bool, report: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Fail things on the lab and compare with the prediction.

    SCENARIO is a name or a .yaml file, the same that `twin simulate failover` takes. The prediction is sealed in the
    evidence before the first run; the lab is put back afterwards, also on Ctrl-C. With --report alone nothing is
    broken: the report is written from the evidence. Exit 1 where a verdict is `disagrees`.
    """
    from simulation.scenario import scenario_names
    from twin.drill.timer_sets import read_timer_set

    names = list(scenario_names()) if every else list(scenarios)
    if not names and report is None:
        raise click.UsageError("name a scenario, or give --all or --report")
    if timers is not None:
        settings.overrides.update(read_timer_set(timers))
    documents = _hold(settings, names, repeat, seed) if names else []
    if sets and names:
        documents += _hold_with_sets(settings, names, repeat, seed)
    if report is not None:
        _write_report(settings, report)
    if as_json:
        show_json(documents[0] if len(documents) == 1 and not every and not sets else documents)
    elif documents:
        _show(documents)
    return 1 if any(document["verdict"] == "disagrees" for document in documents) else 0


def _hold(settings: Settings, names: list[str], repeat: int, seed: int) -> list[dict[str, Any]]:
    from simulation.scenario import load_scenario
    from topology.build import build_network
    from twin.drill.drill import hold_drill
    from twin.drill.faults import only_drill
    from twin.drill.run import Stage

    estate = settings.load()
    chosen = [load_scenario(name, estate) for name in names]
    stage = Stage(open_running("lab", estate), estate, build_network(estate), state_folder(), Progress())
    with only_drill(stage.state):
        stage.target.claim()
        return [hold_drill(stage, scenario, repeats=repeat, seed=seed) for scenario in chosen]


def _hold_with_sets(settings: Settings, names: list[str], repeat: int, seed: int) -> list[dict[str, Any]]:
    """Hold the same drills with every set of timers; the lab has the estate's own again afterwards."""
    from twin.drill.timer_sets import bring_up, timer_sets

    documents = []
    try:
        for values in timer_sets().values():
            tried = Settings(settings.estate, {**settings.overrides, **values})
            bring_up(tried.estate, tried.overrides)
            documents += _hold(tried, names, repeat, seed)
    finally:
        bring_up(settings.estate, settings.overrides)
    return documents


def _write_report(settings: Settings, report: Path) -> None:
    from evidence.chain import read
    from twin.drill.report import fidelity_report
    from twin.output import say

    chain = read(state_folder() / "evidence")
    report.write_text(fidelity_report(settings.load().name, chain.records), encoding="utf-8")
    say(f"wrote {report}")


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
