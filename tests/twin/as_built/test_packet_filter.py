"""Rules of the packet filter are compared by what they mean, flows by the matrix, all others by the declared file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.models.estate import Estate
from topology.as_built import compare, differences
from topology.model import Network
from twin.as_built import packet_filter
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign, make_design
from twin.as_built.nftables import ruleset

TABLE = "municipal_twin_router"
Json = dict[str, Any]


def _match(left: Json, right: Any, op: str = "==") -> Json:
    return {"match": {"op": op, "left": left, "right": right}}


def _field(protocol: str, field: str) -> Json:
    return {"payload": {"protocol": protocol, "field": field}}


def _address(field: str, prefix: str) -> Json:
    address, _, length = prefix.partition("/")
    value: Any = address if length in {"", "32"} else {"prefix": {"addr": address, "len": int(length)}}
    return _match(_field("ip", field), value)


def _ports(texts: list[str]) -> Any:
    found: list[Any] = []
    for text in texts:
        low, dash, high = text.partition("-")
        found.append({"range": [int(low), int(high)]} if dash else int(low))
    return found[0] if len(found) == 1 else {"set": found}


def _rule(chain: str, *expressions: Json, comment: str = "") -> Json:
    note = {"comment": comment} if comment else {}
    return {
        "rule": {"family": "inet", "table": TABLE, "chain": chain, "handle": 7, **note, "expr": list(expressions)}
    }  # fmt: skip


def _flow(rule: Json, *, back: bool) -> Json:
    ends = (rule["to"], rule["from"]) if back else (rule["from"], rule["to"])
    if rule["protocol"] == "icmp":
        what = [_match(_field("icmp", "type"), "echo-reply" if back else "echo-request")]
    else:
        what = [_match(_field(rule["protocol"], "sport" if back else "dport"), _ports(rule["ports"]))]
    counter = {"counter": {"packets": 12, "bytes": 3400}}
    addresses = (_address("saddr", ends[0]), _address("daddr", ends[1]))
    return _rule("forward", *addresses, *what, counter, {"accept": None}, comment=f"{rule['name']} network.yaml:108")


def _loaded(design: NodeDesign) -> Json:
    """Return a filter as nft lists it: two chains, one rule of the router itself, both directions of each flow."""
    flows = [_flow(rule, back=back) for rule in design.variables["router__rules"] for back in (False, True)]
    chains = [
        {"chain": {"family": "inet", "table": TABLE, "name": name, "handle": 1, "type": "filter", "hook": name,
                   "prio": 0, "policy": "drop"}}
        for name in ("input", "forward")
    ]  # fmt: skip
    own = _rule("input", _match({"meta": {"key": "iif"}}, "lo"), {"accept": None})
    last = _rule("forward", {"jump": {"target": "refused"}})
    return {"nftables": [{"metainfo": {"version": "1.1"}}, {"table": {"family": "inet", "name": TABLE, "handle": 1}},
                         *chains, own, *flows, last]}  # fmt: skip


@pytest.fixture(scope="module")
def router(estate: Estate, network: Network) -> NodeDesign:
    """Return the design of a router without tunnels."""
    return NodeDesign(make_design(estate, network, Path("/nowhere")), network.nodes["fb-rt-1"])


def _found(
    router: NodeDesign, change: Callable[[list[Json]], object], *, readable: bool = True
) -> list[tuple[str, ...]]:
    wanted, loaded = _loaded(router), _loaded(router)
    change(loaded["nftables"])
    said = {"declared_filter": json.dumps(wanted) if readable else None, "filter": json.dumps(loaded)}
    answer = Answer("fb-rt-1", said)
    compared = compare(packet_filter.declared(router, answer), packet_filter.observed(router, answer))
    return [(str(one.kind), one.item.document, one.item.on, one.item.name) for one in differences(compared)]


def test_loaded_filter_is_the_declared_one(router: NodeDesign) -> None:
    """Every flow of the matrix is found in both directions, whatever was counted and wherever the estate states it."""
    assert _found(router, lambda _entries: None) == []
    observed = list(packet_filter.observed(router, Answer("fb-rt-1", {"filter": json.dumps(_loaded(router))})))
    assert sum(fact.item.document == "flow-matrix" for fact in observed) == 2 * len(router.variables["router__rules"])


STRAY = _rule(
    "forward", _address("saddr", "10.9.0.0/24"), _address("daddr", "10.20.0.2"),
    _match(_field("tcp", "dport"), 23), {"accept": None},
)  # fmt: skip
OPEN = _rule("forward", {"accept": None})


def _first(entries: list[Json], chain: str) -> Json:
    return next(entry["rule"] for entry in entries if entry.get("rule", {}).get("chain") == chain)


def _change_port(entries: list[Json]) -> None:
    for expression in _first(entries, "forward")["expr"]:
        if "match" in expression and expression["match"]["left"]["payload"]["field"] == "dport":
            expression["match"]["right"] = 8443


CHANGES: dict[str, tuple[Callable[[list[Json]], object], list[tuple[str, ...]]]] = {
    "extra flow": (lambda entries: entries.append(STRAY), [("extra", "flow-matrix", "no name", "request")]),
    "everything open": (lambda entries: entries.append(OPEN), [("extra", "flow-matrix", "no name", "request")]),
    "flow gone": (
        lambda entries: entries.remove({"rule": _first(entries, "forward")}),
        [("missing", "flow-matrix", "fuji-counters-to-registry", "request")],
    ),
    "other port": (_change_port, [("changed", "flow-matrix", "fuji-counters-to-registry", "request")]),
    "flow twice": (
        lambda entries: entries.append(copy.deepcopy({"rule": _first(entries, "forward")})),
        [("extra", "flow-matrix", "fuji-counters-to-registry", "request (2)")],
    ),
    "condition dropped": (
        lambda entries: _first(entries, "forward")["expr"].insert(0, _match({"meta": {"key": "iifname"}}, "wan1")),
        [("changed", "flow-matrix", "fuji-counters-to-registry", "request")],
    ),
    "rule of the router itself": (
        lambda entries: entries.append(_rule("input", _match(_field("tcp", "dport"), 22), {"accept": None})),
        [("extra", "parameter-sheets", f"nftables inet {TABLE} input", "tcp dport 22 accept")],
    ),
    "policy": (
        lambda entries: entries[2]["chain"].update(policy="accept"),
        [("changed", "parameter-sheets", f"nftables inet {TABLE} input", "policy")],
    ),
    "other table": (
        lambda entries: entries.append({"table": {"family": "ip", "name": "nat"}}),
        [("extra", "parameter-sheets", "nftables", "table ip nat")],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_gives_its_own_difference(router: NodeDesign, name: str) -> None:
    """Exactly what was changed is found, with its kind, and nothing else."""
    change, expected = CHANGES[name]
    assert _found(router, change) == expected


def test_flushed_filter_lacks_everything(router: NodeDesign) -> None:
    """No rule loaded leaves every flow, rule and policy missing."""
    found = _found(router, lambda entries: entries.clear())
    assert {kind for kind, *_ in found} == {"missing"}
    assert len(found) == 2 * len(router.variables["router__rules"]) + 5


def test_rule_is_the_same_however_it_was_written() -> None:
    """Elements of a set have no order, one alone needs no set, counters and handles do not count."""

    def text(*expressions: Json) -> str:
        return ruleset({"nftables": [_rule("input", *expressions)]}).rules[0].text

    def ports(right: Any) -> Json:
        return _match(_field("udp", "dport"), right)

    assert text(ports({"set": [4500, 500]}), {"accept": None}) == text(ports({"set": [500, 4500]}), {"accept": None})
    assert text(ports({"set": [500]})) == text(ports(500), {"counter": {"packets": 1, "bytes": 2}})
    assert text(ports({"range": [40000, 40255]})).strip() == "udp dport 40000-40255"
