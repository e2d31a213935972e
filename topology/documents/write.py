"""Writes documents into a folder: each as a workbook and as CSV, and all of them bound as one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from inventory.models.estate import Estate
from topology.build import build_network
from topology.documents.catalogue import DOCUMENTS
from topology.documents.plain import plain
from topology.documents.revisions import revisions
from topology.documents.site import site
from topology.documents.table import Language
from topology.documents.workbook import workbook

PAGE = "index.html"
ENDINGS = (".xlsx", ".csv")


def documents(
    estate: Estate, language: Language, only: tuple[str, ...] = ()
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield `(file name, its maker)` of the documents asked for, all where none is named; the page comes last.

    Nothing is made before its maker is called, so that progress can be told. Raises KeyError for an unknown name.
    """
    network = build_network(estate)
    history = revisions(estate.folder)
    title = estate.records.estate.label(language)
    tables = [DOCUMENTS[name](estate, network, language) for name in only or DOCUMENTS]
    for table in tables:
        yield f"{table.name}.xlsx", lambda table=table: workbook(table, language, title, history)  # type: ignore[misc]
        yield f"{table.name}.csv", lambda table=table: plain(table, language)  # type: ignore[misc]
    yield PAGE, lambda: site(tables, language, title, history, ENDINGS)


def write(folder: Path, name: str, content: bytes) -> None:
    """Write a file in one step, so that an interrupted run leaves the old one or the new one."""
    fresh = folder / f".{name}.new"
    fresh.write_bytes(content)
    fresh.replace(folder / name)
