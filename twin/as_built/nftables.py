"""Rules of the packet filter in words that do not depend on how they were written, from what `nft -j` lists."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule: where it stands, its conditions as `(what, value)`, what happens, the first word of its comment."""

    chain: str
    conditions: tuple[tuple[str, str], ...]
    effect: str
    note: str

    @property
    def text(self) -> str:
        """The whole rule in one line."""
        return " ".join([*(f"{what} {value}" for what, value in self.conditions), self.effect])

    def value(self, what: str) -> str | None:
        """Return what a condition asks for, None where it is not asked."""
        return dict(self.conditions).get(what)


@dataclasses.dataclass(frozen=True)
class Ruleset:
    """All rules, the policy of each base chain, and the tables, in the order of the list."""

    rules: tuple[Rule, ...]
    policies: dict[str, str]
    tables: tuple[str, ...]


def ruleset(listed: Any) -> Ruleset:
    """Return what `nft -j list ruleset` says; `listed` is its JSON."""
    entries = (listed or {}).get("nftables", [])
    chains = [entry["chain"] for entry in entries if "chain" in entry]
    tables = [entry["table"] for entry in entries if "table" in entry]
    return Ruleset(
        rules=tuple(_rule(entry["rule"]) for entry in entries if "rule" in entry),
        policies={_chain(chain, chain["name"]): chain["policy"] for chain in chains if "policy" in chain},
        tables=tuple(f"{table['family']} {table['name']}" for table in tables),
    )


def _chain(of: dict[str, Any], name: str) -> str:
    return f"{of['family']} {of['table']} {name}"


def _rule(found: dict[str, Any]) -> Rule:
    conditions, effects = [], []
    for expression in found["expr"]:
        for kind, value in expression.items():
            if kind == "match":
                conditions.append(_condition(value))
            elif kind != "counter":
                effects.append(_effect(kind, value))
    note = str(found.get("comment", "")).split(" ", maxsplit=1)[0]
    return Rule(_chain(found, found["chain"]), tuple(conditions), " ".join(effects), note)


def _condition(match: dict[str, Any]) -> tuple[str, str]:
    sign = "" if match["op"] in {"==", "in"} else f"{match['op']} "
    return _left(match["left"]), sign + _right(match["right"])


def _left(left: Any) -> str:
    if isinstance(left, dict) and "payload" in left and "protocol" in left["payload"]:
        return f"{left['payload']['protocol']} {left['payload']['field']}"
    if isinstance(left, dict) and "meta" in left:
        return str(left["meta"]["key"])
    return _plain(left)


def _right(right: Any) -> str:
    if isinstance(right, dict) and "prefix" in right:
        return f"{right['prefix']['addr']}/{right['prefix']['len']}"
    if isinstance(right, dict) and "range" in right:
        return "-".join(str(end) for end in right["range"])
    if isinstance(right, dict) and "set" in right:
        return ", ".join(sorted(_elements(right["set"]), key=_number))
    return _plain(right)


def _elements(found: Any) -> Iterator[str]:
    for element in found if isinstance(found, list) else [found]:
        yield _right(element)


def _number(text: str) -> tuple[int, str]:
    head = text.partition("-")[0]
    return (int(head) if head.isdigit() else 0, text)


def _effect(kind: str, value: Any) -> str:
    if kind in {"jump", "goto"}:
        return f"{kind} {value['target']}"
    return kind if value is None else f"{kind} {_plain(value)}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
