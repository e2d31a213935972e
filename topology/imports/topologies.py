"""Topology files of netlab and containerlab as rows of the lists that an estate is made of.

Such a file knows no places: all nodes stand at one site, and circuits become segments between routers. What it leaves
to its tool (addresses that netlab would give out itself) is told as missing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inventory.document import Document, read_document
from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.headings import Headings
from topology.imports.lists import Lists, WouldOverwrite, make_estate
from topology.imports.outcome import Outcome, Source
from topology.imports.sheets import Row
from topology.imports.text import as_id
from topology.imports.workbooks import Cell

SITE = "lab-centre"
FORMS = ("netlab", "containerlab")
_ADDRESS = re.compile(r"ip addr(?:ess)? add (\S+) dev (\S+)")
_LONG = re.compile(r"^# (\S+): (\S+)$", re.MULTILINE)


def import_topology(form: str, file: Path, out: Path, partial: bool = False, replace: bool = False) -> Outcome:
    """Make an estate in `out` of a topology file; raises WouldOverwrite as `import_lists` does."""
    if out.exists() and not replace:
        raise WouldOverwrite(f"{out} exists; choose another folder, or say that it may be replaced")
    draft = Draft(Headings({}))
    document = read_document(file, file.name)
    for problem in document.problems:
        draft.findings.add(Spot(f"{file.name}:{problem.line}"), problem.path, problem.problem, problem.expected)
    rows: Lists = {}
    if isinstance(document.data, dict) and not document.problems:
        text = file.read_text(encoding="utf-8")
        reader = _Netlab(document, draft, dict(_LONG.findall(text))) if form == "netlab" else _Clab(document, draft, {})
        rows = reader.rows()
    source = Source(file.name, hashlib.sha256(file.read_bytes()).hexdigest(), {k: len(v) for k, v in rows.items()})
    return make_estate(rows, (source,), draft, out, partial)


class _Topology:
    """What both forms share: rows that stand at a line of the file."""

    def __init__(self, document: Document, draft: Draft, long: dict[str, str]) -> None:
        self.document = document
        self.draft = draft
        self.long = long
        self.lists: Lists = {}

    def spot(self, *path: str | int) -> Spot:
        """Return the line of a path in the file."""
        lines = self.document.lines
        line = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)
        return Spot(f"{self.document.file}:{line}")

    def add(self, list_: str, spot: Spot, **values: Any) -> None:
        """Add a row of a list with the values that are there."""
        cells = {field: Cell(value, spot) for field, value in values.items() if value not in (None, "")}
        self.lists.setdefault(list_, []).append(Row(list_, spot, cells, {}))

    def node(self, spot: Spot, name: str, router: bool) -> None:
        """Add a node; of a host nobody knows more than that it is one."""
        self.add("nodes", spot, node=self.name(name), role="router" if router else "application", site=SITE)

    def name(self, name: str) -> str:
        """Return a node's name as it was before the other tool wanted it shorter."""
        return self.long.get(name, as_id(name) or name)

    def codes(self) -> None:
        """Add the site and the zone, which are not in the file."""
        spot = self.spot()
        self.add("codes", spot, code=f"sites.{SITE}", name_ja="ラボ", name_en="Lab", values="{kind: data-centre}")

    def missing(self, spot: Spot, what: str) -> None:
        """Find an address that is left to the tool."""
        self.draft.findings.add(
            spot, "", f"no address for {what}", "addresses in the file, as the tool itself writes them"
        )


