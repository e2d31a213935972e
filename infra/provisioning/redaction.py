"""Takes secrets out of text before it is shown or kept: the last line of defence behind `no_log` in the roles."""

from __future__ import annotations

from pathlib import Path

LEAST_LENGTH = 8
HIDDEN = "(secret)"


class Redaction:
    """Knows the content of an estate's secret files and hides it, whole or line by line."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's secrets; certificates are public and stay."""
        found: set[str] = set()
        for path in sorted(folder.glob("*")) if folder.is_dir() else []:
            if path.is_file() and path.suffix != ".crt":
                content = path.read_text(errors="replace").strip()
                lines = [line for line in content.splitlines() if not line.startswith("-----")]
                found.update(text for text in (content, *lines) if len(text) >= LEAST_LENGTH)
        self._hidden = sorted(found, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` without secrets."""
        for hidden in self._hidden:
            text = text.replace(hidden, HIDDEN)
        return text
