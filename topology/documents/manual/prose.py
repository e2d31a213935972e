"""What a manual consists of: volumes of chapters, chapters of paragraphs, numbered steps and tables."""

from __future__ import annotations

import dataclasses

from topology.documents.table import Table
from topology.draw.words import Language


@dataclasses.dataclass(frozen=True)
class Steps:
    """What to do, in order."""

    items: tuple[str, ...]


Block = str | Steps | Table
"""A paragraph, steps, or a table."""


@dataclasses.dataclass(frozen=True)
class Chapter:
    """A chapter with its title; without blocks it says that the estate has no such records."""

    title: str
    blocks: tuple[Block, ...]


@dataclasses.dataclass(frozen=True)
class Volume:
    """A volume (編): its name for files and anchors, its title, its number from 1, its chapters."""

    name: str
    title: str
    number: int
    chapters: tuple[Chapter, ...]


def pick(language: Language, japanese: str, english: str) -> str:
    """Return a sentence in a language."""
    return japanese if language == "ja" else english


def chapter(language: Language, japanese: str, english: str, *blocks: Block | None) -> Chapter:
    """Return a chapter of the blocks that hold something: tables without rows and steps without items say nothing."""
    kept = tuple(block for block in blocks if _holds(block))
    nothing = pick(language, "該当する記録なし。", "The estate has no such records.")
    return Chapter(pick(language, japanese, english), kept or (nothing,))  # type: ignore[arg-type]


def _holds(block: Block | None) -> bool:
    if isinstance(block, Table):
        return bool(block.rows)
    return bool(block.items) if isinstance(block, Steps) else bool(block)
