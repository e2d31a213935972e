"""Each city's load in figures, scaled from its population, households and staff, with the values each comes from.

Exact fractions until the end: nothing is rounded before it is shown. Leaves how long things then take to `simulation`.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from fractions import Fraction

from inventory.models.estate import Estate
from inventory.models.load import Month

MONTHS: tuple[Month, ...] = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


_WORDS_JA = {"population ": "人口", "households ": "世帯数", "staff ": "職員数", ", rounded up": "(切上げ)"}
_WORD = re.compile("|".join(_WORDS_JA))


@dataclasses.dataclass(frozen=True)
class Figure:
    """A derived figure of a city: its name in both languages, its value, and the dotted paths that it comes from.

    `formula` is the reckoning in words, with the values put in.
    """

    city: str
    key: str
    name: str
    name_ja: str
    value: Fraction
    formula: str
    inputs: tuple[str, ...]

    @property
    def rounded(self) -> int:
        """The value to the nearest whole; a half goes up."""
        return math.floor(self.value + Fraction(1, 2))

    def label(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_ja if language == "ja" else self.name

    def reckoning(self, language: str) -> str:
        """Return the reckoning with its words in a language."""
        if language == "en":
            return self.formula
        return _WORD.sub(lambda found: _WORDS_JA[found[0]], self.formula)


def figures(estate: Estate) -> tuple[Figure, ...]:
    """Return every figure of every city; none where the estate states no load."""
    if estate.records.load is None:
        return ()
    return tuple(figure for city in estate.records.load.cities for figure in _City(estate, city).figures())


def trust(estate: Estate, figure: Figure) -> str:
    """Return the least trust of what a figure comes from; H where all is certain."""
    found = [origin.trust for path in figure.inputs if (origin := estate.provenance.get(path))]
    return max(found, default="H", key="HML".index)


_UNNAMED = ("", "")


class _City:
    """Derives the figures of one city."""

    def __init__(self, estate: Estate, city: str) -> None:
        assert estate.records.load is not None
        self.estate = estate
        self.load = estate.records.load
        self.city = city
        self.people = estate.records.cities[city].population

    def figures(self) -> Iterator[Figure]:
        """Yield the figures: users first, then counters, then the year."""
        users = self._times("users", "users of the core systems", "基幹系利用者数", self._staff(), "users")
        yield users
        yield self._times("users-at-once", "users at once", "同時利用者数", users, "at_once")
        yield self._times("terminals", "terminals", "端末台数", users, "terminals_per_user")
        day = self._times(
            "transactions", "screen transactions a day", "画面処理件数/日", users, "transactions_per_user_day"
        )
        yield day
        yield self._times(
            "busiest-hour", "screen transactions in the busiest hour", "画面処理件数/最繁時", day, "busiest_hour"
        )
        yield self._over("counters", "counters", "窓口数", self._people(), "residents_per_counter")
        year = self._times("year", *_UNNAMED, self._people(), "certificates_per_resident_year")
        mean = self._over("certificates", "certificates a business day", "証明書発行数/開庁日", year, "business_days")
        yield mean
        yield self._times("certificates-monday", "certificates on a Monday", "証明書発行数/月曜", mean, "monday_factor")
        yield self._times(
            "certificates-peak", "certificates on the peak day", "証明書発行数/最繁日", mean, "peak_day_factor"
        )
        moves = self._times("moves", "moves a year", "住民異動件数/年", self._people(), "moves_per_resident_year")
        yield moves
        for month in self.load.move_months:
            name_ja = f"住民異動件数/{MONTHS.index(month) + 1}月"
            key = f"move_months.{month}"
            yield self._times(f"moves-{month}", f"moves in {month.title()}", name_ja, moves, key)
        yield from self._forms()

    def _forms(self) -> Iterator[Figure]:
        """Yield the forms and boxes of each bulk run of the city, then the forms of each month together."""
        months: dict[int, list[Figure]] = {}
        for id_, run in self.estate.records.form_runs.items():
            if run.city not in {None, self.city}:
                continue
            base = self._people() if run.per == "resident" else self._households()
            when, when_ja = _when(run.month)
            value, formula = base.value * _exact(run.rate), f"{base.formula} × {run.rate:g}"
            names = (f"forms {when}: {run.name}", f"帳票枚数/{when_ja}({run.name_ja})")
            forms = self._figure(f"forms-{id_}", names, value, formula, (*base.inputs, f"form_runs.{id_}.rate"))
            yield forms
            names = (f"boxes {when}: {run.name}", f"箱数/{when_ja}({run.name_ja})")
            value, formula = Fraction(math.ceil(value / run.box_holds)), f"{formula} ÷ {run.box_holds}, rounded up"
            inputs = (*forms.inputs, f"form_runs.{id_}.box_holds")
            yield self._figure(f"boxes-{id_}", names, value, formula, inputs)
            if run.month is not None:
                months.setdefault(run.month, []).append(forms)
        for month, runs in sorted(months.items()):
            when, when_ja = _when(month)
            names = (f"forms {when}, all runs", f"帳票枚数/{when_ja}(合計)")
            formula = " + ".join(forms.formula for forms in runs)
            inputs = tuple(dict.fromkeys(path for forms in runs for path in forms.inputs))
            total = sum((forms.value for forms in runs), Fraction(0))
            yield self._figure(f"forms-month-{month}", names, total, formula, inputs)

    def _staff(self) -> Figure:
        staff = self.load.cities[self.city].staff
        return self._figure("staff", _UNNAMED, Fraction(staff), f"staff {staff:,}", (f"load.cities.{self.city}.staff",))

    def _people(self) -> Figure:
        path = f"cities.{self.city}.population"
        return self._figure("people", _UNNAMED, Fraction(self.people), f"population {self.people:,}", (path,))

    def _households(self) -> Figure:
        households = self.estate.records.cities[self.city].households
        path = f"cities.{self.city}.households"
        return self._figure("households", _UNNAMED, Fraction(households), f"households {households:,}", (path,))

    def _times(self, key: str, name: str, name_ja: str, base: Figure, rate: str) -> Figure:
        value = self._rate(rate)
        formula = f"{base.formula} × {float(value):g}"
        return self._figure(key, (name, name_ja), base.value * value, formula, (*base.inputs, f"load.{rate}"))

    def _over(self, key: str, name: str, name_ja: str, base: Figure, rate: str) -> Figure:
        value = self._rate(rate)
        formula = f"{base.formula} ÷ {float(value):g}"
        return self._figure(key, (name, name_ja), base.value / value, formula, (*base.inputs, f"load.{rate}"))

    def _rate(self, rate: str) -> Fraction:
        name, _, month = rate.partition(".")
        value = getattr(self.load, name)
        return _exact(value[month] if month else value)

    def _figure(
        self, key: str, names: tuple[str, str], value: Fraction, formula: str, inputs: tuple[str, ...]
    ) -> Figure:
        return Figure(self.city, key, *names, value, formula, inputs)


def _when(month: int | None) -> tuple[str, str]:
    """Return the month of a run in both languages."""
    return ("on call", "随時") if month is None else (f"in {MONTHS[month - 1].title()}", f"{month}月")


def _exact(value: float) -> Fraction:
    """Return a rate as it was written, not as a computer holds it."""
    return Fraction(str(value))
