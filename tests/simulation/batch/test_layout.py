"""The estate's nights: which jobs run, what they cross, and a whole night run through."""

from __future__ import annotations

import datetime as dt

import pytest
import simpy

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.batch.layout import NightLayout, night_of
from simulation.batch.night import JobRecord, Night
from simulation.batch.restarts import smooth
from simulation.errors import MechanismInvalid
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor
from simulation.sharing.transfers import Transfers

ORDINARY = dt.date(2026, 7, 22)
HOUR = 3600


def run(layout: NightLayout) -> dict[str, JobRecord]:
    """Run a night from noon to noon."""
    env = simpy.Environment()
    made = Night(env, layout.net, smooth(layout.net), Transfers(env, layout.links))
    env.run(until=24 * HOUR)
    return {record.name: record for record in made.records()}


def test_jobs_run_on_their_dates(deck: Estate) -> None:
    """Nightly ones always, monthly and yearly ones on their day; copies to another site are there, others left out."""
    records = deck.records
    nightly = {id_ for id_, job in records.jobs.items() if job.calendar == "nightly"}
    remote = {id_ for id_, backup in records.backups.items() if records.devices[backup.of].site != backup.kept_at}
    ordinary = night_of(deck, ORDINARY)
    assert set(ordinary.net.number) == nightly | remote
    assert set(ordinary.left_out) == set(records.backups) - remote
    for id_, job in records.jobs.items():
        if job.day is not None:
            on_its_day = night_of(deck, dt.date(2026, job.month or 7, job.day))
            assert id_ in on_its_day.net.number
            assert id_ not in ordinary.net.number


def test_ordinary_night_keeps_every_deadline(deck: Estate) -> None:
    """With one place on each server every job ends in time, none before its work and its bytes allow."""
    layout = night_of(deck, ORDINARY)
    records = run(layout)
    assert {record.state for record in records.values()} == {"ended"}
    assert min(record.slack_s for record in records.values()) > 0
    for job in layout.net.jobs:
        least_s = max(job.takes_s, job.moves_bytes * 8 / 1e9)
        assert records[job.name].end_s - records[job.name].begin_s >= least_s


def test_routes_and_factors_are_those_of_the_circuits(deck: Estate) -> None:
    """Fuji takes one of two circuits for each flow; Fujinomiya the main, or the tunnel over FLETS when it is cut."""
    ordinary = {job.name: job for job in night_of(deck, ORDINARY).net.jobs if job.moves_bytes}
    fuji = {job.route for name, job in ordinary.items() if name.startswith("fuji-")}
    assert fuji <= {("fuji-wan-1",), ("fuji-wan-2",)}
    assert ordinary["fujinomiya-emergency-copy"].route == ("fujinomiya-main",)
    assert ordinary["fujinomiya-emergency-copy"].goodput_factor == goodput_factor()
    degraded = {job.name: job for job in night_of(deck, ORDINARY, down=["fujinomiya-main", "fuji-wan-1"]).net.jobs}
    profile = next(iter(deck.records.encryption.tunnel_profiles.values()))
    copy = degraded["fujinomiya-emergency-copy"]
    assert set(copy.route) == {"dc-regional-access", "fujinomiya-flets"}
    assert copy.goodput_factor == tunnel_goodput_factor(
        1454, udp_encapsulation=profile.udp_encapsulation, pppoe=True, largest_packet=profile.largest_packet
    )
    assert {job.route for name, job in degraded.items() if name.startswith("fuji-") and job.moves_bytes} == {
        ("fuji-wan-2",)
    }


def test_cut_circuits_make_copies_late_or_impossible(deck: Estate) -> None:
    """Over the backup alone Fujinomiya's copies take longer; with no line left they never end, and the run does."""
    down = ["fujinomiya-main"]
    remote = next(id_ for id_, backup in deck.records.backups.items() if backup.kept_at == "fujinomiya-hall")
    usual, degraded = run(night_of(deck, ORDINARY)), run(night_of(deck, ORDINARY, down=down))
    assert degraded[remote].end_s > usual[remote].end_s
    cut_off = run(night_of(deck, ORDINARY, down=[*down, "fujinomiya-flets"]))
    assert (cut_off[remote].state, cut_off[remote].end_s) == ("running", None)


def test_same_night_twice_is_the_same(deck: Estate) -> None:
    """Nothing in it hangs on chance or on the order of a set."""
    assert run(night_of(deck, ORDINARY)) == run(night_of(deck, ORDINARY))


def test_other_estates_have_their_own_nights(small: Estate) -> None:
    """The small estate's jobs all end, and an estate that lists none (three villages) has an empty night."""
    assert {record.state for record in run(night_of(small, ORDINARY)).values()} == {"ended"}
    assert run(night_of(load_estate("tri-villages"), ORDINARY)) == {}


def test_bad_what_ifs_are_refused_all_at_once(deck: Estate) -> None:
    """Places on a device that runs nothing, and circuits that are none."""
    with pytest.raises(MechanismInvalid) as told:
        night_of(deck, ORDINARY, places={"dc-rt-1": 3}, down=["nowhere"])
    assert told.value.problems[0].startswith("`dc-rt-1` runs no job that night, expected one of: dc-fuji-ap")
    assert told.value.problems[1] == "`nowhere` is no circuit of the estate"
    with pytest.raises(MechanismInvalid, match="server `dc-fuji-ap` has 0 places, expected at least 1"):
        night_of(deck, ORDINARY, places=0)
