"""What every record shares: frozen, no unknown keys, a name in English and in Japanese."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
InterfaceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=15)]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[1-9](\.[1-9]\d?)?$")]
How = Literal["printed", "inferred", "ambiguous", "assumed", "measured", "standard"]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Record(BaseModel):
    """The base of every model: immutable, and any key that it does not name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Showing(Record):
    """A record that shows rows of the requirement list, by id (for example `2.13`)."""

    requirements: tuple[RequirementId, ...] = ()


class RequirementRow(Record):
    """A row of the requirement list: a numbered section of the source."""

    name: Text
    name_ja: Text
    slide: PositiveInt
    how: How = "printed"


class Named(Showing):
    """A record that people see: `name` in English, `name_ja` in the deck's words."""

    name: Text
    name_ja: Text

    def label(self, language: str) -> str:
        """Return the name in `language` (`ja` or `en`)."""
        return self.name_ja if language == "ja" else self.name


def said(record: Record, field: str, language: str) -> Any:
    """Return a text of a record in a language: `field` is English, `field_ja` Japanese; else the other one."""
    japanese, english = getattr(record, f"{field}_ja"), getattr(record, field)
    return (japanese or english) if language == "ja" else (english or japanese)


class Stated(Named):
    """A record that a slide of the deck states, with how it was read."""

    slide: PositiveInt | None = None
    how: How = "printed"


class Held(Record):
    """Something that belongs to somebody, is run by somebody, and stands under a contract, by their ids."""

    owner: Id | None = None
    operator: Id | None = None
    contract: Id | None = None
