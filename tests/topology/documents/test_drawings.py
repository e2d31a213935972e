"""Every drawing holds what the estate holds, in both languages, links to tables, and can be edited."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from bad_estates import GOOD
from pypdf import PdfReader

from inventory.load import load_estate
from inventory.models.estate import Estate
from inventory.models.record import said
from topology.build import build_network
from topology.documents.drawings import DRAWINGS, Drawing
from topology.documents.linking import linked
from topology.documents.revisions import Revision
from topology.documents.sheet import HEIGHT_MM, ROOM, WIDTH_MM, TitleBlock, sheet
from topology.draw import graphviz, plate
from topology.draw.design_map import design_maps
from topology.draw.drawio import file
from topology.draw.ink import text_width
from topology.draw.pdf import to_pdf
from topology.draw.plate import ROOM_TALL, ROOM_WIDE
from topology.draw.shapes import Box as Place
from topology.draw.words import Language
from topology.model import Network

SVG = "{http://www.w3.org/2000/svg}"
ESTATES = ["fuji-fujinomiya", "tri-villages", str(GOOD)]
LEAST_TYPE = 6.99
NARROWER = 0.93
"""Letters are measured on the safe side; by that much they are narrower as they come out."""
HISTORY = tuple(
    Revision(number, dt.date(2026, 4, number), f"step {number}", "作成者", "審査者", "承認者") for number in range(1, 8)
)


@pytest.fixture(scope="module", params=ESTATES, ids=["deck", "villages", "small"])
def estate(request: pytest.FixtureRequest) -> Estate:
    """Return an estate: the deck's, the invented one, and the small one of the tests."""
    return load_estate(request.param)


@pytest.fixture(scope="module")
def network(estate: Estate) -> Network:
    """Return its network."""
    return build_network(estate)


@pytest.fixture(scope="module")
def deck() -> tuple[Estate, Network]:
    """Return the deck's estate with its network."""
    estate = load_estate("fuji-fujinomiya")
    return estate, build_network(estate)


def _words(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def _entries(drawing: Drawing) -> set[str]:
    return {found for one in drawing.sheets for found in re.findall(r'data-entry="([^"]+)"', one.svg)}


def _made(name: str, estate: Estate, network: Network, language: Language = "ja") -> Drawing:
    drawing = DRAWINGS[name].make(estate, network, language)
    assert drawing is not None
    return drawing


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_is_the_same_each_time_and_titled(
    estate: Estate, network: Network, name: str, language: Language
) -> None:
    """Every drawing of any estate is XML, twice the same; its sheets have different names and titles."""
    drawing = DRAWINGS[name].make(estate, network, language)
    graphviz.run.cache_clear()
    assert drawing == DRAWINGS[name].make(estate, network, language)
    if drawing is None:
        return
    names = [one.name for one in drawing.sheets]
    assert len(set(names)) == len(names)
    assert all(one.startswith(name) for one in names)
    for one in drawing.sheets:
        assert ET.fromstring(one.svg).tag == f"{SVG}svg"
        assert DRAWINGS[name].title(language).partition("・")[0] in one.title
        assert one.title != one.other_title


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("network-diagram", ("devices", "circuits", "segments")), ("rack-elevations", ("hardware",)),
        ("power-diagram", ("power_sources", "power_feeds", "racks")), ("programme", ("programme",)),
        ("job-net", ("jobs",)), ("application-map", ("services",)),
        ("data-flow", ("backups", "emergency_counters", "form_stages", "data_interfaces", "outside_systems")),
    ],
)  # fmt: skip
def test_drawing_shows_every_entry(deck: tuple[Estate, Network], name: str, sections: tuple[str, ...]) -> None:
    """No record of these sections is left out: each is a group that stands for it."""
    estate, network = deck
    shown = _entries(_made(name, estate, network))
    wanted = {f"{section}.{id_}" for section in sections for id_ in getattr(estate.records, section)}
    if name == "network-diagram":
        wanted = {path for path in wanted if not path.startswith("devices") or network.nodes[path[8:]].loopback}
        wanted -= {f"segments.{one.id}" for one in network.segments.values() if one.kind == "transit"}
    assert wanted - shown == set()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_type_on_the_sheet_is_at_least_7_points(
    estate: Estate, network: Network, name: str, language: Language
) -> None:
    """Drawn as large as the A3 sheet has room, no text of any drawing or of its title block is smaller."""
    drawing = DRAWINGS[name].make(estate, network, language)
    for one in drawing.sheets if drawing else ():
        block = TitleBlock("事業", one.title, one.other_title, "XX-01-01", "1/1")
        found = list(_sizes(ET.fromstring(sheet(one.svg, block, HISTORY, language)), 1.0))
        assert min(found) >= LEAST_TYPE, one.name


