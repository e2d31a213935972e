"""`twin gate`: the estate's promises held against predictions, as `pulumi preview` does it."""

from __future__ import annotations

import click

from twin.output import say, show_json, show_table
from twin.settings import Settings, estate_options, json_option, state_folder


@click.command(epilog="Example: twin gate --set timers.bfd.enabled=false")
@click.option("--seed", type=int, help="Seed of the random draws.")
@click.option("--replications", type=click.IntRange(1), help="How often each scenario is played through.")
@click.option("--record", is_flag=True, help="Append the result to the evidence.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, seed: int | None, replications: int | None, record: bool, as_json: bool) -> int:
    """Hold predictions against the estate's promises.

    Exit 1 where one is broken, with the file and line to change. Nothing is recorded unless asked for.
    """
    from simulation import failover, gate
    from simulation.gate_rows import shown

    estate = settings.load()
    result = gate.evaluate(estate, failover.SEED if seed is None else seed, replications or gate.REPLICATIONS)
    if record:
        from evidence.chain import append
        from twin.context import run_context

        payload = {**run_context(estate), "seed": result.seed, "replications": result.replications}
        append(state_folder() / "evidence", "gate", {**payload, "holds": result.holds, "rows": result.document()})
    if as_json:
        show_json(result.document())
    else:
        rows = [
            [
                row.promise, row.scenario, row.city,
                shown(row.predicted, row.unit),
                f"{row.bound} {shown(row.limit, row.unit)}",
                "holds" if row.holds else "BROKEN", f"{row.file}:{row.line} {row.entry}",
            ]
            for row in result.rows
        ]  # fmt: skip
        show_table("Promises", ["promise", "after", "city", "predicted", "limit", "", "where"], rows)
    for line in result.summary():
        say(line)
    return 0 if result.holds else 1
