"""The estate's nights: which jobs run, what they cross, and a whole night run through."""

from __future__ import annotations

import datetime as dt

import pytest
import simpy

from inventory.load import load_estate
from inventory.models.estate import Estate
from inventory.volume import forms_of
from simulation.batch.layout import NightLayout, night_of
from simulation.batch.lines import LineChange
from simulation.batch.night import JobRecord, Night
from simulation.batch.restarts import smooth
from simulation.errors import EstateLacks, MechanismInvalid
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor
from simulation.sharing.transfers import Transfers

ORDINARY = dt.date(2026, 7, 22)
BILLS = dt.date(2026, 4, 6)
HOUR = 3600


def run(layout: NightLayout) -> dict[str, JobRecord]:
    """Run a night from noon to noon."""
    env = simpy.Environment()
    made = Night(env, layout.net, smooth(layout.net), Transfers(env, layout.lines.links), plan=layout.lines)
    env.run(until=24 * HOUR)
    return {record.name: record for record in made.records()}


def down(*circuits: str) -> list[LineChange]:
    """Return circuits that are down all night."""
    return [LineChange(0.0, circuit, 0.0) for circuit in circuits]


def test_ordinary_night_holds_nightly_jobs_and_backups_alone(deck: Estate) -> None:
    """Nightly jobs of both kinds of evening, and the backups that are made every night."""
    records = deck.records
    nightly = {id_ for id_, job in records.jobs.items() if job.calendar == "nightly"}
    every = {id_ for id_, backup in records.backups.items() if backup.weekday is None}
    layout = night_of(deck, ORDINARY)
    assert set(layout.net.number) == nightly | every
    assert layout.backups == every
    assert layout.opens
    assert not night_of(deck, dt.date(2026, 7, 24)).opens


def test_ordinary_night_keeps_every_deadline(deck: Estate) -> None:
    """Every job ends in time, none before its work and its bytes allow."""
    layout = night_of(deck, ORDINARY)
    records = run(layout)
    assert {record.state for record in records.values()} == {"ended"}
    assert min(record.slack_s for record in records.values()) > 0
    for job in layout.net.jobs:
        slowest = min(
            [1e12, *(layout.lines.links.capacities_bps[layout.lines.links.number(link)] for link in job.route)]
        )
        least_s = max(job.takes_s, job.moves_bytes * 8 / slowest)
        assert records[job.name].end_s - records[job.name].begin_s >= least_s * (1 - 1e-9)


def test_ways_and_capacities_are_those_of_the_circuits(deck: Estate) -> None:
    """Fuji takes one of two circuits, then the campus link; Fujinomiya the main, or FLETS when it is cut."""
    layout = night_of(deck, ORDINARY)
    jobs = {job.name: job for job in layout.net.jobs}
    assert jobs["fuji-emergency-copy"].route[0] == "disk of dc-fuji-db"
    assert jobs["fuji-emergency-copy"].route[1] in {"fuji-wan-1", "fuji-wan-2"}
    assert jobs["fuji-emergency-copy"].route[2] == "fuji-campus"
    assert jobs["fujinomiya-emergency-copy"].route[1:] == ("fujinomiya-main",)
    assert set(jobs["fujinomiya-remote"].route) > {"store at fujinomiya-hall", "fujinomiya-main"}
    assert jobs["fuji-incremental"].route == ("disk of dc-fuji-db", "store at dc")
    capacity = dict(zip(layout.lines.links.names, layout.lines.links.capacities_bps, strict=True))
    assert capacity["fujinomiya-main"] == 1e9 * goodput_factor()
    profile = next(iter(deck.records.encryption.tunnel_profiles.values()))
    assert capacity["fujinomiya-flets"] == 3e8 * tunnel_goodput_factor(
        1454, udp_encapsulation=profile.udp_encapsulation, pppoe=True, largest_packet=profile.largest_packet
    )
    degraded = {
        job.name: job for job in night_of(deck, ORDINARY, changes=down("fujinomiya-main", "fuji-wan-1")).net.jobs
    }
    assert degraded["fujinomiya-emergency-copy"].route[1:] == ("dc-regional-access", "fujinomiya-flets")
    assert degraded["fuji-emergency-copy"].route[1] == "fuji-wan-2"


def test_print_data_are_the_forms_and_go_to_the_printing_site(deck: Estate) -> None:
    """Bytes are forms times their size, over the line that both cities share."""
    jobs = {job.name: job for job in night_of(deck, BILLS).net.jobs}
    run_ = deck.records.form_runs["fixed-asset-tax-bills"]
    for city in ("fuji", "fujinomiya"):
        sent = jobs[f"{city}-asset-tax-print"]
        assert sent.route[-1] == "printing line"
        assert sent.moves_bytes == forms_of(deck.records, run_, city) * 100e3
    assert forms_of(deck.records, run_, "fuji") == 96598  # 0.38 of 254,203 people, rounded up


