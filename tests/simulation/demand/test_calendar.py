"""The calendar: holidays, closed days, seasons; factors have the mean 1 and the peak that the estate states."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from inventory.load import load_estate
from inventory.models.demand import EveryYear
from inventory.models.estate import Estate
from simulation.demand.calendar import Calendar, days_of, fiscal_year, parse_day, within
from simulation.errors import DayUnusable, EstateLacks


@pytest.fixture(scope="module")
def calendar(deck: Estate) -> Calendar:
    """The deck's calendar."""
    return Calendar(deck)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2018-04-02", True),  # Monday
        ("2018-04-01", False),  # Sunday
        ("2018-04-30", False),  # the holiday of Sunday 29th, moved
        ("2018-09-25", True),
        ("2018-12-28", True),
        ("2018-12-29", False),  # turn of the year, by bylaw
        ("2019-01-03", False),
        ("2019-01-04", True),
        ("2019-04-30", False),  # made a holiday for the accession
        ("2020-07-24", False),  # moved for the games
    ],
)
def test_halls_are_open_as_the_law_has_it(calendar: Calendar, day: str, *, is_open: bool) -> None:
    """Weekends, holidays (moved and single ones too) and the turn of the year are closed."""
    assert calendar.is_open(parse_day(day)) is is_open


def test_factors_have_the_mean_one_over_the_business_days(calendar: Calendar) -> None:
    """For every application, whatever its seasons."""
    days = [day for day in days_of(2018) if calendar.is_open(day)]
    for application in calendar.demand.applications:
        assert math.fsum(calendar.factor(application, day) for day in days) / len(days) == pytest.approx(1)


def test_busiest_day_of_counters_has_the_peak_factor(calendar: Calendar) -> None:
    """Exactly one day, and none above it, unless an election does more."""
    factors = [calendar.factor("resident-register", day) for day in days_of(2018)]
    assert max(factors) == calendar.load.peak_day_factor
    assert factors.count(max(factors)) == 1
    offices = [calendar.factor("groupware", day) for day in days_of(2018) if calendar.is_open(day)]
    assert max(offices) == pytest.approx(min(offices))


def test_monday_and_the_day_after_holidays_bear_alike(calendar: Calendar) -> None:
    """The day after closed days is asked `monday_factor` times as much, a Tuesday after a holiday too."""
    monday, tuesday = (calendar.factor("health", parse_day(day)) for day in ("2018-05-14", "2018-05-15"))
    assert monday / tuesday == pytest.approx(calendar.load.monday_factor)
    assert calendar.factor("health", parse_day("2018-05-01")) == pytest.approx(monday)


def test_closed_days_ask_their_part_and_an_election_opens(calendar: Calendar) -> None:
    """Early voting goes on at weekends; other applications rest."""
    saturday = parse_day("2019-03-30")
    assert calendar.factor("taxes", saturday) == calendar.demand.closed_day
    assert calendar.factor("resident-information", saturday) > 1


def test_month_end_is_the_last_business_days(calendar: Calendar) -> None:
    """June 2018 ends on a Saturday: Thursday and Friday are its last two business days."""
    season = calendar.demand.seasons["month-end"]
    found = [day.day for day in days_of(2018) if day.month == 6 and calendar.holds(season, day)]
    assert found == [28, 29]


def test_hours_add_to_one_with_the_busiest_as_stated(deck: Estate) -> None:
    """Also where the statement is replaced."""
    for share in ("0.15", "0.3"):
        calendar = Calendar(load_estate("fuji-fujinomiya", {"load.busiest_hour": share}))
        for profile in calendar.demand.profiles:
            hours = calendar.shares(profile)
            assert math.fsum(hours) == pytest.approx(1)
            assert max(hours[0:8] + hours[8:]) >= float(share) - 1e-12
    assert deck.records.load is not None


def test_days_of_every_year_may_go_over_its_turn() -> None:
    """29 December to 3 January, and 3 to 5 May."""
    turn = EveryYear(first="12-29", last="01-03")
    assert within(turn, dt.date(2018, 12, 30))
    assert within(turn, dt.date(2019, 1, 3))
    assert not within(turn, dt.date(2019, 1, 4))
    assert not within(EveryYear(first="05-03", last="05-05"), dt.date(2019, 5, 6))


def test_fiscal_year_begins_in_april() -> None:
    """And has as many days as lie between."""
    days = list(days_of(2019))
    assert (days[0], days[-1], len(days)) == (dt.date(2019, 4, 1), dt.date(2020, 3, 31), 366)
    assert fiscal_year(dt.date(2020, 3, 31)) == 2019


@pytest.mark.parametrize("text", ["2018-02-30", "yesterday", "1999-03-31", "2150-01-01", "2018-4-2"])
def test_day_that_is_none_is_refused(text: str) -> None:
    """No such day, no day at all, outside the years whose holidays are known."""
    with pytest.raises(DayUnusable, match="expected a day"):
        parse_day(text)


def test_estate_without_demand_is_told_what_is_missing(deck: Estate) -> None:
    """The message names the section."""
    records = deck.records.model_copy(update={"demand": None})
    import dataclasses

    with pytest.raises(EstateLacks, match="section `demand`"):
        Calendar(dataclasses.replace(deck, records=records))
