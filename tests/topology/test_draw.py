"""Drawings: the same bytes for the same estate, complete, without overlaps, in two languages and three forms."""

from __future__ import annotations

import itertools
import re
import struct
import xml.etree.ElementTree as ET

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.circuits import Circuit, CircuitEnds
from inventory.models.estate import Estate
from topology.build import build_network
from topology.draw import LANGUAGES, DrawingError, Language, Overlay, draw_network
from topology.draw.context import Context
from topology.draw.ink import text_width, wrap
from topology.draw.layout import lay_out
from topology.draw.png import to_png
from topology.draw.shapes import Box, LineShape
from topology.model import Network

SVG = "{http://www.w3.org/2000/svg}"
CASES = [
    ("fuji-fujinomiya", {}),
    ("fuji-fujinomiya", {"readings.encryption-scope.choice": "all-circuits"}),
    ("fuji-fujinomiya", {"readings.standalone-place.choice": "fire-building"}),
    (str(GOOD), {}),
    (str(GOOD), {"readings.main-encryption.choice": "encrypted"}),
]
Case = tuple[Estate, Network]
SLIDE_20 = [
    "データセンター",
    "富士市消防防災庁舎",
    "富士宮市庁舎",
    "ネットワーク機器",
    "ルータ",
    "サーバ等",
    "2Gbps(論理帯域)",
    "広域イーサネット1Gbps",
    "(主回線)",
    "フレッツ光ネクストファミリー・スーパーハイスピードタイプ隼",
    "地域IP網",
    "(バックアップ)",
    "暗号化処理",
    "富士市単独システム",
]


@pytest.fixture(scope="module", params=CASES, ids=["deck", "deck-all", "deck-fire", "good", "good-all"])
def case(request: pytest.FixtureRequest) -> Case:
    """An estate under one set of readings, with its network."""
    estate = load_estate(*request.param)
    return estate, build_network(estate)


@pytest.fixture(scope="module")
def deck() -> Case:
    """The deck's estate with its network."""
    estate = load_estate("fuji-fujinomiya")
    return estate, build_network(estate)


