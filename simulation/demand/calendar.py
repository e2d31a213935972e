"""The calendar of the load: which days are open, which seasons hold, how many times a mean business day is asked.

The factor of a day for an application is a product: its seasons, the month's moves, and on counter applications the
first day after closed days. Over the business days of a fiscal year (April to March) factors have the mean 1, and the
busiest day of a counter application has at least the peak factor of the estate. Holidays are those of the law, by
jpholiday (内閣府「国民の祝日」), moved ones too.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterator

from inventory.models.demand import Application, EveryYear, Season
from inventory.models.estate import Estate
from simulation.errors import DayUnusable, EstateLacks
from topology.business_days import business_days
from topology.load import MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2050
_DAY = dt.timedelta(days=1)


class Calendar:
    """The days of an estate; raises EstateLacks where it states no demand."""

    def __init__(self, estate: Estate) -> None:
        """Keep what the estate states."""
        if estate.records.demand is None or estate.records.load is None:
            missing = "load" if estate.records.load is None else "demand"
            raise EstateLacks(
                f"the estate `{estate.name}` does not say what is asked of it on a day: "
                f"expected a section `{missing}` (docs/guides/simulation.md)"
            )
        self.demand = estate.records.demand
        self.load = estate.records.load
        self._offices = business_days(estate.records)
        self._scales: dict[tuple[str, int], tuple[float, dt.date | None]] = {}
        self._held: dict[tuple[str, dt.date], bool] = {}

    def is_open(self, day: dt.date) -> bool:
        """Tell whether the halls are open: no weekend, no holiday, no closed day of the estate."""
        return self._offices.is_open(day)

    def holds(self, season: Season, day: dt.date) -> bool:
        """Tell whether a season holds on a day."""
        if season.every_year:
            return within(season.every_year, day)
        if season.days:
            return season.days.first <= day <= season.days.last
        last = calendar.monthrange(day.year, day.month)[1]
        later = sum(self.is_open(day.replace(day=number)) for number in range(day.day + 1, last + 1))
        return self.is_open(day) and later < (season.last_business_days or 0)

    @property
    def factors_hang_on(self) -> tuple[object, ...]:
        """All values of the estate that the factors of days hang on."""
        demand, load = self.demand, self.load
        bearing = {id_: (one.seasons, one.moves, one.counter) for id_, one in demand.applications.items()}
        rates = load.peak_day_factor, load.monday_factor, load.move_months
        return self._offices.closed, demand.closed_day, demand.seasons, bearing, rates

    def factor(self, application: str, day: dt.date) -> float:
        """Return how many times its mean business day is asked of an application on a day."""
        record = self.demand.applications[application]
        if not self._is_asked(record, day):
            return self.demand.closed_day
        scale, peak = self._scale(application, fiscal_year(day))
        return self.load.peak_day_factor if day == peak else scale * self._raw(record, day)

    def shares(self, profile: str) -> tuple[float, ...]:
        """Return the share of a day's requests in each of its 24 hours, the busiest as `load` states it."""
        parts = self.demand.profiles[profile]
        hours = [parts.get(f"{hour:02}:00", 0.0) for hour in range(24)]  # type: ignore[call-overload]
        busiest = hours.index(max(hours))
        scale = (1 - self.load.busiest_hour) / (math.fsum(hours) - hours[busiest])
        return tuple(self.load.busiest_hour if n == busiest else part * scale for n, part in enumerate(hours))

    def _is_asked(self, application: Application, day: dt.date) -> bool:
        seasons = self.demand.seasons
        return self.is_open(day) or any(seasons[name].opens and self._holds(name, day) for name in application.seasons)

    def _holds(self, name: str, day: dt.date) -> bool:
        """Tell whether the season of a name holds on a day; many applications have the same."""
        known = self._held.get((name, day))
        if known is None:
            known = self._held[name, day] = self.holds(self.demand.seasons[name], day)
        return known

    def _raw(self, application: Application, day: dt.date) -> float:
        """Return the product of all that bears on a day, before it is scaled to a mean of 1."""
        seasons = self.demand.seasons
        product = math.prod(seasons[name].factor for name in application.seasons if self._holds(name, day))
        product *= 1 - application.moves + application.moves * self._moves(day.month)
        if application.counter and self.is_open(day) and not self.is_open(day - _DAY):
            product *= self.load.monday_factor
        return product

    def _moves(self, month: int) -> float:
        """Return how many times a twelfth of the year's moves a month has; months not stated share the rest."""
        stated = self.load.move_months
        name = MONTHS[month - 1]
        rest = (1 - sum(stated.values())) / max(1, 12 - len(stated))
        return 12 * stated.get(name, rest)

    def _scale(self, application: str, year: int) -> tuple[float, dt.date | None]:
        """Return what raw factors of a fiscal year are multiplied by, and the peak day where it has its own factor."""
        found = self._scales.get((application, year))
        if found is None:
            record = self.demand.applications[application]
            raw = {day: self._raw(record, day) for day in days_of(year) if self.is_open(day)}
            found = self._scales[application, year] = self._peaked(raw) if record.counter else _flat(raw)
        return found

    def _peaked(self, raw: dict[dt.date, float]) -> tuple[float, dt.date | None]:
        """Return the scale that leaves the mean at 1 with the busiest day at the estate's peak factor."""
        busiest = max(raw, key=lambda day: (raw[day], -day.toordinal()))
        others = math.fsum(raw.values()) - raw[busiest]
        scale = (len(raw) - self.load.peak_day_factor) / others
        return (scale, busiest) if scale * raw[busiest] <= self.load.peak_day_factor else _flat(raw)


def _flat(raw: dict[dt.date, float]) -> tuple[float, None]:
    return len(raw) / math.fsum(raw.values()), None


def within(span: EveryYear, day: dt.date) -> bool:
    """Tell whether a day lies in days of every year, also where these go over the turn of the year."""
    here = f"{day.month:02}-{day.day:02}"
    if span.first <= span.last:
        return span.first <= here <= span.last
    return here >= span.first or here <= span.last


def fiscal_year(day: dt.date) -> int:
    """Return the fiscal year of a day: it begins in April."""
    return day.year if day.month >= 4 else day.year - 1


def days_of(year: int) -> Iterator[dt.date]:
    """Yield the days of a fiscal year; raises DayUnusable for a year that the holidays are not known of."""
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise DayUnusable(f"the fiscal year {year} is out of range, expected {FIRST_YEAR} to {LAST_YEAR - 1}")
    day = dt.date(year, 4, 1)
    while fiscal_year(day) == year:
        yield day
        day += _DAY


def parse_day(text: str) -> dt.date:
    """Return a day written `2018-04-02`; raises DayUnusable where it is none, or of no fiscal year that is known."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise DayUnusable(f"`{text}` is no day of the calendar, expected a day such as 2018-04-02") from error
    if not FIRST_YEAR <= fiscal_year(day) < LAST_YEAR:
        raise DayUnusable(f"{day} is out of range, expected a day of the fiscal years {FIRST_YEAR} to {LAST_YEAR - 1}")
    return day