def test_diagrams_are_arranged_for_the_room_that_the_sheet_has() -> None:
    """What chooses between arrangements knows the same room as what places them."""
    assert (round(ROOM[0], 1), round(ROOM[1], 1)) == (ROOM_WIDE, ROOM_TALL)


def _sizes(element: ET.Element, scale: float) -> Iterator[float]:
    """Yield the size of every text below an element in points on paper; drawings in it have scales of their own."""
    for child in element:
        own = scale
        if child.tag == f"{SVG}svg":
            own *= float(str(child.get("width"))) / float(str(child.get("viewBox")).split()[2])
        if child.tag == f"{SVG}text":
            yield own * float(str(child.get("font-size")))
        yield from _sizes(child, own)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_text_lies_on_the_sheet_and_apart(estate: Estate, network: Network, name: str, language: Language) -> None:
    """By the widths of letters on the safe side, no text leaves its drawing, and no two lie over one another."""
    drawing = DRAWINGS[name].make(estate, network, language)
    for one in drawing.sheets if drawing else ():
        root = ET.fromstring(one.svg)
        wide, tall = map(float, str(root.get("viewBox")).split()[2:])
        texts = list(_texts(root, 0.0, 0.0))
        assert texts
        for words, box in texts:
            assert box.x >= -1 and box.y >= -1 and box.right <= wide + 1 and box.bottom <= tall + 1, (one.name, words)
        for (words, box), (others, other) in itertools.combinations(texts, 2):
            assert not box.overlaps(other), (one.name, words, others)


def _texts(element: ET.Element, x: float, y: float) -> Iterator[tuple[str, Place]]:
    """Yield every text with its place: from the top of its letters to its base line, somewhat narrower."""
    for child in element:
        moved = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", child.get("transform", ""))
        dx, dy = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
        if child.tag == f"{SVG}text":
            words, size = "".join(child.itertext()).strip(), float(str(child.get("font-size")))
            wide = text_width(words, size) * NARROWER
            start = {"middle": 0.5, "end": 1.0}.get(child.get("text-anchor", "start"), 0.0)
            left = x + float(str(child.get("x"))) - wide * start
            yield words, Place(left, y + float(str(child.get("y"))) - size * 0.7, wide, size * 0.7)
        yield from _texts(child, x + dx, y + dy)


def test_nothing_to_draw_is_left_out() -> None:
    """An estate without racks, power or a programme has no such sheets; it has its zones and services."""
    estate = load_estate("tri-villages")
    network = build_network(estate)
    none = {name for name, kind in DRAWINGS.items() if kind.make(estate, network, "ja") is None}
    assert none == {"rack-elevations", "power-diagram", "programme"}


def test_logical_diagram_has_a_sheet_for_each_zone(estate: Estate, network: Network) -> None:
    """Each zone with segments has its sheet; on it every segment's prefix, its gateway and its hosts' addresses."""
    records = estate.records
    sheets = {one.name: _words(one.svg) for one in _made("logical-diagram", estate, network).sheets}
    zones = {segment.zone for segment in records.segments.values()}
    design = ["design"] if records.designed_services else []
    assert set(sheets) == {f"logical-diagram-{zone}" for zone in (*zones, "zones", *design)}
    for id_, segment in records.segments.items():
        shown = " ".join(sheets[f"logical-diagram-{segment.zone}"])
        assert str(network.segments[id_].prefix) in shown
        assert all(str(port.address.ip) in shown for port in network.members(id_))
        if id_ in network.gateways:
            assert f"GW {network.gateways[id_].address.ip}" in shown
    overview = " ".join(sheets["logical-diagram-zones"])
    assert all(zone.name_ja in overview for zone in records.zones.values())


