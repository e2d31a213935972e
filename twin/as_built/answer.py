"""What one node said of itself, before anything is made of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a node said, by what it was asked; texts of commands are None where the command failed."""

    node: str
    said: Mapping[str, Any]

    def json(self, name: str) -> Any:
        """Return a command's text as JSON, None where it failed or is none."""
        text = self.said.get(name)
        try:
            return json.loads(text) if text else None
        except ValueError:
            return None

    def lines(self, name: str) -> list[str]:
        """Return a command's text in lines."""
        return [line for line in (self.said.get(name) or "").splitlines() if line.strip()]
