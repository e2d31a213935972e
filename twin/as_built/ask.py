"""Asks every node of a standing place once, through the place's own way to it, and keeps what each said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra.targets.lab.kernel_settings import kernel_settings
from infra.targets.target import LabNotRunning, Target
from twin.as_built import database, files, software
from twin.as_built.answer import Answer
from twin.as_built.design import BACKENDS, NodeDesign, Surroundings
from twin.as_built.observer import SSH_CLIENT
from twin.errors import TwinError
from twin.place import in_parallel

SCRIPT = (Path(__file__).parent / "observer.py").read_text(encoding="utf-8")
_TIMEOUT_S = 120.0
FILTER = "/etc/nftables.conf"


class ObservationFailed(TwinError):
    """A node that is up said something else than an answer; the message has its words."""


def ask(
    place: Target, nodes: Mapping[str, NodeDesign], progress: Callable[[str], None]
) -> dict[str, Answer | None]:  # fmt: skip
    """Return every node's answer, None where it is down; several nodes are asked at once."""
    done: list[str] = []

    def one(id_: str) -> Answer | None:
        answer = _ask(place, nodes[id_])
        done.append(id_)
        progress(f"{id_} {'answered' if answer else 'is down'} ({len(done)} of {len(nodes)})")
        return answer

    return dict(in_parallel(one, nodes))


def questions(design: NodeDesign, *, by_ssh: bool = False) -> dict[str, Any]:
    """Return what the observer is to look at on one node; it puts the address it is reached from into the filters."""
    client = SSH_CLIENT if by_ssh else ""
    written = {backend: design.files(Surroundings(backend=backend, ssh_client=client)) for backend in BACKENDS}
    filters = {
        backend: next((file.content for file in found if file.path == FILTER), "") for backend, found in written.items()
    }
    return {
        "router": design.is_router,
        "filters": filters,
        "settings": list(kernel_settings(design.node.role)),
        "units": list(design.units),
        "files": sorted({file.path for found in written.values() for file in found}),
        "certificates": list(files.certificates(design)),
        "trees": list(software.trees(design)),
        "database": sorted(database.settings(design)),
    }


def _ask(place: Target, design: NodeDesign) -> Answer | None:
    id_ = design.node.id
    command = ["/usr/bin/python3", "-c", SCRIPT]
    by_ssh = str(place.connection_variables(id_).get("ansible_connection", "")).endswith("ssh")
    try:
        done = place.run(id_, command, timeout_s=_TIMEOUT_S, stdin=json.dumps(questions(design, by_ssh=by_ssh)))
    except LabNotRunning:
        return None
    try:
        return Answer(id_, json.loads(done.stdout))
    except ValueError as error:
        words = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ObservationFailed(f"{id_} was asked what runs on it and said: {words[0]}") from error
