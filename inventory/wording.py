"""Plain words for what the validation library finds: what is wrong and what was expected."""

from __future__ import annotations

import difflib
import types
import typing
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails


def explain(item: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return `(problem, expected)` for one finding of the validation of `model`."""
    kind, given, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "extra_forbidden":
        key = str(item["loc"][-1])
        keys = _keys_at(model, item["loc"][:-1])
        near = difflib.get_close_matches(key, keys, 1)
        return f"unknown key `{key}`", f"`{near[0]}`" if near else "one of " + ", ".join(keys)
    if kind == "missing":
        return "is missing", f"a value for `{item['loc'][-1]}`"
    if kind == "value_error":
        problem, _, expected = str(context.get("error", item["msg"])).partition("|")
        return problem, expected
    if kind == "literal_error":
        near = difflib.get_close_matches(str(given), str(context["expected"]).replace("'", "").split(", "), 1)
        return f"{_show(given)} is not allowed", f"{context['expected']}" + (f" (`{near[0]}`?)" if near else "")
    if kind == "string_pattern_mismatch":
        return f"{_show(given)} is not an id", "lower-case letters, digits and single hyphens"
    return f"{_show(given)}: {item['msg'][0].lower()}{item['msg'][1:]}", _bounds(context)


def _bounds(context: dict[str, Any]) -> str:
    words = {
        "ge": "at least",
        "le": "at most",
        "gt": "more than",
        "lt": "less than",
        "min_length": "at least",
        "max_length": "at most",
    }
    return ", ".join(f"{words[key]} {value}" for key, value in context.items() if key in words)


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


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
