"""Diagrams that Graphviz lays out: nothing overlaps, words stay words, what does not hang together is refused."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from inventory.volume import likely_s
from topology.build import build_network
from topology.draw import graphviz, listing, plate, stack
from topology.draw.application_map import application_map
from topology.draw.data_flow import data_flows
from topology.draw.diagram import Box, Diagram, Frame, Line
from topology.draw.errors import DrawingError
from topology.draw.ink import text_width
from topology.draw.job_net import job_nets
from topology.draw.listing import Listing, Row
from topology.draw.logical import logical_diagrams
from topology.draw.nights import nights
from topology.draw.power import power_diagram
from topology.draw.shapes import Box as Place
from topology.draw.words import Language
from topology.model import Network

MAKERS = (application_map, data_flows, job_nets, logical_diagrams, power_diagram)
ROUNDING, MOST_LINES = 0.01, 2
Maker = Callable[[Estate, Network, Language], tuple[Diagram, ...]]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages", str(GOOD)], ids=["deck", "villages", "small"])
def test_nothing_overlaps(name: str, maker: Maker, language: Language) -> None:
    """Boxes keep clear of one another and lie in their frames; frames that are not nested keep clear as well."""
    estate = load_estate(name)
    for diagram in maker(estate, build_network(estate), language):
        arranged = plate.arranged(diagram)
        (wide, tall), places = stack.places(arranged.diagram)
        boxes = [places[box.id] for box in diagram.boxes]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2)), diagram.name
        frames = [places[frame.id] for frame in diagram.frames if frame.id in places and frame.parent is None]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(frames, 2)), diagram.name
        for box in diagram.boxes:
            place, around = places[box.id], places.get(box.frame or "")
            assert (
                min(place.x, place.y) >= -ROUNDING
                and place.right <= wide + ROUNDING
                and place.bottom <= tall + ROUNDING
            )
            if around:
                assert around.x <= place.x and place.right <= around.right, box.id
                assert around.y <= place.y and place.bottom <= around.bottom, box.id
            else:
                assert not any(place.overlaps(frame) for frame in frames), box.id


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_no_line_crosses_the_name_of_a_frame(name: str, maker: Maker, language: Language) -> None:
    """A frame's label stands where lines leave it alone, in two lines at most."""
    estate = load_estate(name)
    for diagram in maker(estate, build_network(estate), language):
        for part in stack.parts(plate.arranged(diagram).diagram):
            places = graphviz.places(part)[1]
            pieces = [piece for line in graphviz.lines(part) for piece in itertools.pairwise(line)]
            for frame in part.frames:
                label = stack.label_place(frame, places[frame.id])
                assert not any(label.crossed(a, z) for a, z in pieces), (diagram.name, frame.label)
                assert len(frame.label.splitlines()) <= MOST_LINES, (diagram.name, frame.label)


@pytest.mark.parametrize(("a", "z", "inside"), [
    ((0, 0), (10, 10), True), ((0, 5), (3, 5), False), ((0, 5), (10, 5), True), ((4.5, 0), (4.5, 10), True),
    ((0, 7), (7, 14), False), ((4.5, 4.5), (4.6, 4.6), True), ((4, 0), (4, 10), False),
])  # fmt: skip
def test_line_that_comes_inside_a_rectangle(a: tuple[float, float], z: tuple[float, float], inside: bool) -> None:
    """Also one that begins and ends in it; not one that ends before it, passes its corner or runs along its edge."""
    assert Place(4, 4, 2, 2).crossed(a, z) == inside


def test_diagram_turns_the_way_that_sets_larger_type() -> None:
    """A long chain fills a sheet that is wider than high by running across, a broad fan by running down."""
    chain = [Box(f"x{n}", "server", f"server {n}") for n in range(9)]
    row = tuple(Line(f"x{n}", f"x{n + 1}") for n in range(8))
    fan = tuple(Line("x0", f"x{n}") for n in range(1, 9))
    for lines, across in ((row, True), (fan, False)):
        for first in (True, False):
            turning = dataclasses.replace(_diagram(*chain, lines=lines), across=first, turns=True)
            assert plate.arranged(turning).diagram.across == across
            fixed = dataclasses.replace(turning, turns=False)
            assert plate.arranged(fixed).diagram.across == first
            assert plate.arranged(turning).scale >= plate.arranged(fixed).scale


