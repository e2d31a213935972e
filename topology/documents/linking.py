"""Links from what a drawing shows to the row of the table that lists it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection

SVG = "http://www.w3.org/2000/svg"
ANCHOR = "at-"


def anchor(name: str) -> str:
    """Return the anchor of an entry or requirement on the page."""
    return f"{ANCHOR}{name}"


def linked(svg: str, known: Collection[str], page: str = "") -> str:
    """Return a drawing whose groups that stand for a known entry are links to its row.

    `page` is the file with the tables; without it the drawing stands on that page itself, as an element without ids,
    which would meet those of other drawings there. A group around others that are links is none.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314 -- the project's own drawing
    for group in reversed(list(root.iter(f"{{{SVG}}}g"))):
        entry = group.attrib.pop("data-entry", None)
        if entry in known and not any(inner.tag == f"{{{SVG}}}a" for inner in group.iter()):
            group.tag = f"{{{SVG}}}a"
            group.set("href", f"{page}#{anchor(str(entry))}")
    if page:
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
    for element in root.iter():
        element.attrib.pop("id", None)
    return ET.tostring(root, encoding="unicode")
