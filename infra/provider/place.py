"""The place that the provider works on: opened on first need, claimed before the first change, the same for all calls.

Also knows the clone's folders and the provider's own configuration.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.errors import ConfigInvalid
from topology.secret_files import folder as secret_folder

if TYPE_CHECKING:
    from infra.targets.target import Target

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET_MODULE = "MUNICIPAL_TWIN_TARGET_MODULE"
"""Names a module with its own `open_target`, for tests of the provider on a place that is only a folder."""

REMOVE_DATA = "MUNICIPAL_TWIN_REMOVE_DATA"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the provider is told: which estate with which replaced values, where it stands, what may be removed."""

    estate: str = "fuji-fujinomiya"
    overrides: tuple[str, ...] = ()
    target: str = "lab"
    hosts_file: str = ""
    remove_data: bool = False

    @classmethod
    def from_values(cls, values: Mapping[str, Any], stack_config: Mapping[str, str]) -> Settings:
        """Return the settings from the provider resource's inputs and the stack's own `twin:` configuration.

        What may be removed is taken from the surroundings as they are now, for `pulumi destroy` does not run the
        program: the stack's `twin:removeData`, or the variable that `make down` sets for its own run alone.
        """
        try:
            overrides = tuple(json.loads(values.get("set") or "[]"))
        except ValueError as error:
            raise ConfigInvalid(f"provider twin: `set` is not JSON: {error}") from error
        return cls(
            estate=str(values.get("estate") or cls.estate),
            overrides=overrides,
            target=str(values.get("target") or cls.target),
            hosts_file=str(values.get("hostsFile") or ""),
            remove_data=stack_config.get("removeData", "").strip().lower() == "true"
            or os.environ.get(REMOVE_DATA) == "1",
        )


class Place:
    """The target with what surrounds it. Its methods may be called from several threads."""

    def __init__(self, settings: Settings, root: Path | None = None) -> None:
        """Nothing is opened yet. `root` is the clone; its private folder is `.state`."""
        self.settings = settings
        self.state = (root or Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or ROOT)) / ".state"
        self._lock = threading.Lock()
        self._target: Target | None = None
        self._claimed = False

    @property
    def target(self) -> Target:
        """The target, opened once."""
        with self._lock:
            return self._opened()

    def claimed_target(self) -> Target:
        """Return the target after taking it for this clone; raises LabHeldByOther. Call before any change."""
        with self._lock:
            target = self._opened()
            if not self._claimed:
                target.claim()
                self._claimed = True
            return target

    def _opened(self) -> Target:
        if self._target is None:
            module = os.environ.get(TARGET_MODULE) if self.settings.target == "memory" else "infra.targets.open"
            if not module:
                raise ConfigInvalid(f"target `{self.settings.target}` is unknown; expected lab or hosts")
            options = {"file": self.settings.hosts_file} if self.settings.hosts_file else {}
            opened: Target = importlib.import_module(module).open_target(
                self.settings.target, clone_root=self.state.parent, options=options
            )
            self._target = opened
        return self._target

    def secret_file(self, estate: str, name: str) -> Path:
        """Return where a secret of an estate lies in this clone."""
        return secret_folder(self.state.parent, estate) / name