def test_design_stands_on_sheets_of_its_own(estate: Estate, network: Network) -> None:
    """Every designed service is on its city's map and on the sheet of the zones, marked; no city is on another's."""
    records = estate.records
    if not records.designed_services:
        pytest.skip("nothing is designed in this estate")
    maps = _made("application-map", estate, network).sheets
    cities = {one.city for service in records.designed_services.values() for one in service.instances.values()}
    for city in cities:
        own = [one for one in maps if re.fullmatch(rf"application-map-{city or 'shared'}(-[0-9]+)?", one.name)]
        assert all("設計のみ" in one.title for one in own)
        shown = [
            found for one in own
            for found in re.findall(r'data-entry="(designed_services|virtual_machines)[.]([^"]+)"', one.svg)
        ]  # fmt: skip
        services = [id_ for id_, service in records.designed_services.items()
                    if any(one.city == city for one in service.instances.values())]  # fmt: skip
        assert sorted(id_ for kind, id_ in shown if kind == "designed_services") == sorted(services)
        assert all(records.virtual_machines[id_].city == city for kind, id_ in shown if kind == "virtual_machines")
    (zones,) = [one for one in _made("logical-diagram", estate, network).sheets if one.name.endswith("-design")]
    words = re.sub(r"\s", "", "".join(_words(zones.svg)))
    for service in records.designed_services.values():
        assert re.sub(r"\s", "", service.name_ja) in words
    crossing = {id_: flow for id_, flow in records.designed_flows.items() if flow.crossing}
    assert {f"designed_flows.{id_}" for id_ in crossing} <= set(re.findall(r'data-entry="([^"]+)"', zones.svg))
    for flow in crossing.values():
        assert re.sub(r"\s", "", said(flow, "crossing", "ja")) in words


def test_design_of_many_services_is_spread_over_sheets(deck: tuple[Estate, Network]) -> None:
    """Where one sheet would be too small a city's map has several; no service is on two of them, none is cut apart."""
    estate, _network = deck
    alone = design_maps(estate, "en")
    sheets = [one for one in alone if one.name.startswith("application-map-fuji-")]
    assert len(sheets) > 1
    assert all(plate.legible(one) for one in alone)
    whole = dataclasses.replace(
        sheets[0], boxes=tuple(box for one in sheets for box in one.boxes),
        lines=tuple(line for one in sheets for line in one.lines),
        frames=tuple({frame.id: frame for one in sheets for frame in one.frames}.values()),
    )  # fmt: skip
    assert not plate.legible(whole)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_is_cut(estate: Estate, network: Network, name: str, language: Language) -> None:
    """No name, cell or note ends in an ellipsis: all that the estate says stands whole."""
    drawing = DRAWINGS[name].make(estate, network, language)
    sheets = drawing.sheets if drawing else ()
    assert not [words for one in sheets for words in _words(one.svg) if "…" in words]


def test_power_lines_meet_at_dots_alone(deck: tuple[Estate, Network]) -> None:
    """In the one-line diagram no line crosses another: where one runs through another, a dot joins them."""
    estate, network = deck
    for one in _made("power-diagram", estate, network).sheets:
        for site in ET.fromstring(one.svg).iter(f"{SVG}g"):
            lines = [tuple(float(str(line.get(key))) for key in ("x1", "y1", "x2", "y2"))
                     for line in site.findall(f"{SVG}line")]  # fmt: skip
            dots = {(float(str(dot.get("cx"))), float(str(dot.get("cy")))) for dot in site.findall(f"{SVG}circle")}
            level = [line for line in lines if line[1] == line[3]]
            upright = [line for line in lines if line[0] == line[2]]
            assert len(level) + len(upright) == len(lines)
            for x, y1, _, y2 in upright:
                for x1, y, x2, _ in level:
                    if min(x1, x2) < x < max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
                        assert (x, y) in dots


