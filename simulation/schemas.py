"""The JSON Schemas of what the simulation reads and writes, made from its own types: they know what it knows."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from simulation.answer import Answer
from simulation.comparison import Comparison
from simulation.sensitivity import Sensitivity
from simulation.sweep import Sweep

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
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": title, "description": description,
        "additionalProperties": False,
    }  # fmt: skip


NAMES = tuple(_TITLES)


def schema_text(name: str) -> str:
    """Return a schema as it stands in its file."""
    return json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n"
