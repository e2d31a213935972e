"""The JSON Schema of an estate's files, for editors: made from the models, so that it knows what they know.

`python -m inventory.schema` writes it to `docs/schemas/estate.schema.json`. Relations between records are left to the
rules of `inventory.rules`.
"""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

from inventory.models.estate import EstateRecords, Provenance

SCHEMA_FILE = Path(__file__).parent.parent / "docs" / "schemas" / "estate.schema.json"
_NOISE = ("title", "default")

Schema = dict[str, Any]


def estate_schema() -> Schema:
    """Return the schema of one file of an estate: any sections, in full, their values plain, sourced or by reading."""
    models = EstateRecords.model_json_schema(by_alias=True)
    writer = _Writer()
    for name, schema in models["$defs"].items():
        writer.definitions[name] = writer.model(schema)
    sections = {name: writer.records(schema, name) for name, schema in models["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One file of an estate",
        "description": "A file holds any of these sections; the files of a folder together make the estate.",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": dict(sorted(writer.definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(estate_schema(), indent=1, ensure_ascii=False) + "\n"


class _Writer:
    """Rewrites schemas so that every value may be plain, sourced or decided by a reading; equal forms stand once."""

    def __init__(self) -> None:
        properties = Provenance.model_json_schema()["properties"]
        self.definitions: dict[str, Schema] = {name: _clean(schema) for name, schema in properties.items()}
        self.names: dict[str, str] = {}

    def model(self, schema: Schema) -> Schema:
        """Return a model's schema with the forms of each of its values."""
        schema = _clean(schema)
        if "properties" in schema:
            schema["properties"] = {name: self.value(value, name) for name, value in schema["properties"].items()}
        return schema

    def records(self, schema: Schema, name: str) -> Schema:
        """Return a mapping of records by id, each of which may hang on a reading; a single record as it is."""
        schema = _clean(schema)
        by_id = schema.pop("patternProperties", None)
        if by_id is not None:
            (pattern, schema["additionalProperties"]), *_ = by_id.items()
            schema["propertyNames"] = {**schema.get("propertyNames", {}), "pattern": pattern}
        if isinstance(schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self.value(schema["additionalProperties"], f"one of {name}")
        return schema

    def value(self, schema: Schema, name: str) -> Schema:
        """Return a reference to the forms in which a value may be written."""
        schema = self.records(schema, name)
        description = {"description": schema.pop("description")} if "description" in schema else {}
        if "items" in schema:
            schema["items"] = self.value(schema["items"], f"one of {name}")
        forms = [schema]
        if "$ref" not in schema and schema.get("type") != "object":
            forms.append(_sourced(schema))
        return {**description, "$ref": f"#/$defs/{self._name([*forms, _by_reading(forms)], name)}"}

    def _name(self, forms: list[Schema], wish: str) -> str:
        """Return the name under which these forms are defined."""
        key = json.dumps(forms, sort_keys=True)
        if key not in self.names:
            self.names[key] = next(
                name
                for number in count(1)
                if (name := wish.replace(" ", "-") + (f"-{number}" if number > 1 else "")) not in self.definitions
            )
            self.definitions[self.names[key]] = {"anyOf": forms}
        return self.names[key]


def _sourced(schema: Schema) -> Schema:
    parts = {name: {"$ref": f"#/$defs/{name}"} for name in ("source", "trust", "how")}
    parts["source_ja"] = parts["source"]
    return _closed({"value": schema, **parts}, ["value", "source", "trust"])


def _by_reading(forms: list[Schema]) -> Schema:
    cases = {"type": "object", "additionalProperties": {"anyOf": [*forms, {"type": "null"}]}}
    return _closed({"reading": {"type": "string"}, "cases": cases}, ["reading", "cases"])


def _closed(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _clean(schema: Schema) -> Schema:
    """Return a schema without what editors would show and nobody wrote; a null that is a default may be left out."""
    cleaned = {key: value for key, value in schema.items() if key not in _NOISE}
    forms = [form for form in cleaned.get("anyOf", []) if form != {"type": "null"}]
    if len(forms) == 1:
        cleaned.pop("anyOf")
        cleaned.update({key: value for key, value in forms[0].items() if key not in _NOISE})
    return cleaned


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