def test_day_load_and_forms_make_jobs_longer(deck: Estate) -> None:
    """A Monday's close lasts 1.3 times as long, its emergency copy as ever; an assessment grows with its forms."""
    plain = {job.name: job for job in night_of(deck, ORDINARY).net.jobs}
    monday = {job.name: job for job in night_of(deck, BILLS).net.jobs}
    assert monday["fuji-day-close"].takes_s == pytest.approx(plain["fuji-day-close"].takes_s * 1.3)
    assert monday["fuji-emergency-copy"].takes_s == plain["fuji-emergency-copy"].takes_s
    assert monday["fuji-asset-tax-assessment"].takes_s == pytest.approx(1200 + 96598 * 0.06)
    doubled = load_estate("fuji-fujinomiya", {"cities.fuji.population": "508406"})
    more = {job.name: job for job in night_of(doubled, BILLS).net.jobs}
    assert more["fuji-asset-tax-assessment"].takes_s == pytest.approx(1200 + 193195 * 0.06)


def test_cut_circuits_make_copies_late_or_impossible(deck: Estate) -> None:
    """Over the backup alone Fujinomiya's copies take longer; with no line left they never end, and the run does."""
    remote = next(id_ for id_, backup in deck.records.backups.items() if backup.kept_at == "fujinomiya-hall")
    usual, degraded = (run(night_of(deck, ORDINARY, changes=changes)) for changes in ((), down("fujinomiya-main")))
    assert degraded[remote].end_s > usual[remote].end_s
    cut_off = run(night_of(deck, ORDINARY, changes=down("fujinomiya-main", "fujinomiya-flets")))
    assert (cut_off[remote].state, cut_off[remote].end_s) == ("running", None)


def test_transfer_goes_on_over_the_backup_and_returns(deck: Estate) -> None:
    """A copy of which the circuit is cut half-way ends over the backup, later than undisturbed, before the repair."""
    usual = run(night_of(deck, ORDINARY))["fujinomiya-remote"]
    at_s = (usual.begin_s + usual.end_s) / 2
    changes = [LineChange(at_s, "fujinomiya-main", 0.0), LineChange(at_s + HOUR, "fujinomiya-main", None)]
    layout = night_of(deck, ORDINARY, changes=changes)
    moved = run(layout)["fujinomiya-remote"]
    assert usual.end_s < moved.end_s < at_s + HOUR
    assert layout.lines.capacities_bps[0] == layout.lines.capacities_bps[2]


def test_same_night_twice_is_the_same(deck: Estate) -> None:
    """Nothing in it hangs on chance or on the order of a set."""
    assert run(night_of(deck, ORDINARY)) == run(night_of(deck, ORDINARY))


def test_other_estates_have_their_own_nights(small: Estate) -> None:
    """The jobs of the small estate and of the three villages all end, on a night of bills as well."""
    for estate in (small, load_estate("tri-villages")):
        for date in (ORDINARY, dt.date(2026, 6, 4)):
            assert {record.state for record in run(night_of(estate, date)).values()} == {"ended"}


def test_places_may_be_replaced(deck: Estate) -> None:
    """With one place on the database server, welfare waits until the assessment has ended."""
    one = run(night_of(deck, BILLS, places={"dc-fuji-db": 1}))
    two = run(night_of(deck, BILLS))
    assert one["fuji-welfare-update"].begin_s >= one["fuji-asset-tax-assessment"].end_s
    assert two["fuji-welfare-update"].begin_s < two["fuji-asset-tax-assessment"].end_s


def test_estate_that_describes_no_nights_is_told(deck: Estate) -> None:
    """Without the section, or without jobs, the message names what to write."""
    import dataclasses

    for gone, section in (({"batch": None}, "batch"), ({"jobs": {}}, "jobs")):
        bare = dataclasses.replace(deck, records=deck.records.model_copy(update=gone))
        with pytest.raises(EstateLacks, match=f"expected a section `{section}`"):
            night_of(bare, ORDINARY)


def test_bad_what_ifs_are_refused_all_at_once(deck: Estate) -> None:
    """Places on a device that runs nothing, jobs and circuits that are none, rates and places that mean nothing."""
    with pytest.raises(MechanismInvalid) as told:
        night_of(deck, ORDINARY, places={"dc-rt-1": 3}, extra=["fuji-care-bill"])
    assert told.value.problems == (
        "`fuji-care-bill` is no job, expected `fuji-care-bills`",
        "`dc-rt-1` is no server of jobs, expected one of: dc-fuji-ap, dc-fuji-db, dc-fujinomiya-ap, dc-fujinomiya-db",
    )
    with pytest.raises(MechanismInvalid, match=r"`nowhere` is no circuit of the estate"):
        night_of(deck, ORDINARY, changes=down("nowhere"))
    with pytest.raises(MechanismInvalid, match=r"circuit `fuji-wan-1`: a rate of -1\.0 bit/s"):
        night_of(deck, ORDINARY, changes=[LineChange(0.0, "fuji-wan-1", -1.0)])
    with pytest.raises(MechanismInvalid, match="server `dc-fuji-ap` has 0 places, expected at least 1"):
        night_of(deck, ORDINARY, places={"dc-fuji-ap": 0})
