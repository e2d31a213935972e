"""From figures to components: overrides, crews by contract, disks, heat, blackouts, hazards, shared failures."""

from __future__ import annotations

import math

import pytest

from inventory.failing import crew_of, figure_of, kind_of, kinds
from inventory.models.estate import Estate
from simulation.availability.crews import RepairedGroup
from simulation.availability.model import model_of
from simulation.availability.moved import worse
from simulation.availability.parts import parts_of, places_of_users, supply_behind
from simulation.availability.power import blackout
from simulation.availability.ties import common_causes


def test_every_figure_is_of_a_kind_or_of_entries(deck: Estate, villages: Estate) -> None:
    """Kinds are those that entries have; the villages override one circuit."""
    assert set(deck.records.failure_figures) <= kinds()
    found = figure_of(villages.records, "circuits.aowatari-west")
    assert found is not None
    assert found[0] == "valley-circuit"
    other = figure_of(villages.records, "circuits.ishibune-west")
    assert other is not None
    assert other[0] == "wide-area-ethernet"


def test_terminals_and_boxes_of_routers_have_no_failures_of_their_own(deck: Estate) -> None:
    """A router is counted once, as the device; a server's hardware and its software are two."""
    records = deck.records
    for id_, device in records.devices.items():
        if device.role == "terminal":
            assert kind_of(records, f"devices.{id_}") is None
    boxes = [id_ for id_, item in records.hardware.items() if item.kind == "router"]
    assert boxes
    assert all(kind_of(records, f"hardware.{id_}") is None for id_ in boxes)
    with pytest.raises(KeyError):
        kind_of(records, "devices.nobody")


def test_crews_come_by_contract_and_not_for_software(deck: Estate) -> None:
    """What stands on hardware is repaired under its contract; software is started again from afar."""
    records = deck.records
    for id_, item in records.hardware.items():
        crew = crew_of(records, f"hardware.{id_}")
        if figure_of(records, f"hardware.{id_}"):
            assert crew is not None
            assert item.contract in crew[1].contracts
    assert all(crew_of(records, f"virtual_machines.{id_}") is None for id_ in records.virtual_machines)


def test_an_array_of_disks_is_birth_and_death(deck: Estate) -> None:
    """Losses of arrays come as often as the chain says; data are back when they are restored."""
    records = deck.records
    figure = records.failure_figures["disk"]
    parts = parts_of(records)
    id_, item = next(iter(records.disk_arrays.items()))
    crew = crew_of(records, f"hardware.{id_}")
    assert crew is not None
    hours = (figure.mttr_s + crew[1].response_s) / 3600
    group = RepairedGroup(item.disks, item.disks - item.spare_disks, figure.mtbf_s / 3600, hours)
    found = parts[f"hardware.{id_}/disks"].component
    assert found.mtbf_h == pytest.approx(1 / group.outages_per_h)
    assert found.mttr_h * 3600 == figure.restore_s


def test_rooms_get_hot_where_cooling_is_single(deck: Estate) -> None:
    """One unit alone: its failures that outlast the room; a room with a spare unit fails far more seldom."""
    parts = parts_of(deck.records)
    by_units = {
        id_: sum(unit.room == id_ for unit in deck.records.cooling_units.values()) for id_ in deck.records.rooms
    }
    hot = {name[6:-5]: part.component for name, part in parts.items() if name.endswith("/heat")}
    single = [room for room in hot if by_units[room] == 1]
    spare = [room for room in hot if by_units[room] > 1]
    assert single
    assert spare
    for room in single:
        assert hot[room].mtbf_h > deck.records.failure_figures["cooling-unit"].mtbf_s / 3600
        assert all(hot[other].mtbf_h > 1000 * hot[room].mtbf_h for other in spare)


def test_a_blackout_is_shared_by_what_feeds_on_the_same(deck: Estate) -> None:
    """Both supplies of a data centre lose the grid together: one part, with the moments of the chain behind them."""
    records = deck.records
    parts = parts_of(records)
    for id_, source in records.power_sources.items():
        if source.kind != "ups":
            continue
        supply = supply_behind(records, id_)
        assert supply is not None
        part = parts[f"power_sources.{'+'.join(source.fed_by)}/supply"]
        lost = blackout(supply)
        assert 1 / part.component.mtbf_h == pytest.approx(supply.outages_per_h * lost.chance)
        restart = records.availability.restart_after_power_s / 3600 if records.availability else 0
        assert part.component.mttr_h == pytest.approx(lost.mean_h + restart)


def test_hazards_spare_the_places_of_users(deck: Estate) -> None:
    """Sites that serve are lost as often as the event times the chance; halls never, their users are gone with them."""
    records = deck.records
    parts = parts_of(records)
    users = places_of_users(records)
    assert users
    for id_, hazard in records.hazards.items():
        for site, chance in hazard.hits.items():
            found = parts.get(f"sites.{site}/{id_}")
            assert (found is None) == (site in users)
            if found:
                assert found.component.mtbf_h == pytest.approx(hazard.every_s / 3600 / chance)


def test_sharing_failures_keeps_each_circuits_own_rate(deck: Estate, villages: Estate) -> None:
    """Alone and by the carrier's cause together a circuit fails as often as its figure says."""
    for estate in (deck, villages):
        model = model_of(estate)
        causes = list(common_causes(estate.records, parts_of(estate.records)))
        assert causes
        for cause in causes:
            for path, chance in cause.hits.items():
                alone, whole = model.parts[path].component.mtbf_h, figure_of(estate.records, path)
                assert whole is not None
                assert 1 / alone + chance / cause.mean_between_h == pytest.approx(3600 / whole[1].mtbf_s)


def test_worse_is_worse(deck: Estate) -> None:
    """Times between failures halve, times to repair double, chances end at 1; what is no number is left alone."""
    mtbf = worse(deck.records, "failure_figures.router.mtbf")
    assert mtbf is not None
    assert mtbf.became == mtbf.value / 2
    assert mtbf.records.failure_figures["router"].mtbf_s == mtbf.became
    assert deck.records.failure_figures["router"].mtbf_s == mtbf.value
    vehicle = next(iter(deck.records.power_vehicles))
    comes = worse(deck.records, f"power_vehicles.{vehicle}.comes")
    assert comes is not None
    assert comes.became == comes.value / 2
    crew = next(id_ for id_, one in deck.records.repair_crews.items() if one.opens_s is not None)
    assert worse(deck.records, f"repair_crews.{crew}.opens") is None
    assert worse(deck.records, f"repair_crews.{crew}.days") is None
    assert math.isclose(mtbf.value % 3600, 0)