def test_many_racks_are_spread_over_sheets(deck: tuple[Estate, Network]) -> None:
    """A room of 40 racks is drawn on as many sheets as it takes to be read, each rack on one of each drawing."""
    estate, network = deck
    rack = estate.records.racks["dc-rack-1"]
    more = {f"dc-rack-{number}": rack for number in range(1, 41)}
    records = estate.records.model_copy(update={"racks": estate.records.racks | more})
    grown = dataclasses.replace(estate, records=records)
    for name in ("rack-elevations", "power-diagram"):
        sheets = _made(name, grown, network, "en").sheets
        assert len(sheets) > 1
        shown = [found for one in sheets for found in re.findall(r'data-entry="racks[.]([^"]+)"', one.svg)]
        assert sorted(shown) == sorted(records.racks)
        for one in sheets:
            block = TitleBlock("project", one.title, one.other_title, "XX-01-01", "1/1")
            assert min(_sizes(ET.fromstring(sheet(one.svg, block, HISTORY, "en")), 1.0)) >= LEAST_TYPE


def test_title_block_and_revisions_stand_whole() -> None:
    """A long author and a long change take further lines; nothing of them is cut, and fewer revisions have room."""
    small = f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 10 10"/>'
    change = "Replace both routers of the eastern centre, and say why the older ones are kept in the store until June"
    author = "Department of information and communication, section two"
    history = tuple(dataclasses.replace(one, change=f"{change} {one.number}", author=author) for one in HISTORY)
    shown = " ".join(_words(sheet(small, TitleBlock("project", "drawing", "図", "X-01", "1/1"), history, "en")))
    for number in (7, 6):
        assert f"{change} {number}" in shown
    assert "…" not in shown
    assert shown.count("Department of information") == 3


def test_flows_between_zones_stand_with_their_reason(deck: tuple[Estate, Network]) -> None:
    """What the estate permits between zones, here time, is drawn once for each pair of zones with ports and reason."""
    estate, network = deck
    first = _made("logical-diagram", estate, network).sheets[0].svg
    assert "".join(_words(first)).count("udp/123") == 2
    reason = str(estate.records.time_service.reason_ja)
    assert "".join(_words(first)).count(reason) == 2


def test_job_net_tells_the_end_and_slack_of_each_job(deck: tuple[Estate, Network]) -> None:
    """By hand: the day's close ends 19:20, payments wait for it and their release, end 20:10, 140 min before 22:30."""
    estate, network = deck
    sheets = {one.name: _words(one.svg) for one in _made("job-net", estate, network).sheets}
    assert set(sheets) == {
        f"job-net-{night}"
        for night in ("nightly", "business-day-1", "day-10", "day-12", "04-05", "05-02", "06-03", "07-06", "07-08")
    }  # fmt: skip
    assert "終了 20:10 余裕 140分" in sheets["job-net-nightly"]
    assert "富士市 月次締め" in sheets["job-net-business-day-1"]
    assert "富士市 月次締め" not in sheets["job-net-nightly"]


def test_known_entries_are_links_and_ids_do_not_meet(deck: tuple[Estate, Network]) -> None:
    """On the page a drawing has no ids; a group is a link where its entry has a row, and no link holds another."""
    estate, network = deck
    drawing = _made("rack-elevations", estate, network)
    known = {"racks.dc-rack-1", *(f"hardware.{id_}" for id_ in estate.records.hardware)}
    for one in drawing.sheets:
        root = ET.fromstring(linked(one.svg, known))
        links = list(root.iter(f"{SVG}a"))
        assert links
        assert not any(element.get("id") for element in root.iter())
        assert all(len(list(link.iter(f"{SVG}a"))) == 1 for link in links)
        assert not any("data-entry" in element.attrib for element in root.iter())
        shown = linked(one.svg, known, "index.html")
        assert 'href="index.html#at-hardware.' in shown
        assert "<a " not in linked(one.svg, frozenset())


