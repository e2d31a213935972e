"""The packet filter of a router: which flows it lets pass, and every other rule.

Flows come from the estate's matrix. The other rules are those of the router role's template as the node's own `nft`
reads it, held against what is loaded.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator

from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign
from twin.as_built.nftables import Rule, Ruleset, ruleset

TABLE = "inet municipal_twin_router"
FORWARD = f"{TABLE} forward"
THERE, BACK = "request", "answer"
# What the role adds to the answering direction, so that it cannot begin a connection.
_PORTS = ("dport", "sport")


def declared(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield both directions of every flow, then every other rule and policy of the declared filter."""
    if not design.is_router:
        return
    for rule in design.variables["router__rules"]:
        there, back = _plain(rule["from"]), _plain(rule["to"])
        flow = design.whole.estate.records.flows.get(rule["name"])
        entry = f"flows.{rule['name']}" if flow else "time_service"
        if rule["protocol"] == "icmp":
            words = ("icmp echo-request", "icmp echo-reply")
        else:
            ports = ", ".join(sorted(rule["ports"], key=lambda text: int(text.split("-")[0])))
            words = (f"{rule['protocol']} dport {ports}", f"{rule['protocol']} sport {ports}")
        yield design.fact("flow-matrix", rule["name"], THERE, f"{there} → {back} {words[0]}", entry)
        yield design.fact("flow-matrix", rule["name"], BACK, f"{back} → {there} {words[1]}", entry)
    wanted = ruleset(answer.json("declared_filter"))
    yield from _others(design, wanted, [rule for rule in wanted.rules if not rule.note])


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what is loaded; a rule that lets pass what no declared rule does is a flow, whatever it is called."""
    wanted, found = ruleset(answer.json("declared_filter")), ruleset(answer.json("filter"))
    plain = {(rule.chain, rule.text) for rule in wanted.rules if not rule.note}
    exact = {(rule.chain, rule.text) for rule in wanted.rules}
    flows: list[Rule] = []
    others: list[Rule] = []
    for rule in found.rules:
        opens = rule.chain == FORWARD and "accept" in rule.effect and (rule.chain, rule.text) not in plain
        (flows if opens else others).append(rule)
    count: collections.Counter[tuple[str, str]] = collections.Counter()
    for rule in flows:
        name = (rule.note or "no name", _direction(rule))
        count[name] += 1
        label = name[1] if count[name] == 1 else f"{name[1]} ({count[name]})"
        same = not wanted.rules or (rule.chain, rule.text) in exact
        core = _flow(rule)
        # A flow of the matrix whose conditions are others than the role writes is not what is declared.
        odd = not same and core == _flow_of(wanted, name)
        yield design.fact("flow-matrix", name[0], label, rule.text if odd else core)
    yield from _others(design, found, others)


def _others(design: NodeDesign, of: Ruleset, rules: list[Rule]) -> Iterator[Fact]:
    for table in of.tables:
        yield design.parameter("nftables", f"table {table}", "loaded")
    for chain, policy in of.policies.items():
        yield design.parameter(f"nftables {chain}", "policy", policy)
    count: collections.Counter[tuple[str, str]] = collections.Counter((rule.chain, rule.text) for rule in rules)
    for (chain, text), times in count.items():
        yield design.parameter(f"nftables {chain}", text, "loaded" if times == 1 else f"loaded {times} times")


def _flow_of(wanted: Ruleset, name: tuple[str, str]) -> str | None:
    return next((_flow(rule) for rule in wanted.rules if (rule.note, _direction(rule)) == name), None)


def _direction(rule: Rule) -> str:
    text = rule.text
    return BACK if " sport " in text or "echo-reply" in text else THERE


def _flow(rule: Rule) -> str:
    """Return a rule as the matrix says it: from, to, protocol, ports; other conditions only where it names no port."""
    source, destination = rule.value("ip saddr") or "any", rule.value("ip daddr") or "any"
    for what, value in rule.conditions:
        protocol, _, field = what.partition(" ")
        if field in _PORTS:
            return f"{source} → {destination} {protocol} {field} {value}"
        if what == "icmp type":
            return f"{source} → {destination} icmp {value}"
    known = {"ip saddr", "ip daddr"}
    more = " ".join(f"{what} {value}" for what, value in rule.conditions if what not in known)
    return f"{source} → {destination} {more or 'everything'}"


def _plain(prefix: str) -> str:
    """Return a prefix as nft prints it: a single address without its length."""
    return prefix.removesuffix("/32")
