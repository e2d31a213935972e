"""Where things lie in a clone and which environment variables they need. Standard library only.

`activate` evaluates what this prints and the goals of the Makefile use the same values; nothing else names them.
"""

from __future__ import annotations

import hashlib
import locale
import os
import secrets
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
VENV = ROOT / ".venv"


def cache_folder() -> Path:
    """Return the folder that clones of this project share for what is built once."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "municipal-twin"


def toolchain_folder() -> Path:
    """Return the folder of the built Pulumi command; its name changes with all that it is built from."""
    total = hashlib.sha256((ROOT / "tools" / "pulumi_command.py").read_bytes())
    for module in ("pulumi", "pulumi-language-python"):
        for name in ("go.mod", "go.sum"):
            total.update((ROOT / "tools" / module / name).read_bytes())
    return cache_folder() / "toolchain" / total.hexdigest()[:16] / "bin"


def prepare_state() -> None:
    """Make the clone's private folder and the passphrase of its stacks, once."""
    for folder in (STATE, STATE / "pulumi", STATE / "logs", STATE / "home"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    passphrase = STATE / "passphrase"
    if not passphrase.exists():
        fresh = STATE / f"passphrase.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        try:
            passphrase.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process was first, and its passphrase is the one
        finally:
            fresh.unlink()


def variables() -> dict[str, str]:
    """Return the variables that Pulumi, Ansible and `twin` need, without PATH."""
    found = {
        "MUNICIPAL_TWIN_ROOT": str(ROOT),
        "VIRTUAL_ENV": str(VENV),
        # Beside each file the backend would write another of attributes, not at one stroke: a run killed meanwhile
        # leaves it empty, and then the state cannot be read.
        "PULUMI_BACKEND_URL": f"file://{STATE / 'pulumi'}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(STATE / "passphrase"),
        "PULUMI_HOME": str(STATE / "home"),
        "PULUMI_PYTHON_CMD": str(VENV / "bin" / "python"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "ANSIBLE_CONFIG": str(ROOT / "playbooks" / "ansible.cfg"),
        **utf8_locale(),
    }
    strategies = next(VENV.glob("lib/python3*/site-packages/ansible_mitogen/plugins/strategy"), None)
    if strategies is not None:
        found["ANSIBLE_STRATEGY_PLUGINS"] = str(strategies)
        found["ANSIBLE_STRATEGY"] = os.environ.get("ANSIBLE_STRATEGY", "mitogen_linear")
    return found


def utf8_locale() -> dict[str, str]:
    """Return what gives commands a UTF-8 locale, which Ansible insists on: nothing where the caller's is one."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "")
        fits = locale.nl_langinfo(locale.CODESET) == "UTF-8"
    except locale.Error:
        fits = False  # it is not installed here, as after `ssh` from a machine that has it
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return {} if fits else {"LC_ALL": "C.UTF-8"}


def search_path() -> str:
    """Return PATH with this clone's commands first, each folder once."""
    first = [str(VENV / "bin"), str(toolchain_folder())]
    rest = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder not in first]
    return os.pathsep.join([*first, *rest])


def environment() -> dict[str, str]:
    """Return the whole environment for a child process."""
    return {**os.environ, **variables(), "PATH": search_path()}


def shell_lines() -> str:
    """Return shell text that sets the variables and defines `deactivate`, which puts the caller's back."""
    wanted = {**variables(), "PATH": search_path()}
    back = [
        f"  export {name}={shlex.quote(os.environ[name])}" if name in os.environ else f"  unset {name}"
        for name in wanted
    ]
    forward = [f"export {name}={shlex.quote(value)}" for name, value in wanted.items()]
    return "\n".join(
        [*forward, "deactivate() {", *back, "  hash -r 2>/dev/null", "  unset -f deactivate", "}", "hash -r"]
    )


if __name__ == "__main__":
    prepare_state()
    print(shell_lines())
