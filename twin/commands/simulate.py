"""`twin simulate`: predictions, without touching anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.commands.simulate_availability import availability
from twin.commands.simulate_batch import batch
from twin.commands.simulate_capacity import capacity
from twin.commands.simulate_continuity import continuity
from twin.commands.simulate_day import day
from twin.commands.simulate_year import year
from twin.delivery import Asked, answer_options, deliver, said
from twin.output import Cell, seconds, show_table, spread
from twin.settings import Settings, scenario_argument

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.answer import Answer


@click.group(epilog="Example: twin simulate failover fujinomiya-main-cut")
def command() -> None:
    """Predict what happens: every figure with its interval, what it stands on, and a page where asked for."""


for one in (day, year, capacity, batch, availability, continuity):
    command.add_command(one)


@command.command(epilog="Example: twin simulate failover fuji-one-cut --seed 7 --html fuji.html --lang en")
@scenario_argument()
@answer_options
def failover(settings: Settings, asked: Asked, scenario: str) -> None:
    """Predict the outages of SCENARIO, a name or a .yaml file: per city and direction, in seconds."""
    deliver(settings, asked, {"kind": "failover", "scenario": scenario}, _outages)


def _outages(_estate: Estate, answer: Answer) -> None:
    click.echo(f"{answer.details['scenario']} (seed {answer.seed}, {answer.replications} replications)")
    columns = [
        "city",
        "direction",
        "outage s (95 %)",
        "transfer stalls s",
        "breaks",
        "switch-over s",
        "recovery s",
        "flows hit",
        "path then",
        "Mbit/s then",
    ]
    rows = [row for city, record in answer.details["cities"].items() for row in _rows(answer, city, record)]
    show_table("Predicted outages", columns, rows)


def _rows(answer: Answer, city: str, record: dict[str, Any]) -> list[list[Cell]]:
    # A transfer needs both directions, so its stall stands beside the worse one.
    stall, broken = said(answer[f"{city}.stall"].value), f"{answer[f'{city}.broken'].value:.0%}"
    return [
        [
            city,
            name,
            spread(part["outage_s"]) + (" ended by the repair" if part["ended_by_repair"] else ""),
            stall if name == "worse" else "",
            broken if name == "worse" else "",
            seconds(part["switch_over_s"]["median"]),
            seconds(part["recovery_s"]["median"]),
            f"{part['flows_hit']:.0%}",
            " ".join(part["path"]["during"]) or "none",
            f"{part['capacity_bps']['during'] / 1e6:.0f}",
        ]
        for name, part in (("worse", record), *record["directions"].items())
    ]