def words(svg: str) -> str:
    """Return all visible text of a drawing without blanks, so that line breaks do not matter."""
    texts = ("".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text"))
    return re.sub(r"\s", "", " ".join(texts))


@pytest.mark.parametrize("form", ["svg", "mermaid"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_same_estate_gives_the_same_bytes(case: Case, language: Language, form: str) -> None:
    """Drawing twice, from data loaded twice, gives identical text."""
    estate, _ = case
    first = draw_network(build_network(estate), estate, language, form)
    again = load_estate(estate.folder, estate.overrides)
    assert first == draw_network(build_network(again), again, language, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawing_names_everything(case: Case, language: Language) -> None:
    """Sites, devices, segments, circuits with their rates, carrier networks and the digest all stand in it."""
    estate, network = case
    shown = words(str(draw_network(network, estate, language, "svg")))
    records = estate.records
    named = [*records.sites.values(), *records.devices.values(), *records.carrier_networks.values()]
    labels = [record.label(language) for record in named] + list(records.circuits)
    labels += [circuit.rate_text for circuit in records.circuits.values()]
    labels += [
        port.address.ip.exploded for port in network.interfaces if network.segments[port.segment].kind == "circuit"
    ]
    labels += [str(segment.prefix) for segment in network.segments.values()]
    labels.append(network.estate_digest[:16])
    assert [label for label in labels if label.replace(" ", "") not in shown] == []


def test_deck_is_laid_out_like_slide_20(deck: Case) -> None:
    """Data centre left, fire building upper right, Fujinomiya's hall lower right, Fuji's hall beyond it."""
    layout = lay_out(deck[1], deck[0], "ja")
    frames = {shape.site: shape.box for shape in layout.sites}
    assert frames["dc"].right < frames["fuji-fire"].x == frames["fujinomiya-hall"].x
    assert frames["fuji-fire"].bottom < frames["fujinomiya-hall"].y
    assert frames["fuji-hall"].x > frames["fuji-fire"].right
    (cloud,) = layout.clouds
    assert frames["dc"].right < cloud.box.x < cloud.box.right < frames["fujinomiya-hall"].x
    (pipe,) = layout.pipes
    lines = {line.circuit: line for line in layout.lines}
    assert pipe.group == "fuji-logical-line"
    assert all(pipe.box.y < lines[id_].y1 < pipe.box.bottom for id_ in ("fuji-wan-1", "fuji-wan-2"))
    assert pipe.box.bottom < lines["fujinomiya-main"].y1 < lines["fujinomiya-flets"].y1


@pytest.mark.parametrize("phrase", SLIDE_20)
def test_words_of_slide_20_stand_in_the_drawing(deck: Case, phrase: str) -> None:
    """Who knows the slide finds its words."""
    assert phrase in words(str(draw_network(deck[1], deck[0], "ja", "svg")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps(case: Case, language: Language) -> None:
    """Sites keep clear of one another and of the corridor's shapes; what is in a site lies inside it and apart."""
    estate, network = case
    layout = lay_out(network, estate, language)
    outside = [shape.box for shape in (*layout.sites, *layout.clouds, *layout.pipes)]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(outside, 2))
    frames = {shape.site: shape for shape in layout.sites}
    inside: dict[str, list[object]] = {site: [] for site in frames}
    for router in layout.routers.values():
        inside[network.nodes[router.node].site].append(router.box)
    for lan in layout.lans:
        inside[lan.site].append(lan.box)
    for site, boxes in inside.items():
        frame = frames[site].box
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
        assert all(frame.x <= box.x and box.right <= frame.right and box.bottom <= frame.bottom for box in boxes)
        assert all(box.y >= frame.y + frames[site].header for box in boxes)
    assert {line.circuit for line in layout.lines} == set(estate.records.circuits)


def test_svg_is_self_contained(case: Case) -> None:
    """No picture, style sheet, script or font is fetched from elsewhere, and every element cites the inventory."""
    estate, network = case
    svg = str(draw_network(network, estate, "ja", "svg"))
    root = ET.fromstring(svg)
    assert not re.search(r"href|url\(|@import|<script|<image|<style", svg)
    assert svg.count("http") == 1
    titles = {group.get("id"): group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")}
    for circuit in estate.records.circuits:
        assert titles[f"circuit-{circuit}"] == estate.cite(f"circuits.{circuit}")
    assert len(titles) == len([group for group in root.iter(f"{SVG}g") if group.get("id")]) + (None in titles)


def test_overlay_marks_what_failed_and_what_is_used(deck: Case) -> None:
    """A failed circuit is red and crossed, a used one bold; without an overlay neither colour stands in the drawing."""
    estate, network = deck
    plain = str(draw_network(network, estate, "ja", "svg"))
    overlay = Overlay(frozenset({"fujinomiya-main", "fm-rt-main"}), frozenset({"fujinomiya-flets"}), "主回線切断")
    marked = str(draw_network(network, estate, "ja", "svg", overlay))
    assert "#c62828" not in plain
    assert "主回線切断" in marked
    main = re.search(r'<g id="circuit-fujinomiya-main".*?</g>', marked, re.DOTALL)
    backup = re.search(r'<g id="circuit-fujinomiya-flets".*?</g>', marked, re.DOTALL)
    assert main is not None
    assert backup is not None
    assert "#c62828" in main[0]
    assert "#00913f" in backup[0]


def test_png_is_rendered(deck: Case) -> None:
    """The PNG has the asked width and is more than an empty sheet."""
    png = draw_network(deck[1], deck[0], "ja", "png")
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", png[16:20]) == (2400,)
    assert len(png) > 100_000


def test_missing_renderer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without librsvg the message names the package and what works without it."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DrawingError, match="librsvg2-bin"):
        to_png("<svg/>")


def test_mermaid_declares_what_it_joins(case: Case) -> None:
    """Every edge joins declared nodes, frames are closed, labels are quoted."""
    estate, network = case
    text = str(draw_network(network, estate, "en", "mermaid"))
    assert text.splitlines()[1] == "flowchart LR"
    assert len(re.findall(r"^ *subgraph ", text, re.MULTILINE)) == len(re.findall(r"^ *end$", text, re.MULTILINE))
    declared = set(re.findall(r"^ +((?:node|seg|net)_\w+)[\[({]", text, re.MULTILINE))
    edges = re.findall(r'^  (\w+) (?:---(?:\|"[^"]*"\|)?|-\. "[^"]*" \.-) (\w+)$', text, re.MULTILINE)
    assert {end for edge in edges for end in edge} <= declared
    ports = len(network.interfaces) + sum(len(carrier.ports) for carrier in network.carrier_networks.values())
    assert len(edges) == ports + len(network.tunnels)


def test_circuits_between_two_sites_are_drawn() -> None:
    """An estate whose sites are joined in a ring has its cross line as well."""
    estate = load_estate(str(GOOD))
    main = estate.records.circuits["yamate-main"]
    assert isinstance(main, Circuit)
    ring = main.model_copy(update={"ends": CircuitEnds(a="hamabe-annex", z="yamate-hall"), "tunnel_profile": None})
    circuits = {**estate.records.circuits, "ring": ring}
    object.__setattr__(estate, "records", estate.records.model_copy(update={"circuits": circuits}))
    layout = lay_out(build_network(estate), estate, "en")
    line = next(line for line in layout.lines if line.circuit == "ring")
    assert line.x1 == line.x2
    assert line.y1 < line.y2
    assert "ring" in str(draw_network(build_network(estate), estate, "en", "svg"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_circuit_runs_through_the_words_of_another(language: Language) -> None:
    """Where circuits join rows to one another as well, each keeps off the others' labels and off every frame."""
    estate = load_estate("tri-villages")
    network = build_network(estate)
    layout = lay_out(network, estate, language)
    context = Context(network, estate, layout, language, Overlay())
    ways = {line.circuit: _way(line) for line in layout.lines}
    assert sum(line.track is not None for line in layout.lines) == 3
    for line in layout.lines:
        middle = (line.track + line.x1) / 2 if line.track is not None else line.label_x or (line.x1 + line.x2) / 2
        wide = text_width(context.circuit_label(line.circuit), 13)
        words = Box(middle - wide / 2, line.y1 - 22, wide, 16)
        assert not any(words.crossed(a, z) for way in ways.values() for a, z in itertools.pairwise(way)), line.circuit
    frames = [shape.box for shape in layout.sites]
    assert not any(one.crossed(a, z) for one in frames for way in ways.values() for a, z in itertools.pairwise(way))
    nested = [line for line in layout.lines if line.track is not None]
    for one, other in itertools.combinations(nested, 2):
        outer, inner = sorted((one, other), key=lambda line: float(line.track or 0))
        assert outer.y1 < inner.y1 < inner.y2 < outer.y2


def _way(line: LineShape) -> list[tuple[float, float]]:
    if line.track is None:
        return [(line.x1, line.y1), (line.x2, line.y2)]
    return [(line.x1, line.y1), (line.track, line.y1), (line.track, line.y2), (line.x2, line.y2)]


@pytest.mark.parametrize(
    "text",
    [
        "フレッツ光ネクスト ファミリー・スーパーハイスピードタイプ 隼",
        "Counters and offices in Fuji's hall",
        "(バックアップ)",
        "",
    ],
)
def test_wrapped_text_loses_nothing(text: str) -> None:
    """Lines hold all characters and fit, unless one piece alone is wider; a line never starts with a closing mark."""
    lines = wrap(text, 190, 12, 9)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 12) <= 190 for line in lines)
    assert not any(line.startswith((")", "・", "ー")) for line in lines)


def test_carrier_network_of_several_halls_is_one_cloud() -> None:
    """Access lines of other rows leave the same cloud and run level to their site, so that their labels have room."""
    estate = load_estate(str(GOOD))
    records = estate.records
    line = records.circuits["yamate-access"]
    other = line.model_copy(update={"ends": line.ends.model_copy(update={"z": "hamabe-annex"})})
    changed = records.model_copy(update={"circuits": {**records.circuits, "hamabe-access": other}})
    object.__setattr__(estate, "records", changed)
    layout = lay_out(build_network(estate), estate, "ja")
    assert len(layout.clouds) == 1
    lines = {line.circuit: line for line in layout.lines}
    assert all(lines[id_].y1 == lines[id_].y2 for id_ in ("hamabe-access", "yamate-access"))
    assert [lines[id_].leaves is None for id_ in ("hamabe-access", "yamate-access")].count(True) == 1
    assert "hamabe-access" in str(draw_network(build_network(estate), estate, "ja", "svg"))


def test_legend_names_what_is_drawn_alone() -> None:
    """Villages without tunnels, campus links or carrier networks have no such signs in their legend; the deck has."""
    for name, there in (("fuji-fujinomiya", True), ("tri-villages", False)):
        estate = load_estate(name)
        drawn = draw_network(build_network(estate), estate, "en")
        words = {"".join(text.itertext()) for text in ET.fromstring(str(drawn)).iter(f"{SVG}text")}
        assert "circuit (a colour each)" in words
        for sign in ("encrypted tunnel", "campus link", "a carrier's closed network", "logical line"):
            assert (sign in words) == there, (name, sign)


def test_line_between_rows_keeps_clear_of_those_to_the_centre() -> None:
    """A circuit between two villages ends above, and begins below, every circuit from the centre to the same row."""
    estate = load_estate("tri-villages")
    layout = lay_out(build_network(estate), estate, "ja")
    records = estate.records
    across = [line for line in layout.lines if line.track is not None]
    wide = [line for line in layout.lines if line.track is None]
    assert across
    for line in across:
        for end, y, sign in zip(("upper", "lower"), (line.y1, line.y2), (1, -1), strict=True):
            sites = set(records.circuits[line.circuit].ends.both)
            rows = sorted(sites, key=lambda site: next(one.box.y for one in layout.sites if one.site == site))
            site = rows[0] if end == "upper" else rows[1]
            for other in wide:
                if site in records.circuits[other.circuit].ends.both:
                    assert sign * (y - other.y1) > 0, (line.circuit, other.circuit)
