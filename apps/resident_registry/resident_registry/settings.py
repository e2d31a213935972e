"""The service's settings: one JSON file, the only door through which they come in."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from resident_registry.errors import SettingsError

DEFAULT_FILE = Path("/etc/resident-registry/settings.json")


@dataclass(frozen=True)
class Settings:
    """What one instance needs to know.

    `database` is a libpq connection string without the password; `city` is the estate's short name of the city.
    """

    city: str
    city_name_ja: str
    database: str
    password_file: str
    listen_address: str
    listen_port: int
    tls_certificate_file: str
    tls_key_file: str
    font_file: str = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf"
    prefecture_ja: str = ""
    statement_timeout_ms: int = 5000
    pool_size: int = 8

    @property
    def place(self) -> str:
        """The city as official papers name it, with its prefecture where that is set."""
        return f"{self.prefecture_ja}{self.city_name_ja}"


def _problems(values: dict[str, Any]) -> list[str]:
    known = {field.name: field for field in fields(Settings)}
    problems = [f"{name}: is unknown; known are {', '.join(known)}" for name in values if name not in known]
    for name, field in known.items():
        wanted = int if field.type == "int" else str
        if name not in values:
            if field.default is MISSING:
                problems.append(f"{name}: is missing")
        elif type(values[name]) is not wanted:
            problems.append(f"{name}: must be {'a whole number' if wanted is int else 'text'}")
    return problems


def read_settings(file: Path = DEFAULT_FILE) -> Settings:
    """Return the settings of a file; raises SettingsError with all problems at once."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{file}: is not JSON in UTF-8: {error}") from error
    if not isinstance(values, dict):
        raise SettingsError(f"{file}: must hold one object")
    if problems := _problems(values):
        raise SettingsError("\n".join(f"{file}: {problem}" for problem in problems))
    return Settings(**values)


def read_secret(file: str) -> str:
    """Return the one line of a secret's file; raises SettingsError where it cannot be read or is empty."""
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    if not secret:
        raise SettingsError(f"{file}: is empty")
    return secret
