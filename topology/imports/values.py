"""Cells as typed values; what cannot be one is a finding at its cell, and the value is left out."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from inventory.quantities import DURATION_UNITS, MASS_UNITS, POWER_UNITS, RATE_UNITS, SIZE_UNITS
from topology.imports.days import parse_day
from topology.imports.findings import Findings
from topology.imports.sheets import Row
from topology.imports.text import dashed, folded, is_nothing, written

Address4 = ipaddress.IPv4Address
Network4 = ipaddress.IPv4Network
_RATE_WORDS = {
    "ギガ": "Gbps", "gbps": "Gbps", "gb/s": "Gbps", "gbit/s": "Gbps", "g": "Gbps", "gbe": "Gbps", "gbase-t": "Gbps",
    "メガ": "Mbps", "mbps": "Mbps", "mb/s": "Mbps", "mbit/s": "Mbps", "m": "Mbps",
    "キロ": "kbps", "kbps": "kbps", "kb/s": "kbps", "kbit/s": "kbps", "k": "kbps", "bps": "bps", "bit/s": "bps",
}  # fmt: skip
_NUMBER = re.compile(r"(-?[\d,]+(?:\.\d+)?)\s*(.*)")
_T = TypeVar("_T")


class Values:
    """Reads the fields of rows and collects what is wrong with them."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def text(self, row: Row, field: str) -> str | None:
        """Return a text as it was written, on one line, or None for nothing."""
        return written(row.cells[field].value).strip() or None if row.has(field) else None

    def plain(self, row: Row, field: str) -> str | None:
        """Return a text in one width with hyphens for dashes, or None: for numbers, ids, addresses."""
        return dashed(row.cells[field].value) if row.has(field) else None

    def names(self, row: Row, field: str) -> list[str]:
        """Return the names in a cell, parted by commas, 、 or line ends."""
        text = str(row.cells[field].value) if row.has(field) else ""
        return [name for part in re.split(r"[,、,\n;]", text) if (name := folded(part)) and not is_nothing(name)]

    def required(self, row: Row, field: str) -> str | None:
        """Return a text; a blank is a finding."""
        if not row.has(field):
            self.findings.add(row.at(field), field, "is blank", "a value in every row")
            return None
        return self.text(row, field)

    def day(self, row: Row, field: str) -> dt.date | None:
        """Return a day."""
        return self._parsed(row, field, lambda: parse_day(row.cells[field].value))

    def whole(self, row: Row, field: str, least: int, most: int) -> int | None:
        """Return a whole number within bounds; a letter before or behind it (`U40`, `2U`) is the list's decoration."""

        def parse() -> int:
            text = dashed(row.cells[field].value)
            found = re.fullmatch(r"[A-Za-z]*\s*(\d+)\s*[A-Za-z台個]*", text)
            if found is None or not least <= int(found[1]) <= most:
                raise ValueError(f"`{text}` is no whole number from {least} to {most}|such a number")
            return int(found[1])

        return self._parsed(row, field, parse)

    def rate_bps(self, row: Row, field: str) -> float | None:
        """Return a rate in bit/s: `1 Gbps`, `100M`, `1ギガ`, or a number below a heading with the unit."""

        def parse() -> float:
            number, unit = self._number(row, field)
            name = _RATE_WORDS.get(unit.casefold()) if unit else None
            if name is None:
                said = f"`{unit}` is no unit of speed" if unit else f"`{number:g}` has no unit"
                raise ValueError(f"{said}|one of {', '.join(RATE_UNITS)} in the cell or in the heading")
            if number <= 0:
                raise ValueError(f"a speed of {number:g}|a speed above zero")
            return number * RATE_UNITS[name]

        return self._parsed(row, field, parse)

    def quantity(self, row: Row, field: str, units: Mapping[str, float]) -> float | None:
        """Return a quantity in the base of its units, of which the first holds where none is written."""

        def parse() -> float:
            number, unit = self._number(row, field)
            known = {name.casefold(): factor for name, factor in units.items()}
            factor = known.get(unit.casefold()) if unit else next(iter(units.values()))
            if factor is None:
                raise ValueError(f"`{unit}` is no unit of {field}|one of {', '.join(units)}")
            if number < 0:
                raise ValueError(f"{number:g} is negative|zero or more")
            return number * factor

        return self._parsed(row, field, parse)

    def power_w(self, row: Row, field: str) -> float | None:
        """Return a power in watts."""
        return self.quantity(row, field, POWER_UNITS)

    def mass_kg(self, row: Row, field: str) -> float | None:
        """Return a mass in kilograms."""
        return self.quantity(row, field, MASS_UNITS)

    def size_bytes(self, row: Row, field: str) -> float | None:
        """Return a size in bytes; memory without a unit is in GiB, as lists of servers have it."""
        return self.quantity(row, field, {"GiB": 1024.0**3, **SIZE_UNITS, "GB": 1024.0**3, "MB": 1024.0**2})

    def delay_s(self, row: Row, field: str) -> float | None:
        """Return a time in seconds; without a unit it is in milliseconds."""
        return self.quantity(row, field, {"ms": 1e-3, **DURATION_UNITS})

    def network(self, row: Row, field: str) -> Network4 | None:
        """Return an IPv4 prefix; one with host bits set is a finding."""

        def parse() -> Network4:
            text = (self.plain(row, field) or "").replace(" ", "")
            try:
                return Network4(text)
            except ValueError as error:
                raise ValueError(f"`{text}` is not a prefix|an IPv4 prefix without host bits") from error

        return self._parsed(row, field, parse)

    def address(self, row: Row, field: str) -> tuple[Address4, int | None] | None:
        """Return an IPv4 address, and the length of its mask where it is written behind it."""

        def parse() -> tuple[Address4, int | None]:
            text = (self.plain(row, field) or "").replace(" ", "")
            address, slash, length = text.partition("/")
            try:
                return Address4(address), Network4(f"0.0.0.0/{length}").prefixlen if slash else None
            except ValueError as error:
                raise ValueError(f"`{text}` is not an address|an IPv4 address") from error

        return self._parsed(row, field, parse)

    def mask(self, row: Row, field: str) -> int | None:
        """Return the length of a mask written `255.255.255.0`, `/24` or `24`."""

        def parse() -> int:
            text = (self.plain(row, field) or "").replace(" ", "").removeprefix("/")
            try:
                return Network4(f"0.0.0.0/{text}").prefixlen
            except ValueError as error:
                raise ValueError(f"`{text}` is not a mask|a mask such as 255.255.255.0 or /24") from error

        return self._parsed(row, field, parse)

    def _number(self, row: Row, field: str) -> tuple[float, str]:
        text = dashed(row.cells[field].value)
        found = _NUMBER.fullmatch(text.removeprefix("約").removeprefix("最大"))
        if found is None:
            raise ValueError(f"`{text}` is not a number|a number with its unit")
        return float(found[1].replace(",", "")), found[2].strip() or row.units.get(field) or ""

    def _parsed(self, row: Row, field: str, parse: Callable[[], _T]) -> _T | None:
        if not row.has(field):
            return None
        try:
            return parse()
        except ValueError as error:
            problem, _, expected = str(error).partition("|")
            self.findings.add(row.at(field), field, problem, expected)
            return None
