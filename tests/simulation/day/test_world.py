"""A day in SimPy: few events, failures at their minute, jobs and transfers beside, the same seed the same day."""

from __future__ import annotations

import datetime as dt
import gc
import weakref
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.day.ensemble import play, play_days, whole, world_of
from simulation.day.scenario import DayFault, DayScenario, load_day_scenario
from simulation.day.summary import Summary
from simulation.day.world import Day, DayRecord, triangular
from simulation.errors import ScenarioInvalid, ScenarioNotFound

DAY = dt.date(2018, 4, 2)
HEAVIEST = dt.date(2018, 4, 5)


def _day(estate: Estate, replication: int = -1, day: dt.date = DAY, scenario: DayScenario | None = None) -> DayRecord:
    return play(world_of(estate), (day, replication), 1, scenario)


def test_a_day_takes_fewer_than_a_thousand_events(deck: Estate) -> None:
    """Also the night of the heaviest forms, with two failures."""
    scenario = load_day_scenario("fujinomiya-main-cut-at-ten", deck)
    assert _day(deck).events < 1000
    assert _day(deck, 3, HEAVIEST, scenario).events < 1000


def test_expected_day_asks_what_the_calendar_says(deck: Estate) -> None:
    """Sums over the hours are the expected numbers of every stream."""
    record = _day(deck)
    expected, _ = world_of(deck).plant.arrivals.expected(DAY)
    assert np.allclose(record.totals.asked, expected)
    assert record.totals.lost.sum() == 0


def test_best_effort_lines_give_a_rate_of_their_own_each_hour(deck: Estate) -> None:
    """Between least and most, different from hour to hour; other circuits give what they should."""
    plant = world_of(deck).plant
    room = _day(deck, 0).totals.room / 3600
    flets = room[plant.line("fujinomiya-flets", "a")]
    assert flets.min() >= 100e6
    assert flets.max() <= 700e6
    assert len(set(flets)) == 24
    assert set(room[plant.line("fujinomiya-main", "a")].round(3)) == {1e9}


def test_triangular_rates_have_their_mean() -> None:
    """By inversion: the ends, the mode, and the mean (least + likely + most) / 3."""
    numbers = (np.arange(20000) + 0.5) / 20000
    found = [triangular(number, 100.0, 300.0, 700.0) for number in numbers]
    assert np.mean(found) == pytest.approx(1100 / 3, rel=1e-4)
    assert triangular(0.0, 100.0, 300.0, 700.0) == 100.0
    assert triangular(0.5, 300.0, 300.0, 300.0) == 300.0


def test_flows_spread_over_parallel_circuits_by_number(deck: Estate) -> None:
    """Fuji's two circuits carry about half each, never exactly; without draws exactly half."""
    plant = world_of(deck).plant
    lines = [plant.line(f"fuji-wan-{n}", "z") for n in (1, 2)]
    first, second = (_day(deck, 0).totals.bits[line].sum() for line in lines)
    assert first != second
    assert first / (first + second) == pytest.approx(0.5, abs=0.1)
    first, second = (_day(deck, -1).totals.bits[line].sum() for line in lines)
    assert first == pytest.approx(second)


def test_cut_moves_traffic_at_its_minute(deck: Estate) -> None:
    """From ten to two the backup carries what the main circuit carried, at a worse goodput; nothing is lost."""
    plant = world_of(deck).plant
    scenario = load_day_scenario("fujinomiya-main-cut-at-ten", deck)
    plain, cut = _day(deck).totals, _day(deck, scenario=scenario).totals
    main, backup = plant.line("fujinomiya-main", "a"), plant.line("fujinomiya-flets", "a")
    assert cut.lost.sum() == 0
    assert cut.bits[main, 10:14].sum() == 0
    assert cut.bits[main, 9] == pytest.approx(plain.bits[main, 9])
    assert cut.bits[backup, 10:14].sum() > plain.bits[main, 10:14].sum()
    assert cut.bits[backup, :10].sum() == cut.bits[backup, 14:].sum() == 0


