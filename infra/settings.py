"""The stack's configuration as typed values; the only place that reads it."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pulumi

from infra.errors import ConfigInvalid

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ("lab", "hosts")


@dataclasses.dataclass(frozen=True)
class StackSettings:
    """Which estate with which values replaced, and where it stands. `hosts_file` names machines that exist."""

    estate: str
    overrides: tuple[str, ...]
    target: str
    hosts_file: str

    @property
    def replaced(self) -> dict[str, str]:
        """The replaced values by dotted path."""
        return dict(text.split("=", 1) for text in self.overrides)

    @property
    def state(self) -> Path:
        """The clone's private folder."""
        return Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or ROOT) / ".state"


def stack_settings() -> StackSettings:
    """Read the configuration; raises ConfigInvalid naming the key and the command that mends it."""
    config = pulumi.Config()
    target = config.get("target") or "lab"
    known = (*TARGETS, "memory") if os.environ.get("MUNICIPAL_TWIN_TARGET_MODULE") else TARGETS
    if target not in known:
        raise ConfigInvalid(
            f"config target: `{target}` is unknown, expected {' or '.join(TARGETS)}; `pulumi config set target lab`"
        )
    return StackSettings(
        estate=_estate(config.get("estate") or "fuji-fujinomiya"),
        overrides=_overrides(config.get("set") or "[]"),
        target=target,
        hosts_file=_hosts_file(config.get("hostsFile") or "", target),
    )


def _estate(text: str) -> str:
    """Return a name as it is, a folder as its full path; folders are relative to the clone."""
    folder = ROOT / text
    return str(folder) if "/" in text and folder.is_dir() else text


def _hosts_file(text: str, target: str) -> str:
    if target != "hosts":
        return ""
    path = ROOT / text
    if not text or not path.is_file():
        raise ConfigInvalid(
            f"config hostsFile: {f'no file {text}' if text else 'is missing'}; target hosts takes the file that names "
            "the machines (docs/guides/pulumi.md): `pulumi config set hostsFile FILE`"
        )
    return str(path)


def _overrides(text: str) -> tuple[str, ...]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ConfigInvalid(
            f'config set: is not JSON ({error}), expected a list such as ["lab.rate_divisor=40"]'
        ) from error
    if not isinstance(found, list) or not all(isinstance(item, str) and "=" in item for item in found):
        raise ConfigInvalid("config set: expected a JSON list of PATH=VALUE")
    return tuple(found)
