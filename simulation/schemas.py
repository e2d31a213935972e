"""The JSON Schemas of what the simulation reads and writes, made from its own types: they know what it knows.

The schema of one kind of answer (`simulate-batch`) says itself only what its question and details are; what all kinds
share comes from `Answer`. `python -m simulation.schemas` writes both into docs/schemas.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from simulation.answer import Answer
from simulation.assumptions import Counts
from simulation.comparison import Comparison
from simulation.sensitivity import Sensitivity
from simulation.sweep import Sweep

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
KINDS = (
    *(f"simulate-{kind}" for kind in ("day", "year", "capacity", "batch", "availability", "continuity")),
    "tonight",
)
"""Kinds of answers whose details have a schema."""
_TITLES = {
    "answer": (
        "An answer of `twin simulate`",
        "Figures with their intervals, details of the kind, what they stand on.",
    ),
    "compare": (
        "The answer of `twin compare`",
        "Every figure of two answers, and which differences the runs can tell.",
    ),
    "sweep": ("A file of `twin sweep`", "A question with a grid of values, or with a search for one value."),
}
"""Name → title and description."""


def schema(name: str) -> dict[str, Any]:
    """Return the schema of a name in `NAMES`."""
    title, description = _TITLES[name]
    if name == "sweep":
        body = Sweep.model_json_schema(by_alias=True)
    else:
        body = TypeAdapter(Answer if name == "answer" else Comparison).json_schema(mode="serialization")
    if name == "answer":
        extra = TypeAdapter(Sensitivity | None).json_schema(mode="serialization")
        body["$defs"] = {**body["$defs"], **extra.pop("$defs")}
        body["properties"]["sensitivity"] = extra
        counted = TypeAdapter(Counts).json_schema(mode="serialization")
        body["$defs"]["Counts"] = counted
        body["properties"]["assumed_counts"] = {"$ref": "#/$defs/Counts"}
        body["properties"]["estate_digest"]["pattern"] = "^[0-9a-f]{64}$"
        body["required"] = [*body["required"], "assumed_counts"]
        for inside in body["$defs"].values():
            inside["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": title, "description": description,
        "additionalProperties": False,
    }  # fmt: skip


NAMES = tuple(_TITLES)


def of_kind(own: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one kind: title, question, details and definitions are its own, all else as in `answer`."""
    shared = copy.deepcopy(schema("answer"))
    kept = {key: own["properties"][key] for key in ("kind", "question", "details")}
    inside = {key: one for key, one in own.get("$defs", {}).items() if key not in shared["$defs"]}
    return {
        **shared, "title": own["title"], "description": own["description"],
        "$defs": {**shared["$defs"], **inside}, "properties": {**shared["properties"], **kept},
    }  # fmt: skip


def schema_text(name: str) -> str:
    """Return a schema as it stands in its file."""
    return _text(schema(name))


def kind_text(stated: str) -> str:
    """Return the schema of one kind as its file should have it, from what it has."""
    return _text(of_kind(json.loads(stated)))


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for _name in NAMES:
        (FOLDER / f"{_name}.schema.json").write_text(schema_text(_name), encoding="utf-8")
    for _kind in KINDS:
        _file = FOLDER / f"{_kind}.schema.json"
        _file.write_text(kind_text(_file.read_text(encoding="utf-8")), encoding="utf-8")
