"""From SVG to PNG by librsvg, which falls back from font to font for each character as viewers do."""

from __future__ import annotations

import shutil
import subprocess

from topology.draw.errors import DrawingError

COMMAND = "rsvg-convert"
WIDTH_PX = 2400
TIMEOUT_S = 60


def to_png(svg: str, width_px: int = WIDTH_PX) -> bytes:
    """Return the picture as PNG, `width_px` wide; raises DrawingError where librsvg is missing or fails."""
    program = shutil.which(COMMAND)
    if program is None:
        raise DrawingError(f"PNG needs `{COMMAND}` (Debian package librsvg2-bin); SVG and Mermaid work without it")
    try:
        done = subprocess.run(
            [program, "--width", str(width_px), "--keep-aspect-ratio", "--format", "png"],
            input=svg.encode(),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise DrawingError(f"`{COMMAND}` failed: {error.stderr.decode(errors='replace').strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise DrawingError(f"`{COMMAND}` took longer than {TIMEOUT_S} s") from error
    return done.stdout