class _Netlab(_Topology):
    """A topology of netlab whose links state `interfaces` with their addresses."""

    def rows(self) -> Lists:
        """Return the rows of all lists."""
        self.codes()
        nodes = self.document.data.get("nodes")
        if not isinstance(nodes, dict):
            self.draft.findings.add(self.spot("nodes"), "nodes", "is no mapping", "nodes by name")
            return self.lists
        for name, node in nodes.items():
            stated = node if isinstance(node, dict) else {}
            router = stated.get("device") != "linux"
            self.node(self.spot("nodes", name), name, router)
            loopback = _get(stated, "loopback", "ipv4")
            if router and loopback:
                self.add("addresses", self.spot("nodes", name), address=loopback.partition("/")[0], prefix=loopback,
                         device=self.name(name), interface="lo", use="loopback")  # fmt: skip
        counts: dict[str, int] = {}
        for index, link in enumerate(self.document.data.get("links") or []):
            self._link(index, link if isinstance(link, dict) else {}, counts)
        return self.lists

    def _link(self, index: int, link: dict[str, Any], counts: dict[str, int]) -> None:
        spot = self.spot("links", index)
        name = str(link.get("name") or f"link-{index + 1}")
        interfaces = link.get("interfaces")
        if not isinstance(interfaces, list):
            self.missing(spot, f"the nodes of `{name}`")
            return
        prefix = _get(link, "prefix", "ipv4")
        for number, end in enumerate(interfaces):
            node, address = (str(end.get("node")), end.get("ipv4")) if isinstance(end, dict) else (str(end), None)
            counts[node] = counts.get(node, 0) + 1
            if not isinstance(address, str):
                self.missing(self.spot("links", index, "interfaces", number), f"`{node}` on `{name}`")
                continue
            around = prefix or str(ipaddress.IPv4Interface(address).network)
            self.add("addresses", spot, segment=name, prefix=around, address=address, device=self.name(node),
                     interface=f"eth{counts[node]}")  # fmt: skip
            rate = link.get("bandwidth")
            self.add("connections", spot, device=self.name(node), port=f"eth{counts[node]}",
                     rate=f"{rate} kbps" if isinstance(rate, int) else None, over=name)  # fmt: skip


class _Clab(_Topology):
    """A topology of containerlab whose nodes set their addresses by `exec`."""

    def rows(self) -> Lists:
        """Return the rows of all lists."""
        self.codes()
        nodes = _get(self.document.data, "topology", "nodes")
        if not isinstance(nodes, dict):
            self.draft.findings.add(self.spot("topology"), "topology.nodes", "is no mapping", "nodes by name")
            return self.lists
        bridges = {name for name, node in nodes.items() if isinstance(node, dict) and node.get("kind") == "bridge"}
        segments = self._segments(bridges)
        for name, node in nodes.items():
            if name in bridges or not isinstance(node, dict):
                continue
            spot = self.spot("topology", "nodes", name)
            commands = [str(command) for command in node.get("exec") or []]
            self.node(spot, name, any("ip_forward=1" in command for command in commands))
            for address, port in (found for command in commands for found in _ADDRESS.findall(command)):
                if port == "lo":
                    self.add("addresses", spot, address=address.partition("/")[0], prefix=address,
                             device=self.name(name), interface="lo", use="loopback")  # fmt: skip
                    continue
                self.add("addresses", spot, segment=segments.get(f"{name}:{port}"), address=address,
                         device=self.name(name), interface=port)  # fmt: skip
        return self.lists

    def _segments(self, bridges: set[str]) -> dict[str, str]:
        """Return the name of the segment of each end: its bridge, or the number of its link."""
        found = {}
        for index, ends in self._links():
            bridge = next((end.partition(":")[0] for end in ends if end.partition(":")[0] in bridges), None)
            for end in ends:
                if end.partition(":")[0] not in bridges:
                    found[end] = (bridge or f"link-{index + 1}").replace("_", "-")
        return found

    def _links(self) -> Iterator[tuple[int, list[str]]]:
        for index, link in enumerate(_get(self.document.data, "topology", "links") or []):
            ends = link.get("endpoints") if isinstance(link, dict) else None
            if isinstance(ends, list):
                yield index, [str(end) for end in ends]


def _get(data: Any, *path: str) -> Any:
    """Return what stands below a path, or None."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data