def test_list_keeps_its_words_within_its_room() -> None:
    """Columns that are too wide break their lines; no cell is cut, and no line is wider than its column."""
    listed = Listing("一覧", ("a", "b"), (Row(("x", "福祉相談、障害者手帳、" * 9)), Row(("long words " * 9, "y"))))
    for room in (2000.0, 300.0, 200.0):
        laid = listing.laid(listed, room)
        assert laid.width <= max(room, 0)
        for cells, row in zip(laid.cells[1:], listed.rows, strict=True):
            for lines, cell, width in zip(cells, row.cells, laid.widths, strict=True):
                assert "".join("".join(lines).split()) == "".join(cell.split())
                assert all(text_width(line, listing.SIZE) <= width for line in lines)


def _diagram(*boxes: Box, lines: tuple[Line, ...] = (), frames: tuple[Frame, ...] = ()) -> Diagram:
    return Diagram("test", "試験", "test", "事業", "ja", boxes, lines, frames)


def test_words_of_any_kind_stay_words() -> None:
    """Quotes, angle brackets, ampersands and backslashes in names come out as text."""
    names = ('a "b"', "<c> & d", "back\\slash", "一行\u3000二行")
    boxes = tuple(Box(f"x{index}", "server", name, (name,)) for index, name in enumerate(names))
    drawn = plate.svg(_diagram(*boxes, lines=(Line("x0", "x1", 'p "q" <r> & s'),)))
    assert "&lt;c&gt; &amp; d" in drawn
    assert "back\\slash" in drawn
    assert 'a "b"' in drawn or "a &quot;b&quot;" in drawn
    assert "&lt;r&gt; &amp; s" in drawn


@pytest.mark.parametrize(
    ("boxes", "lines", "frames"),
    [
        ((Box("a", "server", "A"), Box("a", "server", "B")), (), ()),
        ((Box("a", "server", "A"),), (Line("a", "b"),), ()),
        ((Box("a", "server", "A", frame="f"),), (), ()),
    ],
    ids=["same id", "line to nowhere", "no such frame"],
)
def test_diagram_that_does_not_hang_together_is_refused(
    boxes: tuple[Box, ...], lines: tuple[Line, ...], frames: tuple[Frame, ...]
) -> None:
    """Graphviz would make boxes up; better to stop."""
    with pytest.raises(ValueError, match="test: ids twice"):
        _diagram(*boxes, lines=lines, frames=frames)


def test_missing_graphviz_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lacks it is told which package brings it."""
    graphviz.run.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DrawingError, match="Debian package graphviz"):
        plate.svg(_diagram(Box("a", "server", "A")))


def test_bad_source_is_told_with_what_graphviz_says() -> None:
    """What it prints is in the message."""
    with pytest.raises(DrawingError, match="syntax error"):
        graphviz.run("svg", "digraph {")


def test_nights_are_those_on_which_something_else_runs() -> None:
    """An ordinary night holds nightly jobs alone; each end waits for what comes before and for the release."""
    records = load_estate("fuji-fujinomiya").records
    found = nights(records)
    assert {job.calendar for job in found[0].jobs.values()} == {"nightly"}
    for night in found:
        ends = night.ends_s()
        for id_, job in night.jobs.items():
            begin = ends[id_] - likely_s(records, job)
            before = [ends[name] for name in night.before(id_)]
            assert begin == pytest.approx(max([job.release_in_night_s, *before]))
        if not night.ordinary:
            assert any(job.calendar != "nightly" for job in night.jobs.values())
    assert nights(records.model_copy(update={"jobs": {}})) == ()
