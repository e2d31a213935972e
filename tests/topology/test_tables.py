"""The table of addresses: every address once, with its state."""

from __future__ import annotations

import shutil
from pathlib import Path

from bad_estates import GOOD

from inventory.load import RECORD_FILE, load_estate
from topology.build import build_network
from topology.check import record_addresses
from topology.tables import COLUMNS, address_rows


def test_table_holds_every_address_once() -> None:
    """Ports, gateways, carriers' ports, tunnels and loopbacks all have a row, and no address has two."""
    estate = load_estate("fuji-fujinomiya")
    network = build_network(estate)
    rows = [row for row in address_rows(network, estate) if row.state != "retired"]
    addresses = [row.address for row in rows]
    assert len(addresses) == len(set(addresses))
    expected = (
        len(network.interfaces) + len(network.gateways) + sum(len(c.ports) for c in network.carrier_networks.values())
    )
    assert len(rows) == expected + 4 * len(network.tunnels) + len(list(network.routers()))
    assert {row.state for row in rows} == {"recorded"}
    assert all(len(row.cells(language)) == len(COLUMNS[language]) for row in rows for language in COLUMNS)


def test_state_tells_how_an_address_came_about(tmp_path: Path) -> None:
    """Derived before recording, recorded after, pinned where pinned, retired when the entry is gone."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "estate"))
    estate = load_estate(str(folder))
    states = {row.state for row in address_rows(build_network(estate), estate)}
    assert states == {"derived", "pinned"}
    record_addresses(estate)
    text = (folder / RECORD_FILE).read_text(encoding="utf-8")
    text = text.replace("addresses:\n", "addresses:\n  gone-pc/eth0: 172.20.2.200\n")
    text = text.replace("prefixes:\n", "prefixes:\n  gone-lan: 172.20.15.0/24\n")
    (folder / RECORD_FILE).write_text(text, encoding="utf-8")
    rows = address_rows(build_network(load_estate(str(folder))), load_estate(str(folder)))
    by_state = {state: [row for row in rows if row.state == state] for state in ("pinned", "recorded", "retired")}
    assert [(row.device, row.address) for row in by_state["pinned"]] == [("yamate-ap", "172.20.3.99")]
    assert [(row.segment, row.prefix, row.device, row.address) for row in by_state["retired"]] == [
        ("gone-lan", "172.20.15.0/24", "", ""),
        ("", "", "gone-pc", "172.20.2.200"),
    ]
    assert len(by_state["recorded"]) == len(rows) - 3
