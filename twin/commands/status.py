"""`twin status`: what runs, how it feels, and what differs from the estate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from twin.output import Cell, show_json, show_table
from twin.place import open_running, target_options
from twin.settings import Settings, estate_options, json_option, state_folder


@click.command(epilog="Example: twin status --json")
@target_options
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, target: str, hosts_file: Path | None, as_json: bool) -> int:
    """Show what runs and what differs from the estate: nodes, segments, neighbours, gateways, tunnels, services.

    Only looks. Exit 0 where all is as the estate says, 1 where something differs, 3 where nothing runs.
    """
    from topology.build import build_network
    from twin.status import status_document

    estate = settings.load()
    place = open_running(target, estate, hosts_file)
    shown = status_document(place, estate, build_network(estate), state_folder())
    if as_json:
        show_json(shown)
    else:
        _show(shown)
    return 0 if shown["as_declared"] else 1


def _show(shown: dict[str, Any]) -> None:
    down = [node["id"] for node in shown["nodes"] if not node["up"]]
    click.echo(
        f"{shown['estate']} on {shown['target']}: {len(shown['nodes']) - len(down)} of {len(shown['nodes'])} nodes up"
    )

    def share(part: dict[str, list[str]]) -> str:
        return f"{len(set(part['found']) & set(part['expected']))}/{len(part['expected'])}"

    rows: list[list[Cell]] = [
        [
            router["node"], share(router["neighbours"]), share(router["bfd"]),
            " ".join(router["gateways"]["found"]) or "-", share(router["tunnels"]),
            "" if router["as_declared"] else "differs",
        ]
        for router in shown["routers"]
    ]  # fmt: skip
    show_table("Routers", ["router", "neighbours full", "BFD up", "gateways held", "tunnels", ""], rows)
    for service in shown["services"]:
        answer = "answers" if service["answers"] else f"does not answer: {service['problem']}"
        click.echo(f"{service['service']} of {service['city']}: {answer}")
    for item in shown["drift"]:
        click.echo(f"drift: {item['id']}: {item['what']}")
    for limit in shown["not_realised"]:
        click.echo(f"not realised here: {limit}")
