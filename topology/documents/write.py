"""Writes documents into a folder: drawings and tables each in their forms, and all of them bound as one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.catalogue import DOCUMENTS, NAMES
from topology.documents.drawings import DRAWINGS, Drawing
from topology.documents.framing import Framing
from topology.documents.manual.paper import paper
from topology.documents.manual.volumes import NAME as MANUAL
from topology.documents.manual.volumes import volumes
from topology.documents.plain import plain
from topology.documents.revisions import Revision, revisions
from topology.documents.site import Binding, anchors, site
from topology.documents.table import Table
from topology.documents.workbook import workbook
from topology.draw.drawio import file
from topology.draw.words import Language

PAGE = "index.html"
Maker = Callable[[], bytes]


def documents(estate: Estate, language: Language, only: tuple[str, ...] = ()) -> Iterator[tuple[str, Maker]]:
    """Yield `(file name, its maker)` of the documents asked for, all where none is named; the page comes last.

    No file is made before its maker is called, so that progress can be told. Raises KeyError for an unknown name,
    DrawingError where a drawing cannot be made here. A drawing that the estate has nothing for is left out.
    """
    network = build_network(estate)
    history = revisions(estate.folder, estate.overrides)
    wanted = only or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise KeyError(unknown[0])
    made = {name: kind.make(estate, network, language) for name, kind in DRAWINGS.items() if name in wanted}
    drawings = [drawing for drawing in made.values() if drawing is not None]
    left_out = [DRAWINGS[name].title(language) for name, drawing in made.items() if drawing is None]
    tables = [make(estate, network, language) for name, make in DOCUMENTS.items() if name in wanted]
    title, known = estate.records.estate.label(language), anchors(tables)
    framing = Framing(title, history, language, PAGE, frozenset(known))
    files: dict[str, list[str]] = {}
    for drawing in drawings:
        yield from _noted(files, drawing.name, _drawing(drawing, framing))
    for table in tables:
        yield from _noted(files, table.name, _table(table, title, history, language))
    manual = volumes(estate, network, language) if MANUAL in wanted else ()
    for volume in manual:
        files[volume.name] = [f"{volume.name}.pdf"]
        yield f"{volume.name}.pdf", lambda volume=volume: paper(volume, language, title, history)  # type: ignore[misc]
    binding = Binding(title, language, history, tables, drawings, manual, files, left_out)
    yield PAGE, lambda: site(binding)


def bound(estate: Estate, tables: Sequence[Table], language: Language, page: str) -> Iterator[tuple[str, Maker]]:
    """Yield `(file name, its maker)` of tables alone, and last of the page that binds them."""
    history, title = revisions(estate.folder, estate.overrides), estate.records.estate.label(language)
    files: dict[str, list[str]] = {}
    for table in tables:
        yield from _noted(files, table.name, _table(table, title, history, language))
    yield page, lambda: site(Binding(title, language, history, tables, files=files))


def _noted(
    files: dict[str, list[str]], document: str, made: Iterator[tuple[str, Maker]]
) -> Iterator[tuple[str, Maker]]:
    """Yield the files of a document, each noted under its name: the page links to them."""
    for name, maker in made:
        files.setdefault(document, []).append(name)
        yield name, maker


def _table(table: Table, estate: str, history: tuple[Revision, ...], language: Language) -> Iterator[tuple[str, Maker]]:
    """Yield the files of a table."""
    yield f"{table.name}.xlsx", lambda: workbook(table, language, estate, history)
    yield f"{table.name}.csv", lambda: plain(table, language)


def _drawing(drawing: Drawing, framing: Framing) -> Iterator[tuple[str, Maker]]:
    """Yield the files of a drawing: each sheet as SVG, all as PDF on A3, and what people edit."""
    for index, one in enumerate(drawing.sheets):
        yield f"{one.name}.svg", lambda index=index: framing.framed(drawing, index).encode()  # type: ignore[misc]
    yield f"{drawing.name}.pdf", lambda: framing.pdf(drawing)
    if drawing.pages:
        yield f"{drawing.name}.drawio", lambda: file(drawing.pages).encode()
    for ending, source in drawing.sources:
        yield f"{drawing.name}{ending}", lambda source=source: source.encode()  # type: ignore[misc]


def write(folder: Path, name: str, content: bytes) -> None:
    """Write a file in one step, so that an interrupted run leaves the old one or the new one."""
    fresh = folder / f".{name}.new"
    fresh.write_bytes(content)
    fresh.replace(folder / name)
