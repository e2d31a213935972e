"""Running commands on the lab's host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASKS = r"from infra.targets.lab.host import run; print(ascii(run(['printf', r'\345\257\214']).stdout))"


def test_output_is_read_as_utf_8_whatever_the_locale_of_the_caller() -> None:
    """A shell without UTF-8 (an old EUC-JP profile, a bare cron) does not garble what a command says."""
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    shown = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=ROOT, env=environment, capture_output=True, check=True, encoding="ascii"
    )

    assert shown.stdout.strip() == ascii("富")
