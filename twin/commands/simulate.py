"""`twin simulate`: predictions, without touching anything."""

from __future__ import annotations

from typing import Any

import click

from twin.output import Cell, seconds, show_json, show_table, spread
from twin.settings import Settings, estate_options, json_option, scenario_argument, workers_option


@click.group(epilog="Example: twin simulate failover fujinomiya-main-cut")
def command() -> None:
    """Predict what happens after failures."""


@command.command(epilog="Example: twin simulate failover fuji-one-cut --seed 7 --json")
@scenario_argument()
@click.option("--seed", type=int, help="Seed of the random draws.")
@click.option("--replications", type=click.IntRange(1), help="How often the scenario is played through.")
@workers_option
@estate_options
@json_option
@click.pass_obj
def failover(settings: Settings, scenario: str, seed: int | None, replications: int | None, as_json: bool) -> None:
    """Predict the outages of SCENARIO, a name or a .yaml file: per city and direction, in seconds."""
    from simulation import failover as model
    from simulation.scenario import load_scenario

    estate = settings.load()
    chosen = load_scenario(scenario, estate)
    seed, replications = model.SEED if seed is None else seed, replications or model.REPLICATIONS
    with settings.executor() as executor:
        prediction = model.predict(estate, chosen, seed, replications, executor)
    document = prediction.document()
    if as_json:
        show_json(document)
        return
    click.echo(f"{chosen.title} ({chosen.name}, seed {document['seed']}, {document['replications']} replications)")
    columns = [
        "city",
        "direction",
        "outage s (95 %)",
        "switch-over s",
        "recovery s",
        "flows hit",
        "path then",
        "Mbit/s then",
    ]
    rows = [row for city, record in document["cities"].items() for row in _rows(city, record)]
    show_table("Predicted outages", columns, rows)
    if document["assumed"]:
        click.echo(f"Hangs on {len(document['assumed'])} assumed values (see --json), among them:")
        for item in document["assumed"][:3]:
            click.echo(f"  {item['file']}:{item['line']}: {item['path']} ({item['source']}, trust {item['trust']})")


def _rows(city: str, record: dict[str, Any]) -> list[list[Cell]]:
    return [
        [
            city,
            name,
            spread(part["outage_s"]) + (" ended by the repair" if part["ended_by_repair"] else ""),
            seconds(part["switch_over_s"]["median"]),
            seconds(part["recovery_s"]["median"]),
            f"{part['flows_hit']:.0%}",
            " ".join(part["path"]["during"]) or "none",
            f"{part['capacity_bps']['during'] / 1e6:.0f}",
        ]
        for name, part in (("worse", record), *record["directions"].items())
    ]