def test_only_circuit_cut_loses_its_hours_exactly() -> None:
    """Aowatari from nine to noon: three hours of its requests, and no others'."""
    estate = load_estate("tri-villages")
    plant = world_of(estate).plant
    record = _day(estate, scenario=load_day_scenario("aowatari-cut-at-nine", estate))
    for number, stream in enumerate(plant.streams):
        lost = record.totals.lost[number]
        expected = record.totals.asked[number, 9:12].sum() if stream.city == "aowatari" else 0
        assert lost.sum() == pytest.approx(expected)


def test_half_an_hour_of_failure_is_half_of_its_hour(deck: Estate, tmp_path: Path) -> None:
    """A database pair's host at 10:30: the requests of thirty minutes are lost where nothing stands in."""
    path = tmp_path / "site.yaml"
    path.write_text(
        'title: t\ntitle_ja: t\nfaults:\n  - {at: "10:30", entry: devices.dc-fuji-db, repair_after: 30 min}\n',
        encoding="utf-8",
    )
    record = _day(deck, scenario=load_day_scenario(str(path), deck))
    plant = world_of(deck).plant
    for number, stream in enumerate(plant.streams):
        if stream.city == "fuji" and stream.application == "resident-register":
            assert record.totals.lost[number, 10] == pytest.approx(record.totals.asked[number, 10] / 2)


def test_jobs_and_copies_of_both_nights_run_beside(deck: Estate) -> None:
    """The night's bytes cross the circuits from the data centre, and a job keeps a core of its server busy."""
    plant = world_of(deck).plant
    totals = _day(deck).totals
    number = next(n for n, one in enumerate(plant.machines) if one.id == "dc-fuji-db")
    assert totals.busy[number, 19:24].sum() > 0
    assert totals.busy[number, 0:5].sum() >= 0
    assert totals.bulk.sum() / 8 > 8e9
    assert totals.bulk[[plant.line(one, "z") for one in ("fuji-wan-1", "fuji-wan-2")]].sum() == 0


def test_bulk_goes_another_way_while_its_circuit_is_down(deck: Estate, tmp_path: Path) -> None:
    """Fujinomiya's remote copy at 02:30 crosses the access lines while the main circuit is cut all night."""
    path = tmp_path / "night.yaml"
    path.write_text(
        'title: t\ntitle_ja: t\nfaults:\n  - {at: "00:10", entry: circuits.fujinomiya-main, repair_after: 6 h}\n',
        encoding="utf-8",
    )
    plant = world_of(deck).plant
    totals = _day(deck, scenario=load_day_scenario(str(path), deck)).totals
    backup = plant.line("fujinomiya-flets", "a")
    assert totals.bulk[backup, 2:5].sum() / 8 > 2e9
    assert (totals.bits[backup] <= totals.room[backup] * (1 + 1e-9)).all()


def test_records_are_the_same_on_any_number_of_workers(deck: Estate) -> None:
    """Without an executor, and with 1, 2 and 4 processes."""
    tasks = [(DAY, number) for number in range(3)] + [(HEAVIEST, 0)]
    plain = list(play_days(deck, tasks, 5, keep=whole))
    for workers in (1, 2, 4):
        with ProcessPoolExecutor(workers) as executor:
            found = list(play_days(deck, tasks, 5, keep=whole, executor=executor))
        for one, other in zip(plain, found, strict=True):
            assert (one.day, one.replication, one.events) == (other.day, other.replication, other.events)
            assert all(np.array_equal(a, b) for a, b in zip(one.totals, other.totals, strict=True))


def test_nothing_is_left_of_a_day_but_its_record(deck: Estate) -> None:
    """Its tables go with the record at once, also while the collector does not run: many days take what one takes."""
    gc.disable()
    try:
        record = _day(deck)
        table = weakref.ref(record.totals.response)
        del record
        assert table() is None
    finally:
        gc.enable()


