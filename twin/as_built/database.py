"""The database of a node: its settings and who may log in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign, Surroundings

SETTINGS, ACCOUNTS = "postgresql", "postgresql accounts"
_FILE = "postgresql.conf"
_LINE = re.compile(r"^(\w+) = (.*)$", re.MULTILINE)
# Seen from a local connection the server shows 0 for what applies to TCP alone.
_TCP_ALONE = re.compile(r"tcp_")


def settings(design: NodeDesign) -> dict[str, str]:
    """Return the settings that the role's configuration makes, by name; nothing where there is no database."""
    for file in design.files(Surroundings()):
        if file.path.endswith(f"/{_FILE}"):
            found = {name: value.strip().strip("'") for name, value in _LINE.findall(file.content)}
            return {name: value for name, value in found.items() if not _TCP_ALONE.match(name)}
    return {}


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield settings and accounts as the roles make them."""
    wanted = settings(design)
    for name, value in wanted.items():
        yield design.parameter(SETTINGS, name, _spelled(name, value))
    if wanted:
        seen = design.seen_by("postgresql", Surroundings())
        accounts = {"postgres": True, seen["postgresql__owner"]: False, seen["postgresql__application"]: True}
        for account, may_log_in in accounts.items():
            yield design.parameter(ACCOUNTS, str(account), _right(may_log_in))


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what the server says."""
    said = answer.said["database"] or {}
    for line in (said.get("settings") or "").splitlines():
        name, _, value = line.partition("=")
        yield design.parameter(SETTINGS, name, _spelled(name, value))
    for line in (said.get("accounts") or "").splitlines():
        account, _, may_log_in = line.rpartition("=")
        yield design.parameter(ACCOUNTS, account, _right(may_log_in == "true"))


def _spelled(name: str, value: str) -> str:
    return value.lower() if name == "datestyle" else value


def _right(may_log_in: bool) -> str:
    return "may log in" if may_log_in else "may not log in"
