"""The folder of a new estate."""

from __future__ import annotations

from pathlib import Path

from inventory.document import MAX_FILE_BYTES, read_document
from topology.imports.draft import Draft
from topology.imports.headings import read_headings
from topology.imports.write import write_estate
from topology.record import AddressRecord


def test_large_section_is_spread_over_files_that_can_be_read(tmp_path: Path) -> None:
    """No file is larger than an estate's reader takes, and together they hold every record once."""
    draft = Draft(read_headings())
    for number in range(4000):
        draft.section("devices")[f"d{number}"] = {"name": "x" * 100, "name_ja": "機" * 60, "interfaces": {}}
    write_estate(tmp_path, draft, AddressRecord({}, {}), "# head\n")
    found: list[str] = []
    for path in sorted(tmp_path.glob("devices*.yaml")):
        assert path.stat().st_size <= MAX_FILE_BYTES
        document = read_document(path, path.name)
        assert document.problems == []
        found += document.data["devices"]
    assert sorted(found) == sorted(draft.section("devices"))


def test_texts_that_look_like_numbers_stay_texts(tmp_path: Path) -> None:
    """A serial number such as 1.5e3, a day, a time and words such as no and null come back as they were."""
    draft = Draft(read_headings())
    texts = ["1.5e3", "007", "2024-04-01", "08:30", "no", "null", "true", "1_000", "~", "- x", "a: b", "#", "'", "機器"]
    draft.section("estate").update({f"k{number}": text for number, text in enumerate(texts)})
    write_estate(tmp_path, draft, AddressRecord({}, {}), "")
    document = read_document(tmp_path / "estate.yaml", "estate.yaml")
    assert list(document.data["estate"].values()) == texts