def _cells(text: str) -> Iterator[tuple[str, ET.Element]]:
    for holder in ET.fromstring(text.encode()).iter():
        if holder.tag == "object":
            yield str(holder.get("id")), holder[0]
        elif holder.tag == "mxCell" and holder.get("id"):
            yield str(holder.get("id")), holder


@pytest.mark.parametrize("name", ["network-diagram", "logical-diagram", "application-map", "job-net", "data-flow"])
def test_drawio_has_boxes_and_connectors_between_them(deck: tuple[Estate, Network], name: str) -> None:
    """On each page every connector ends at two shapes, every shape has a place in its container, and ids are unique."""
    estate, network = deck
    drawing = _made(name, estate, network)
    assert len(drawing.pages) == len(drawing.sheets)
    for page in drawing.pages:
        listed = list(_cells(file([page])))
        cells = dict(listed)
        assert len(cells) == len(listed)
        edges = [cell for cell in cells.values() if cell.get("edge")]
        shapes = {id_: cell for id_, cell in cells.items() if cell.get("vertex")}
        assert edges
        assert all({cell.get("source"), cell.get("target")} <= set(shapes) for cell in edges)
        for id_, cell in shapes.items():
            parent = str(cell.get("parent"))
            box = cell[0]
            assert float(box.get("width", 0)) > 0, id_
            if parent != "1":
                around = shapes[parent][0]
                for place, size in (("x", "width"), ("y", "height")):
                    low, high = float(box.get(place, 0)), float(box.get(place, 0)) + float(box.get(size, 0))
                    assert low >= 0 and high <= float(around.get(size, 0)) + 0.2, id_


def test_graphviz_source_draws_the_same_boxes(deck: tuple[Estate, Network]) -> None:
    """The source that is handed over is whole: a graph for each sheet, every job named in it."""
    estate, network = deck
    drawing = _made("job-net", estate, network)
    ((ending, source),) = drawing.sources
    assert ending == ".gv"
    assert source.count("digraph ") == len(drawing.sheets)
    assert all(f'"{id_}" [' in source for id_ in estate.records.jobs)


def test_pdf_is_a3_with_selectable_japanese_and_embedded_fonts(deck: tuple[Estate, Network]) -> None:
    """Pages of A3, text that comes out as it went in, fonts within the file, and the same bytes a second time."""
    estate, network = deck
    drawing = _made("job-net", estate, network)
    block = TitleBlock("事業", "ジョブネット図", "Job net", "OP-01-01", "1/2")
    pages = [sheet(one.svg, block, HISTORY, "ja") for one in drawing.sheets[:2]]
    content = to_pdf(pages, dt.date(2026, 4, 7), WIDTH_MM, HEIGHT_MM)
    assert content == to_pdf(pages, dt.date(2026, 4, 7), WIDTH_MM, HEIGHT_MM)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == dt.date(2026, 4, 7)
    wide, tall = (float(reader.pages[0].mediabox[index]) * 25.4 / 72 for index in (2, 3))
    assert (round(wide), round(tall)) == (420, 297)
    text = reader.pages[0].extract_text()
    assert all(word in text for word in ("富士市 日次締め", "19:00-20:30", "OP-01-01", "審査者", "承認者", "step 7"))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    for font in fonts:
        kinds = font.get_object().get("/DescendantFonts", [font])
        for kind in kinds:
            descriptor = kind.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


def test_sheet_shows_the_newest_revisions_alone() -> None:
    """Four rows fit; the newest is first, and what is older stands in the full history."""
    small = f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 10 10"/>'
    shown = _words(sheet(small, TitleBlock("事業", "図", "drawing", "X-01", "1/1"), HISTORY, "ja"))
    steps = [word for word in shown if word.startswith("step")]
    assert steps == ["step 7", "step 6", "step 5", "step 4"]
    assert {"図面番号", "版", "日付", "作成", "審査", "承認", "X-01", "7", "2026-04-07"} <= set(shown)
