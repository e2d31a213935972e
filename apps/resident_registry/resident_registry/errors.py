"""Errors of the resident registry: one root, and a subclass per kind that a caller treats differently."""

from __future__ import annotations


class RegistryError(Exception):
    """Root of all errors that the registry raises on purpose."""


class SettingsError(RegistryError):
    """The settings, or a file that they name, cannot be used; the message names file and key."""


class PeopleError(RegistryError):
    """The asked numbers of residents and households cannot belong to one city."""


class SchemaError(RegistryError):
    """The database's schema and this release's migrations do not fit together."""


class LoadError(RegistryError):
    """The database holds other people than those asked for, or a load came out wrong."""


class InputError(RegistryError):
    """What a clerk typed cannot be used; `problems` maps each field to one Japanese sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class ResidentUnknown(RegistryError):
    """No resident has the code asked for."""
