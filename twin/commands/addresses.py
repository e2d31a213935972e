"""`twin addresses`: every address that follows from the estate, as a table to hand over, and their record."""

from __future__ import annotations

import dataclasses

import click

from twin.output import say, show_json, show_table
from twin.settings import Settings, estate_options, json_option


@click.command(epilog="Example: twin addresses --language en")
@click.option("--record", is_flag=True, help="Write addresses.lock.yaml in the estate, so that nothing moves later.")
@click.option("--language", type=click.Choice(["ja", "en"]), default="en", show_default=True, help="Of the headings.")
@estate_options
@json_option
@click.pass_obj
def command(settings: Settings, record: bool, language: str, as_json: bool) -> None:
    """Show every address that follows from the estate, with segment, VLAN, device, use and state.

    The state of an address is `recorded` (keeps), `pinned`, `derived` (may move until recorded) or `retired` (never
    given out again).
    """
    from topology.build import build_network
    from topology.check import find_unrecorded, record_addresses
    from topology.tables import COLUMNS, address_rows

    estate = settings.load()
    if record:
        record_addresses(estate)
        say(f"recorded in {estate.folder}")
    if unrecorded := find_unrecorded(estate):
        say(f"{len(unrecorded)} addresses are not recorded and may move: run `twin addresses --record`")
    rows = address_rows(build_network(estate), estate)
    if as_json:
        addresses = [dataclasses.asdict(row) for row in rows]
        show_json({"estate": estate.name, "estate_digest": estate.digest, "addresses": addresses})
        return
    title = "アドレス一覧" if language == "ja" else "Addresses"
    show_table(title, COLUMNS[language], [row.cells(language) for row in rows])
