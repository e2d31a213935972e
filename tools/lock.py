"""Compile each requirements.in into its requirements.txt: every version with its hashes, for each supported Python.

The compiler (uv) is put into a throw-away environment. The file names no address, so it serves any package index.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT

OLDEST_PYTHON = "3.11"
PLACES = (".", "tools/netlab")
OPTIONS = ("--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--no-annotate")
NO_ADDRESS = ("--no-emit-index-url", "--no-emit-find-links", "--no-emit-index-annotation")


def main() -> int:
    """Compile the lock; return the compiler's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/python", "-m", "pip", "install", "-q", "uv"], check=True)
        compiler = [str(Path(folder) / "bin" / "uv"), "pip", "compile", *OPTIONS, *NO_ADDRESS, "-q"]
        arguments = ["requirements.in", "-o", "requirements.txt"]
        return max(
            subprocess.run([*compiler, *arguments], cwd=ROOT / place, check=False).returncode for place in PLACES
        )


if __name__ == "__main__":
    sys.exit(main())
