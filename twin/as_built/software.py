"""Software of a node: Debian packages and their versions, and the application's own files.

The estate names packages, not their versions: a place is of one release, so of a package the newest version that any of
its nodes has is what every node is to have.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from infra.provisioning.sources import ROOT
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

_SOURCE = ROOT / "apps" / "resident_registry" / "resident_registry"
_INSTALLED = "/opt/resident_registry/current/resident_registry"
PACKAGES, APPLICATION = "packages", "resident-registry"


def installed(answer: Answer) -> dict[str, str]:
    """Return `package → version` of what is installed on a node."""
    found = (line.split() for line in answer.lines("packages"))
    return {words[1]: words[2] for words in found if len(words) == 3 and words[0] == "installed"}


def baseline(
    nodes: Mapping[str, NodeDesign], answers: Mapping[str, Answer], older: Callable[[str, str], bool]
) -> dict[str, dict[str, str]]:
    """Return `node → package → version` of what each node is to have; `older` tells which of two versions came first.

    To have are the packages of its roles and those that more than half of the nodes of its role have.
    """

    def order(one: str, other: str) -> int:
        return -1 if older(one, other) else 1

    have = {id_: installed(answer) for id_, answer in answers.items()}
    versions: dict[str, set[str]] = {}
    for packages in have.values():
        for name, version in packages.items():
            versions.setdefault(name, set()).add(version)
    best = {name: max(sorted(found), key=functools.cmp_to_key(order)) for name, found in versions.items()}
    alike = Counter(nodes[id_].node.role for id_ in have)
    common = Counter((nodes[id_].node.role, name) for id_, packages in have.items() for name in packages)
    result = {}
    for id_ in have:
        role = nodes[id_].node.role
        names = {name for (of, name), count in common.items() if of == role and count * 2 > alike[role]}
        names |= set(nodes[id_].packages)
        result[id_] = {name: best.get(name, "any version") for name in sorted(names)}
    return result


def declared(design: NodeDesign, wanted: Mapping[str, str]) -> Iterator[Fact]:
    """Yield the packages that a node is to have, and the application's release where it has one."""
    for name, version in wanted.items():
        yield design.parameter(PACKAGES, name, version)
    if trees(design):
        yield design.parameter(APPLICATION, "release", tree_digest(_SOURCE)[:16])


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what is installed."""
    for name, version in sorted(installed(answer).items()):
        yield design.parameter(PACKAGES, name, version)
    for digest in answer.said["trees"].values():
        if digest:
            yield design.parameter(APPLICATION, "release", digest[:16])


def trees(design: NodeDesign) -> tuple[str, ...]:
    """Return the folders whose contents are looked at."""
    return (_INSTALLED,) if design.variables.get("resident_registry__parts") else ()


def tree_digest(folder: Path) -> str:
    """Return the digest of a folder's files, spelled as the observer does on a node."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = [
        f"{path.relative_to(folder).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in found
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
