"""Diagrams that Graphviz lays out: nothing overlaps, words stay words, what does not hang together is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.draw import graphviz
from topology.draw.application_map import application_map
from topology.draw.data_flow import data_flows
from topology.draw.diagram import Box, Diagram, Frame, Line
from topology.draw.errors import DrawingError
from topology.draw.job_net import job_nets
from topology.draw.logical import logical_diagrams
from topology.draw.nights import nights
from topology.draw.power import power_diagram
from topology.draw.words import Language
from topology.model import Network

MAKERS = (application_map, data_flows, job_nets, logical_diagrams, power_diagram)
ROUNDING = 0.01
Maker = Callable[[Estate, Network, Language], tuple[Diagram, ...]]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages", str(GOOD)], ids=["deck", "villages", "small"])
def test_nothing_overlaps(name: str, maker: Maker, language: Language) -> None:
    """Boxes keep clear of one another and lie in their frames; frames that are not nested keep clear as well."""
    estate = load_estate(name)
    for diagram in maker(estate, build_network(estate), language):
        (wide, tall), places = graphviz.places(diagram)
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


def _diagram(*boxes: Box, lines: tuple[Line, ...] = (), frames: tuple[Frame, ...] = ()) -> Diagram:
    return Diagram("test", "試験", "test", "事業", "ja", boxes, lines, frames)


def test_words_of_any_kind_stay_words() -> None:
    """Quotes, angle brackets, ampersands and backslashes in names come out as text."""
    names = ('a "b"', "<c> & d", "back\\slash", "一行\u3000二行")
    boxes = tuple(Box(f"x{index}", "server", name, (name,)) for index, name in enumerate(names))
    drawn = graphviz.svg(_diagram(*boxes, lines=(Line("x0", "x1", 'p "q" <r> & s'),)))
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
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DrawingError, match="Debian package graphviz"):
        graphviz.svg(_diagram(Box("a", "server", "A")))


def test_bad_source_is_told_with_what_graphviz_says() -> None:
    """What it prints is in the message."""
    with pytest.raises(DrawingError, match="syntax error"):
        graphviz.run("svg", "digraph {")


def test_nights_are_those_on_which_something_else_runs() -> None:
    """An ordinary night holds nightly jobs alone; each end waits for what comes before and for the release."""
    jobs = load_estate("fuji-fujinomiya").records.jobs
    found = nights(jobs)
    assert {job.calendar for job in found[0].jobs.values()} == {"nightly"}
    for night in found:
        ends = night.ends_s()
        for id_, job in night.jobs.items():
            begin = ends[id_] - job.takes_s
            before = [ends[name] for name in night.before(id_)]
            assert begin == max([job.release_in_night_s, *before])
        if night.day is not None:
            assert any(job.calendar != "nightly" for job in night.jobs.values())
    assert nights({}) == ()
