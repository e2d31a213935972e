"""Where things lie in a clone and which environment variables they need. Standard library only.

`python3 tools/environment.py` prints the shell lines that `activate` evaluates; `make` uses the same values.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
VENV = ROOT / ".venv"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "municipal-twin"


def toolchain_folder() -> Path:
    """Return the folder of the built Pulumi command; its name changes with what it is built from."""
    total = hashlib.sha256()
    for module in ("pulumi", "pulumi-language-python"):
        for name in ("go.mod", "go.sum"):
            total.update((ROOT / "tools" / module / name).read_bytes())
    return CACHE / "toolchain" / total.hexdigest()[:16] / "bin"


def prepare_state() -> None:
    """Make the clone's private folder and the passphrase of its stacks, once."""
    for folder in (STATE, STATE / "pulumi", STATE / "logs", STATE / "home"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    passphrase = STATE / "passphrase"
    if not passphrase.exists():
        descriptor = os.open(passphrase, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")


def variables() -> dict[str, str]:
    """Return the variables that Pulumi, Ansible and `twin` need, without PATH."""
    return {
        "PULUMI_BACKEND_URL": f"file://{STATE / 'pulumi'}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(STATE / "passphrase"),
        "PULUMI_HOME": str(STATE / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "false",
        "ANSIBLE_CONFIG": str(ROOT / "playbooks" / "ansible.cfg"),
        "ANSIBLE_STRATEGY_PLUGINS": str(_mitogen_strategies()),
        "ANSIBLE_STRATEGY": os.environ.get("ANSIBLE_STRATEGY", "mitogen_linear" if _mitogen_strategies() else "linear"),
        "MUNICIPAL_TWIN_ROOT": str(ROOT),
    }


def _mitogen_strategies() -> Path | str:
    """Return the folder of Mitogen's strategy plugins, or nothing where it is not installed."""
    return next(VENV.glob("lib/python3*/site-packages/ansible_mitogen/plugins/strategy"), "")


def path_prefix() -> list[str]:
    """Return the folders that come first on PATH."""
    return [str(VENV / "bin"), str(toolchain_folder())]


def environment() -> dict[str, str]:
    """Return the whole environment for a child process."""
    path = os.pathsep.join([*path_prefix(), os.environ.get("PATH", "")])
    return {**os.environ, **variables(), "PATH": path, "VIRTUAL_ENV": str(VENV)}


def main() -> None:
    """Print shell lines that set the variables."""
    prepare_state()
    for name, value in variables().items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"_twin_path={shlex.quote(os.pathsep.join(path_prefix()))}")


if __name__ == "__main__":
    main()
