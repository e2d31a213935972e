"""What every record shares: frozen, no unknown keys, a name in English and in Japanese."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
InterfaceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=15)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Record(BaseModel):
    """The base of every model: immutable, and any key that it does not name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Named(Record):
    """A record that people see: `name` in English, `name_ja` in the deck's words."""

    name: Text
    name_ja: Text

    def label(self, language: str) -> str:
        """Return the name in `language` (`ja` or `en`)."""
        return self.name_ja if language == "ja" else self.name


class Requirement(Record):
    """Rows of the requirement list that a record shows, by id (for example `2.13`)."""

    requirements: tuple[str, ...] = Field(default=())
