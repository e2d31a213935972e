"""Whether the files that roles wrote on the nodes are still as they wrote them; one quick command for each node."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.targets.target import Target, TargetError

AT_ONCE = 12
NOT_PROVISIONED = "nothing is recorded as provisioned"

# Runs on the node with its own Python and standard library. Prints {"record": sha256, "found": {path: problem}}.
_SCRIPT = """
import hashlib, json, os, sys
path = "/var/lib/municipal-twin/managed.json"
try:
    with open(path, "rb") as file:
        record = file.read()
except OSError:
    print(json.dumps({"record": "", "found": {}}))
    sys.exit()
found = {}
try:
    files = json.loads(record)["files"]
except (ValueError, KeyError, TypeError):
    files, found[path] = {}, "is not a record of managed files"
for name, kept in files.items():
    try:
        with open(name, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        mode = oct(os.stat(name).st_mode & 0o7777)
    except OSError:
        found[name] = "gone"
        continue
    if digest != kept["sha256"]:
        found[name] = "edited"
    elif mode != kept["mode"]:
        found[name] = "mode " + mode[2:] + " instead of " + kept["mode"][2:]
print(json.dumps({"record": hashlib.sha256(record).hexdigest(), "found": found}))
"""


@dataclasses.dataclass(frozen=True)
class NodeFiles:
    """What was found on a node: the digest of its record (empty: none) and the differences in words."""

    record: str
    differences: tuple[str, ...]


def look(target: Target, nodes: Iterable[str]) -> dict[str, NodeFiles]:
    """Return what is found on each node, all nodes at the same time."""
    names = list(nodes)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE, "managed-files") as threads:
        return dict(zip(names, threads.map(lambda node: _look_at(target, node), names), strict=True))


def _look_at(target: Target, node: str) -> NodeFiles:
    try:
        done = target.run(node, ["/usr/bin/python3", "-c", _SCRIPT], timeout_s=20)
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except TargetError as error:
        return NodeFiles("", (str(error),))
    except ValueError:
        answer = {}
    if "record" not in answer:
        return NodeFiles("", (f"cannot be looked at: {done.stderr.strip()[-200:] or 'no answer'}",))
    if not answer["record"]:
        return NodeFiles("", (NOT_PROVISIONED,))
    return NodeFiles(answer["record"], tuple(f"{_short(path)} {what}" for path, what in answer["found"].items()))


def _short(path: str) -> str:
    """Return a path as people say it: `frr.conf` (/etc/frr)."""
    folder, _, name = path.rpartition("/")
    return f"{name} ({folder})"


def drift(found: Mapping[str, NodeFiles], recorded: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return `node → differences` for nodes with any; `recorded` are the records' digests after provisioning."""
    result = {}
    for node, files in found.items():
        differences = files.differences
        if not differences and node in recorded and files.record != recorded[node]:
            differences = ("the record of managed files was changed",)
        if differences:
            result[node] = differences
    return result
