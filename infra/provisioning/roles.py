"""What the playbooks' roles write and start on a node, read from the roles themselves: files, units, packages.

Renders the roles' own templates with a node's variables, as Ansible does when it provisions; so what is declared of a
node's files is never a second copy. A file that holds a secret is left out.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jinja2 import meta
from jinja2.nativetypes import NativeEnvironment

from infra.provisioning.sources import ROOT

PLAYBOOKS = ROOT / "playbooks"
ROLES = PLAYBOOKS / "roles"


@dataclasses.dataclass(frozen=True)
class WrittenFile:
    """A file that a role writes on a node: its path there, its mode, its whole content."""

    path: str
    mode: str
    content: str


def roles_of(node_role: str) -> tuple[str, ...]:
    """Return the roles that the playbook gives to nodes of a role, in its order."""
    plays = _yaml(PLAYBOOKS / "site.yml")
    return tuple(role for play in plays if play["hosts"] in {"all", f"{node_role}s"} for role in play["roles"])


def packages(role: str) -> tuple[str, ...]:
    """Return the Debian packages that a role installs."""
    return tuple(_yaml(ROLES / role / "vars" / "packages.yml")[f"{role}__packages"])


def values(role: str, given: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that a role sees on a node: its defaults, what is `given`, its own derived ones.

    `found` is what the role would find out on the node; it goes before what the role derives from that.
    """
    folder = ROLES / role
    stated: dict[str, Any] = {
        **_optional(folder / "defaults" / "main.yml"), **given, **_optional(folder / "vars" / "main.yml"),
        "role_path": str(folder), **found,
    }  # fmt: skip
    result: dict[str, Any] = {}

    def settle(name: str) -> None:
        """Evaluate a variable after those that it names."""
        if name in result or name not in stated:
            return
        text = stated[name]
        for other in _names(text) - {name}:
            settle(other)
        result[name] = _evaluated(text, result)

    for name in stated:
        settle(name)
    return result


def units(role: str, seen: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the systemd units that a role starts and enables; `seen` are the role's `values`."""
    result = []
    for task, one in _tasks(role, "main.yml", seen, "ansible.builtin.systemd_service"):
        if task.get("state") == "started" and task.get("enabled") is True:
            result.append(str(_evaluated(task["name"], one)))
    return tuple(dict.fromkeys(result))


def files(role: str, seen: Mapping[str, Any]) -> tuple[WrittenFile, ...]:
    """Return the files that a role writes from its templates and as plain text, without those that hold secrets."""
    loader = jinja2.FileSystemLoader(ROLES / role / "templates")
    plain = jinja2.Environment(  # noqa: S701 -- configuration files, no HTML
        loader=loader, trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )
    plain.filters["to_nice_json"] = _nice_json
    result = []
    for task, one in _tasks(role, "main.yml", seen, "ansible.builtin.template"):
        content = plain.get_template(str(_evaluated(task["src"], one))).render(one)
        result.append(WrittenFile(str(_evaluated(task["dest"], one)), _mode(_evaluated(task["mode"], one)), content))
    for task, one in _tasks(role, "main.yml", seen, "ansible.builtin.copy"):
        if "content" in task:
            result.append(WrittenFile(str(_evaluated(task["dest"], one)), _mode(task["mode"]), task["content"]))
    return tuple(result)


def _tasks(
    role: str, file: str, seen: Mapping[str, Any], module: str
) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Yield the arguments of every task of a module, once for each turn of its loop, with that turn's variables."""
    for task in _flat(_yaml(ROLES / role / "tasks" / file)):
        included = task.get("ansible.builtin.include_tasks")
        if included:
            if all(_evaluated(f"{{{{ {condition} }}}}", seen) for condition in _listed(task.get("when"))):
                yield from _tasks(role, included, seen, module)
        elif module in task and not task.get("no_log"):
            turns = _evaluated(task["loop"], seen) if "loop" in task else [None]
            for item in turns:
                yield task[module], {**seen, **task.get("vars", {}), "item": item}


def _flat(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        yield from _flat(task["block"]) if "block" in task else (task,)


def _listed(condition: Any) -> list[Any]:
    return condition if isinstance(condition, list) else [] if condition is None else [condition]


def _names(value: Any) -> set[str]:
    """Return the variables that the templates in a value name."""
    if isinstance(value, list):
        return set().union(*map(_names, value))
    if isinstance(value, dict):
        return set().union(*map(_names, value.values()))
    if not isinstance(value, str) or "{{" not in value:
        return set()
    return meta.find_undeclared_variables(_native().parse(value))


def _evaluated(value: Any, seen: Mapping[str, Any]) -> Any:
    """Return a value with its templates filled in; text that needs what is not known here stays as it is."""
    if isinstance(value, list):
        return [_evaluated(item, seen) for item in value]
    if isinstance(value, dict):
        return {key: _evaluated(item, seen) for key, item in value.items()}
    if not isinstance(value, str) or "{{" not in value:
        return value
    try:
        return _native().from_string(value).render(seen)
    except jinja2.UndefinedError:
        return value


@functools.cache
def _native() -> NativeEnvironment:
    environment = NativeEnvironment(undefined=jinja2.StrictUndefined)
    environment.filters["split"] = lambda text, separator=None: text.split(separator)
    return environment


def _mode(value: Any) -> str:
    return f"{int(str(value), 8):04o}" if isinstance(value, str) else f"{int(value):04d}"


def _nice_json(value: Any, **options: Any) -> str:
    return json.dumps(value, indent=4, sort_keys=True, separators=(",", ": "), **options)


def _optional(path: Path) -> dict[str, Any]:
    return (_yaml(path) or {}) if path.exists() else {}


@functools.cache
def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
