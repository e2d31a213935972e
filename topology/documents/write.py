"""Writes documents into a folder: each as a workbook and as CSV, and all of them bound as one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.catalogue import DOCUMENTS, DRAWINGS
from topology.documents.plain import plain
from topology.documents.revisions import revisions
from topology.documents.site import Drawing, site
from topology.documents.table import Table
from topology.documents.workbook import workbook
from topology.draw.words import Language

PAGE = "index.html"
ENDINGS = (".xlsx", ".csv")


def documents(
    estate: Estate, language: Language, only: tuple[str, ...] = ()
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield `(file name, its maker)` of the documents asked for, all where none is named; the page comes last.

    No file is made before its maker is called, so that progress can be told. Raises KeyError for an unknown name,
    DrawingError where a drawing cannot be made here.
    """
    network = build_network(estate)
    wanted = only or (*DRAWINGS, *DOCUMENTS)
    unknown = [name for name in wanted if name not in DRAWINGS and name not in DOCUMENTS]
    if unknown:
        raise KeyError(unknown[0])
    drawings = [
        Drawing(name, ja if language == "ja" else en, draw(estate, network, language))
        for name, (ja, en, draw) in DRAWINGS.items()
        if name in wanted
    ]
    tables = [make(estate, network, language) for name, make in DOCUMENTS.items() if name in wanted]
    for drawing in drawings:
        yield f"{drawing.name}.svg", lambda drawing=drawing: drawing.svg.encode()  # type: ignore[misc]
    yield from bound(estate, tables, language, PAGE, drawings)


def bound(
    estate: Estate, tables: Sequence[Table], language: Language, page: str, drawings: Sequence[Drawing] = ()
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield `(file name, its maker)` of tables, each as a workbook and as CSV, and last of the page that binds them."""
    history, title = revisions(estate.folder), estate.records.estate.label(language)
    for table in tables:
        yield f"{table.name}.xlsx", lambda table=table: workbook(table, language, title, history)  # type: ignore[misc]
        yield f"{table.name}.csv", lambda table=table: plain(table, language)  # type: ignore[misc]
    yield page, lambda: site(tables, language, title, history, ENDINGS, drawings)


def write(folder: Path, name: str, content: bytes) -> None:
    """Write a file in one step, so that an interrupted run leaves the old one or the new one."""
    fresh = folder / f".{name}.new"
    fresh.write_bytes(content)
    fresh.replace(folder / name)
