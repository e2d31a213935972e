"""The service's settings: one JSON file, named by RESIDENT_REGISTRY_SETTINGS."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path


class SettingsError(Exception):
    """The settings cannot be used; the message names the file and the key."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What one instance needs to know. `database` is a libpq connection string without the password."""

    city: str
    city_name_ja: str
    database: str
    password_file: str
    font_file: str
    statement_timeout_ms: int = 5000
    pool_size: int = 8

    @property
    def password(self) -> str:
        """Return the database password; read when needed, never kept in the settings."""
        return Path(self.password_file).read_text(encoding="utf-8").strip()


def read_settings(file: str | None = None) -> Settings:
    """Return the settings of a file; raises SettingsError."""
    name = file or os.environ.get("RESIDENT_REGISTRY_SETTINGS", "/etc/resident-registry/settings.json")
    try:
        return Settings(**json.loads(Path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"{name}: {error}") from error
