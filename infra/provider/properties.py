"""Between the engine's property values and typed inputs: the only place that knows both.

Numbers are floats in property values, `id` is a name the engine keeps for itself (inputs say `inventory_id`), absent
and null are the same. Leaves the meaning of the values to the handlers.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import types
import typing
from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeVar

from pulumi.provider.experimental.property_value import Computed, PropertyValue

from infra.errors import InputsInvalid
from infra.inputs import outer_name

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that is known only after another resource has been made."""

Inputs = TypeVar("Inputs")
Properties = Mapping[str, PropertyValue]


def to_plain(properties: Properties) -> dict[str, Any]:
    """Return property values as JSON values; unknown ones as `UNKNOWN`, null ones left out, secrets opened."""
    return {key: _plain(item) for key, item in properties.items() if item.value is not None}


def _plain(item: PropertyValue) -> Any:
    value = item.value
    if isinstance(value, Mapping):
        return to_plain(value)
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return UNKNOWN if isinstance(value, Computed) else value


def to_properties(values: Mapping[str, Any], secret: Collection[str] = ()) -> dict[str, PropertyValue]:
    """Return JSON values as property values; those named in `secret` are encrypted in the state; None is left out."""
    return {key: _property(value).with_secret(key in secret) for key, value in values.items() if value is not None}


def _property(value: Any) -> PropertyValue:
    if isinstance(value, Mapping):
        return PropertyValue(to_properties(value))
    if isinstance(value, list | tuple):
        return PropertyValue([_property(entry) for entry in value])
    if isinstance(value, int) and not isinstance(value, bool):
        return PropertyValue(float(value))
    return PropertyValue(value)


def parse_inputs(kind: type[Inputs], values: Mapping[str, Any]) -> Inputs:
    """Return the typed record that `values` state; raises InputsInvalid with every finding, each with its property.

    A finding names the inventory line where the values cite one.
    """
    findings: list[tuple[str, str]] = []
    record = _parse_record(kind, values, "", findings)
    if findings:
        cite = values.get("cite")
        where = f" ({cite})" if isinstance(cite, str) and cite != UNKNOWN else ""
        raise InputsInvalid([(name, what + where) for name, what in findings])
    return typing.cast(Inputs, record)


@functools.cache
def _fields(kind: type) -> dict[str, tuple[str, Any, bool]]:
    """Return `property → (field, type, whether it must be given)`."""
    hints = typing.get_type_hints(kind)
    result = {}
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        optional = type(None) in typing.get_args(hint)
        given = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        result[outer_name(field.name)] = (field.name, hint, given and not optional)
    return result


def _parse_record(kind: type, values: Mapping[str, Any], path: str, findings: list[tuple[str, str]]) -> Any:
    fields = _fields(kind)
    for key in values:
        if key not in fields:
            near = difflib.get_close_matches(key, list(fields), 1)
            hint = f", did you mean `{near[0]}`?" if near else f", expected one of {', '.join(sorted(fields))}"
            findings.append((path + key, f"no such property{hint}"))
    result: dict[str, Any] = {}
    for key, (name, hint, required) in fields.items():
        if key in values:
            result[name] = _parse_value(hint, values[key], path + key, findings)
        elif required:
            findings.append((path + key, "is missing"))
        elif type(None) in typing.get_args(hint):
            result[name] = None
    return None if findings else kind(**result)


def _parse_value(hint: Any, value: Any, path: str, findings: list[tuple[str, str]]) -> Any:
    if value == UNKNOWN or hint is Any:
        return value
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    result: Any = value
    if origin in (typing.Union, types.UnionType):
        hint = next(item for item in arguments if item is not type(None))
        result = _parse_value(hint, value, path, findings)
    elif dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        result = _parse_record(typing.cast(type, hint), value, f"{path}.", findings)
    elif origin is dict and isinstance(value, Mapping):
        result = {key: _parse_value(arguments[1], item, f"{path}.{key}", findings) for key, item in value.items()}
    elif origin is tuple and isinstance(value, list | tuple):
        result = _parse_tuple(arguments, value, path, findings)
    elif origin is not Literal or value not in arguments:
        result = _parse_scalar(hint, value, path, findings)
    return result


def _parse_tuple(arguments: tuple[Any, ...], value: Any, path: str, findings: list[tuple[str, str]]) -> Any:
    if arguments[-1] is Ellipsis:
        hints = [arguments[0]] * len(value)
    elif len(arguments) != len(value):
        findings.append((path, f"has {len(value)} entries, expected {len(arguments)}"))
        return ()
    else:
        hints = list(arguments)
    return tuple(
        _parse_value(hint, item, f"{path}[{index}]", findings)
        for index, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


_WORDS = {str: "a text", float: "a number", int: "a whole number", bool: "true or false"}


def _parse_scalar(hint: Any, value: Any, path: str, findings: list[tuple[str, str]]) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float and number:
        return float(value)
    if hint is int and number and float(value).is_integer():
        return int(value)
    if hint in (str, bool) and isinstance(value, hint):
        return value
    choices = typing.get_args(hint) if typing.get_origin(hint) is Literal else ()
    wanted = f"one of {', '.join(map(str, choices))}" if choices else _WORDS.get(hint, "a group of values")
    findings.append((path, f"is {value!r}, expected {wanted}"))
    return value
