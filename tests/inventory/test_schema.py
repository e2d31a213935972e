"""The JSON Schema of estates: current, accepting what loads, refusing what models refuse."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from bad_estates import GOOD

from inventory.document import read_document
from inventory.load import ESTATES, RECORD_FILE
from inventory.schema import SCHEMA_FILE, schema_text

FILES = [path for folder in (ESTATES, GOOD) for path in sorted(folder.rglob("*.yaml")) if path.name != RECORD_FILE]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """The schema in the repository, itself checked."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_schema_in_the_repository_is_current() -> None:
    """The file is what the models give now; `python -m inventory.schema` writes it."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_estates_hold_to_the_schema(validator: jsonschema.Draft202012Validator, path: Path) -> None:
    """What loads is valid for editors as well, with its sourced values and readings."""
    assert [error.message for error in validator.iter_errors(read_document(path, path.name).data)] == []


@pytest.mark.parametrize(
    "bad",
    [
        {"cities": {"x": {"name": "X", "name_ja": "X", "population": 1}}},
        {"cities": {"X y": {"name": "X", "name_ja": "X", "population": 1, "households": 1}}},
        {"cities": {"x": {"name": "X", "name_ja": "X", "population": {"value": 1, "trust": "L"}, "households": 1}}},
        {"timers": {"bfd": {"enabled": True, "interval": "300", "multiplier": 3}}},
        {"circuitz": {}},
        {"lab": {"rate_divisor": 0.5, "probe_interval": "10 ms", "probe_flows": 1}},
    ],
)
def test_schema_refuses_what_the_models_refuse(validator: jsonschema.Draft202012Validator, bad: object) -> None:
    """Missing keys, bad ids, sources without their parts, missing units, unknown sections, figures out of range."""
    assert not validator.is_valid(bad)
