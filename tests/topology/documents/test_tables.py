"""Every document holds what the estate holds, row by row, in both languages."""

from __future__ import annotations

import re

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.catalogue import DOCUMENTS
from topology.documents.table import Column, Table
from topology.draw.words import LANGUAGES, Language
from topology.model import Network

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
PROSE = re.compile(r"[a-z]+ [a-z]+ [a-z]+")
"""Three words of small letters in a row: names of products and commands have fewer."""
BOTH = frozenset({"code-list"})
"""It holds names in both languages, and records as the estate has them."""


@pytest.fixture(scope="module", params=["fuji-fujinomiya", str(GOOD)], ids=["deck", "small"])
def estate(request: pytest.FixtureRequest) -> Estate:
    """Return an estate: the deck's, and the small one of the tests."""
    return load_estate(request.param)


@pytest.fixture(scope="module")
def network(estate: Estate) -> Network:
    """Return its network."""
    return build_network(estate)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_made_of_any_estate(estate: Estate, network: Network, name: str, language: Language) -> None:
    """Title and headings are there in both languages, and no heading stands twice."""
    table = DOCUMENTS[name](estate, network, language)
    assert table.name == name
    assert table.title(language)
    headings = [column.heading(language) for column in table.columns]
    assert all(headings)
    assert len(set(headings)) == len(headings)


def test_every_entry_has_its_row(estate: Estate, network: Network) -> None:
    """Hardware, circuits, controls, tasks and monitoring items are listed once each, none left out."""
    lists = {
        "equipment-list": "hardware", "circuit-list": "circuits", "monitoring-list": "monitoring",
        "responsibility-matrix": "responsibilities", "job-list": "jobs", "backup-design": "backups",
        "data-centre-controls": "controls", "data-interface-list": "data_interfaces",
    }  # fmt: skip
    for name, section in lists.items():
        table = DOCUMENTS[name](estate, network, "ja")
        wanted = [f"{section}.{id_}" for id_ in getattr(estate.records, section)]
        wanted += [f"designed_{path}" for path in _designed(estate, section)]
        assert [row[0] for row in table.rows] == wanted


def _designed(estate: Estate, section: str) -> list[str]:
    """Return the paths of a section's records of the design, without `designed_`."""
    return [f"{section}.{id_}" for id_ in getattr(estate.records, f"designed_{section}", {})]


def test_every_server_and_service_has_its_row(estate: Estate, network: Network) -> None:
    """Servers and services of the lab and of the design are listed, each marked as what it is."""
    records = estate.records
    rows = {row[0]: row[1] for row in DOCUMENTS["machine-list"](estate, network, "ja").rows}
    servers = {id_ for id_, one in records.devices.items() if one.role in {"application", "database"}}
    assert rows == {f"devices.{id_}": "実機" for id_ in servers} | {
        f"virtual_machines.{id_}": "設計のみ" for id_ in records.virtual_machines
    }
    marked = {row[0]: row[1] for row in DOCUMENTS["service-list"](estate, network, "ja").rows}
    assert marked == {f"services.{id_}": "実機" for id_ in records.services} | {
        f"designed_services.{id_}": "設計のみ" for id_ in records.designed_services
    }
    hosts = [row[0] for row in DOCUMENTS["cluster-list"](estate, network, "ja").rows]
    assert hosts == [f"hardware.{host}" for cluster in records.clusters.values() for host in cluster.hosts]
    groups = [row[0] for row in DOCUMENTS["appliance-list"](estate, network, "ja").rows]
    assert groups == [f"{section}.{id_}" for section in ("appliance_pairs", "switch_groups")
                      for id_ in getattr(records, section)]  # fmt: skip


def test_flow_matrix_marks_what_the_lab_enforces(estate: Estate, network: Network) -> None:
    """Each source of each designed flow has a row, with its reason to leave its zone; numbers go on."""
    rows = DOCUMENTS["flow-matrix"](estate, network, "ja").rows
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    designed = [row for row in rows if row[11] == "設計のみ"]
    assert len(rows) - len(designed) == len(network.flows)
    flows = estate.records.designed_flows
    assert [(row[1], row[2]) for row in designed] == [
        (f"designed_flows.{id_}", source) for id_, flow in flows.items() for source in flow.sources
    ]
    for row in designed:
        flow = flows[str(row[1]).partition(".")[2]]
        assert row[12] == (flow.crossing_ja or flow.crossing)


def test_every_port_has_its_connection(estate: Estate, network: Network) -> None:
    """The connection list has a row for each port of the network, with the other ports of its segment."""
    rows = {(row[0], row[1]): row[2] for row in DOCUMENTS["connection-list"](estate, network, "en").rows}
    assert len(rows) == len(network.interfaces)
    for port in network.interfaces:
        far = {other.key for other in network.members(port.segment)} - {port.key}
        assert rows[f"devices.{port.node}", port.name] == (", ".join(sorted(far, key=_order(network))) or port.segment)


def _order(network: Network) -> object:
    order = {port.key: index for index, port in enumerate(network.interfaces)}
    return order.__getitem__


def test_every_requirement_is_traced(estate: Estate, network: Network) -> None:
    """Each row of the requirement list stands with every entry that shows it."""
    table = DOCUMENTS["requirement-trace"](estate, network, "ja")
    assert {row[0] for row in table.rows} == set(estate.records.requirements)
    assert all(str(row[5]).count(":") == 1 for row in table.rows)


def test_row_that_does_not_fit_its_columns_is_refused() -> None:
    """A cell under the wrong heading is worse than none."""
    with pytest.raises(ValueError, match="2 cells under 1 columns"):
        Table("x", "x", "x", (Column("列", "column"),), (("a", "b"),))


def test_parameter_sheets_hold_what_runs_on_each_router(estate: Estate, network: Network) -> None:
    """Every router has its addresses, costs and timers; a value that is set has its default beside it."""
    rows = DOCUMENTS["parameter-sheets"](estate, network, "en").rows
    for node in network.routers():
        own = [row for row in rows if row[0] == f"devices.{node.id}"]
        addresses = {row[5] for row in own if row[3] == "address"}
        assert addresses == {str(port.address) for port in network.interfaces_of(node.id)}
        costs = sorted(int(str(row[5])) for row in own if row[3] == "cost")
        assert costs == sorted(one.cost for one in network.adjacencies if node.id in {one.a, one.z})
        assert {"hello-interval", "dead-interval"} <= {row[3] for row in own}
    assert all(row[4] and row[5] and row[7] for row in rows)


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in BOTH])
def test_documents_speak_one_language(name: str) -> None:
    """No cell of an English document is Japanese, and no Japanese one has an English sentence."""
    for one in ("fuji-fujinomiya", "tri-villages"):
        estate = load_estate(one)
        network = build_network(estate)
        english, japanese = (DOCUMENTS[name](estate, network, language) for language in LANGUAGES[::-1])
        texts = [cell for row in english.rows for cell in row if isinstance(cell, str)]
        assert not [cell for cell in texts if JAPANESE.search(cell)]
        texts = [cell for row in japanese.rows for cell in row if isinstance(cell, str)]
        texts = [cell for cell in texts if not cell.startswith("timers ")]  # FRR's own commands
        assert not [cell for cell in texts if PROSE.search(cell) and not JAPANESE.search(cell)]
