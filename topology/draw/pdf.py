"""From SVG to PDF by librsvg: type stays type, fonts are embedded, each picture is a page, the date is as given."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from topology.draw.errors import DrawingError
from topology.draw.png import COMMAND

TIMEOUT_S = 300


def to_pdf(pages: Iterable[str], day: dt.date, width_mm: float, height_mm: float) -> bytes:
    """Return a PDF file with a page for each SVG document; raises DrawingError where librsvg is missing or fails.

    `day` becomes the file's date of creation, so that equal pages are equal bytes.
    """
    program = shutil.which(COMMAND)
    if program is None:
        raise DrawingError(f"PDF needs `{COMMAND}` (Debian package librsvg2-bin)")
    made = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, content in enumerate(pages):
            name = Path(folder) / f"{number:04d}.svg"
            name.write_text(content, encoding="utf-8")
            names.append(str(name))
        size = ["--page-width", f"{width_mm:g}mm", "--page-height", f"{height_mm:g}mm"]
        try:
            done = subprocess.run(
                [program, "--format", "pdf", *size, *names], capture_output=True, timeout=TIMEOUT_S, check=True,
                env={**os.environ, "SOURCE_DATE_EPOCH": str(made)},
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise DrawingError(f"`{COMMAND}` failed: {error.stderr.decode(errors='replace').strip()}") from error
        except subprocess.TimeoutExpired as error:
            raise DrawingError(f"`{COMMAND}` took longer than {TIMEOUT_S} s") from error
    return done.stdout
