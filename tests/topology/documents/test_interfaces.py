"""The list and the drawing of data interfaces tell the same, and what is assumed is marked as such."""

from __future__ import annotations

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.catalogue import DOCUMENTS
from topology.draw.data_flow import data_flows
from topology.draw.diagram import Diagram
from topology.draw.exchange import MANY, exchange_sheets
from topology.draw.words import Language
from topology.model import Network


@pytest.fixture(scope="module")
def deck() -> tuple[Estate, Network]:
    """Return the deck's estate with its network."""
    estate = load_estate("fuji-fujinomiya")
    return estate, build_network(estate)


def _drawn(sheet: Diagram) -> set[tuple[int, str, str]]:
    """Return the number, the source and the destination of every interface on a sheet, of lines and of marks."""
    found = {(int(number), line.a, line.z) for line in sheet.lines for number in line.label.split(", ")}
    marked = {box.id: box.lines for box in sheet.boxes}
    giving = {int(n): id_ for id_, lines in marked.items() for text in lines if text.startswith("to many: ")
              for n in text.removeprefix("to many: ").split(", ")}  # fmt: skip
    for id_, lines in marked.items():
        for text in lines:
            if text.startswith("takes "):
                found |= {(int(n), giving[int(n)], id_) for n in text.removeprefix("takes ").split(", ")}
    return found


def test_drawing_shows_every_interface_of_a_city_once(deck: tuple[Estate, Network]) -> None:
    """What stays in its zone is on the one sheet, what leaves it on the other, under the number of the list."""
    estate, network = deck
    sheets = {sheet.name: sheet for sheet in exchange_sheets(estate, network, "en")}
    numbers = {row[0]: row[1] for row in DOCUMENTS["data-interface-list"](estate, network, "en").rows}
    for city in estate.records.cities:
        for suffix, out in (("", False), ("-out", True)):
            expected = {
                (numbers[f"data_interfaces.{id_}"], one.source, name)
                for id_, one in estate.records.data_interfaces.items()
                if one.city in {None, city} and bool(one.crossing) == out
                for name in one.destinations
            }
            assert _drawn(sheets[f"data-flow-{city}-interfaces{suffix}"]) == expected
    assert any(len(one.destinations) >= MANY for one in estate.records.data_interfaces.values())
    assert [sheet.name for sheet in data_flows(estate, network, "en")][-len(sheets) :] == list(sheets)


def test_every_designed_flow_between_services_is_named(deck: tuple[Estate, Network]) -> None:
    """The flows of the design by which services hand data over stand in the list and on the sheets."""
    estate, network = deck
    records = estate.records
    flows = {
        flow.name for flow in records.designed_flows.values()
        if flow.destination in records.designed_services and set(flow.sources) & set(records.designed_services)
    }  # fmt: skip
    table = DOCUMENTS["data-interface-list"](estate, network, "en")
    at = [column.heading("en") for column in table.columns].index("flow")
    assert {row[at] for row in table.rows if row[at]} == flows
    sheets = exchange_sheets(estate, network, "en")
    listed = {cell for sheet in sheets for one in sheet.lists for row in one.rows for cell in row.cells}
    assert flows <= listed
    assert len(flows) == 2


@pytest.mark.parametrize("language", ["ja", "en"])
def test_sources_are_told(deck: tuple[Estate, Network], language: Language) -> None:
    """Each row says for every field of the way where it comes from; the deck prints the PDF of the bulk forms."""
    estate, network = deck
    table = DOCUMENTS["data-interface-list"](estate, network, language)
    sources = {row[0]: str(row[-1]) for row in table.rows}
    assert all(sources.values())
    printed = sources["data_interfaces.forms-to-printing-site"]
    assert {"ja": "スライド34 (PDF) (H)", "en": "slide 34 (PDF) (H)"}[language] in printed
    word = {"ja": "仮定 (L)", "en": "assumed (L)"}[language]
    assert word in sources["data_interfaces.tax-to-banks"]
    assert not any("34" in text for id_, text in sources.items() if "bank" in id_)


def test_estate_without_interfaces_has_no_sheet() -> None:
    """The villages list none, so the list is empty and nothing is drawn."""
    estate = load_estate("tri-villages")
    network = build_network(estate)
    assert exchange_sheets(estate, network, "ja") == ()
    assert DOCUMENTS["data-interface-list"](estate, network, "ja").rows == ()