def test_summary_counts_what_the_totals_hold(deck: Estate) -> None:
    """Cities add to all users' requests; a circuit's use is bits over room."""
    record = _day(deck)
    summary = Summary(world_of(deck).plant, record.totals)
    details = summary.details()
    asked = sum(hour["asked"] for city in details["cities"].values() for hour in city["hours"])
    assert asked == pytest.approx(record.totals.asked[summary.streams()].sum(), rel=1e-6)
    assert len(details["stations"]) == len(summary.plant.machines)
    assert {one["design"] for one in details["stations"]} == {True, False}
    assert all(0 <= one["utilisation"] <= 1 for one in details["circuits"])


@pytest.mark.parametrize(
    ("faults", "found"),
    [
        ('[{at: "10:00", entry: circuits.fuji-wan-3}]', "no entry `circuits.fuji-wan-3`"),
        ('[{at: "25:00", entry: circuits.fuji-wan-1}]', "is not a time of day"),
        ('[{at: "10:00", entry: circuits.fuji-wan-1, repair_after: 0 s}]', "repaired as it fails"),
        ('[{at: "10:00", entry: sites.dc}, {at: "09:00", entry: sites.dc, repair_after: 2 h}]', "while it is down"),
        ("[]", "faults"),
        ('[{at: "10:00"}]', "entry"),
    ],
)
def test_bad_scenario_is_told_at_its_line(deck: Estate, tmp_path: Path, faults: str, found: str) -> None:
    """Unknown entries, times that are none, windows of no length, failing while down, nothing at all."""
    path = tmp_path / "bad.yaml"
    path.write_text(f"title: t\ntitle_ja: t\nfaults: {faults}\n", encoding="utf-8")
    with pytest.raises(ScenarioInvalid, match=found) as error:
        load_day_scenario(str(path), deck)
    assert all(problem.file == "bad.yaml" for problem in error.value.problems)


def test_scenario_that_is_nowhere_names_the_nearest(deck: Estate) -> None:
    """And a file that is no YAML is refused."""
    with pytest.raises(ScenarioNotFound, match="did you mean `fuji-one-cut-at-ten`"):
        load_day_scenario("fuji-one-cut-at-nine", deck)


def _cut_off(deck: Estate, lasts_s: float) -> DayRecord:
    """Play a day on which all of Fujinomiya's circuits go 5 s after its remote copy of 02:30 has begun."""
    faults = tuple(
        DayFault.model_validate({"at": "02:30", "entry": f"circuits.{one}"}).model_copy(
            update={"at_s": 2.5 * 3600 + 5, "repair_after_s": lasts_s}
        )
        for one in ("fujinomiya-main", "fujinomiya-flets")
    )
    return _day(deck, scenario=DayScenario(name="cut-off", title="t", title_ja="t", faults=faults))


def test_copy_without_a_path_goes_on_or_is_sent_again(deck: Estate) -> None:
    """Away for 5 min it stalls and its rest follows: as many bytes as ever. Away for an hour all is sent again."""
    main = world_of(deck).plant.line("fujinomiya-main", "a")
    usual, stalled, broken = (
        record.totals.bulk[main].sum() / 8 for record in (_day(deck), _cut_off(deck, 300.0), _cut_off(deck, 3600.0))
    )
    assert stalled == pytest.approx(usual, rel=1e-6)
    assert usual + 1e8 < broken < usual + 2e9


def test_full_circuit_is_not_away(deck: Estate) -> None:
    """Where interactive traffic takes all of a circuit, transfers creep, and no connection breaks."""
    day = Day(world_of(deck), DAY, *world_of(deck).plant.arrivals.expected(DAY), seed=1, replication=-1)
    day.now.capacities[:] = 0.0
    day._leave_to_bulk()
    assert day.bulk.passes(tuple(day.bulk.transfers.links.names[:-1]))
