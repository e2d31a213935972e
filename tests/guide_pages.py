"""Commands in the README and the guides: fenced `console` blocks hold them after `$ `, and below each what it prints.

A comment before a block says what its commands need or do: `<!-- lab -->` a running lab, `<!-- setup -->` a machine
without the set-up, `<!-- machines -->` machines that exist, `<!-- fails -->` they fail, as the text says.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(?:<!-- (\w+) -->\n)?```console\n(.*?)```", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Step:
    """A command, what its block is marked with (`plain` without a mark), and the lines shown below it."""

    mark: str
    command: str
    shown: tuple[str, ...] = ()


def text_of(page: str, heading: str = "") -> str:
    """Return a page, or what stands below one of its headings of the second level."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0] if heading else text


def steps(page: str, heading: str = "") -> list[Step]:
    """Return the commands of a page, or those below a heading, in their order."""
    found = []
    for mark, block in _BLOCK.findall(text_of(page, heading)):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            found.append(Step(mark or "plain", command, tuple(shown)))
    return found
