"""Plain words for what the validation library finds: what is wrong and what was expected."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from inventory.names import expected_name

SHOWN_CHARACTERS = 60
MISSING = "is missing"
_KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
}
_BOUNDS = {
    "greater_than": ("is too small", "more than {gt:g}"),
    "greater_than_equal": ("is too small", "at least {ge:g}"),
    "less_than": ("is too large", "less than {lt:g}"),
    "less_than_equal": ("is too large", "at most {le:g}"),
    "string_too_short": ("is too short", "at least {min_length} characters"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
}


def explain(item: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return `(problem, expected)` for one finding of the validation of `model`."""
    kind, given, context = item["type"], item["input"], item.get("ctx", {})
    if kind in {"extra_forbidden", "missing"}:
        return _explain_key(item, model)
    problem, expected = f"{_show(given)}: {item['msg']}", "what the guide to the estate says"
    if kind == "value_error":
        problem, _, expected = str(context.get("error", item["msg"])).partition("|")
    elif kind == "literal_error":
        names = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        problem, expected = f"{_show(given)} is not allowed", expected_name(str(given), names)
    elif kind == "string_pattern_mismatch":
        problem, expected = f"{_show(given)} is not an id", "lower-case letters, digits and single hyphens"
    elif kind in _KINDS:
        problem, expected = f"{_show(given)} is of the wrong kind", _KINDS[kind]
    elif kind == "too_short":
        found, least = context["actual_length"], context["min_length"]
        problem = f"has {found} of at least {least} entries" if found else "is empty"
        expected = "more entries" if found else f"at least {least} {'entry' if least == 1 else 'entries'}"
    elif kind in _BOUNDS:
        problem, expected = f"{_show(given)} {_BOUNDS[kind][0]}", _BOUNDS[kind][1].format(**context)
    return ("has no value" if given is None else problem), expected


def _explain_key(item: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return the words for a key that is unknown or missing."""
    key = str(item["loc"][-1])
    if item["type"] == "extra_forbidden":
        return f"unknown key `{key}`", expected_name(key, _keys_at(model, item["loc"][:-1]))
    section = len(item["loc"]) == 1 and model.__name__ == "EstateRecords"
    return MISSING, f"a section `{key}:` in one of the files" if section else f"a value for `{key}`"


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _keys_at(model: Any, location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the model at `location` knows, by its YAML names."""
    current: Any = model
    for part in location:
        current = _step(current, part)
    current = _model_in(current)
    if current is None:
        return []
    return sorted(field.alias or name for name, field in current.model_fields.items())


def _step(current: Any, part: int | str) -> Any:
    """Return the annotation one step below `current`: a field's, an entry's or an item's."""
    model = _model_in(current)
    if model is not None:
        for name, field in model.model_fields.items():
            if (field.alias or name) == part:
                return field.annotation
        return None
    arguments = typing.get_args(current)
    return arguments[-1] if typing.get_origin(current) is dict else (arguments[0] if arguments else None)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an annotation such as `Model | None`, or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next((found for found in map(_model_in, typing.get_args(annotation)) if found), None)
    return None
