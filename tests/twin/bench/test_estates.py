"""Generated estates: sound, of the size that was asked for, and the same to the byte for the same seed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from simulation.day.ensemble import play, world_of
from topology.check import check_estate
from twin.bench.estates import REGION, write_estate


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("regions", [1, 2, 3, 10])
def test_generated_estate_is_sound_and_of_its_size(tmp_path: Path, regions: int) -> None:
    """It passes every rule; a region adds 17 municipalities, 50 sites and 300 servers."""
    records = check_estate(str(write_estate(tmp_path / "estate", regions * REGION))).records
    assert len(records.cities) == 17 * regions
    assert len(records.sites) == 50 * regions
    assert sum(device.role in {"application", "database"} for device in records.devices.values()) == 300 * regions
    assert 66 * regions <= len(records.circuits) <= 70 * regions


def test_municipalities_differ_and_the_larger_have_more(tmp_path: Path) -> None:
    """Servers follow the population, and nobody is without a pair."""
    records = check_estate(str(write_estate(tmp_path / "estate", REGION))).records
    servers = dict.fromkeys(records.cities, 0)
    for device in records.devices.values():
        if device.city and device.role in {"application", "database"}:
            servers[device.city] += 1
    ranked = sorted(records.cities, key=lambda city: records.cities[city].population)
    assert len({records.cities[city].population for city in ranked}) > 10
    assert [servers[city] for city in ranked] == sorted(servers.values())
    assert min(servers.values()) >= 2
    assert max(servers.values()) > 3 * min(servers.values())


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs are alike; another seed makes other municipalities."""
    first, again = (write_estate(tmp_path / name, 2 * REGION, seed=7) for name in ("first", "again"))
    assert _bytes(first) == _bytes(again)
    assert _bytes(first) != _bytes(write_estate(tmp_path / "other", 2 * REGION, seed=8))


def test_estate_with_demand_can_be_played(tmp_path: Path) -> None:
    """Every municipality asks and is served, over all regions; the register of residents is everybody's."""
    estate = check_estate(str(write_estate(tmp_path / "estate", 2 * REGION, demand=True)))
    world = world_of(estate)
    record = play(world, (dt.date(2019, 3, 25), 0), 1)
    assert set(world.plant.of_city) == set(estate.records.cities)
    assert set(estate.records.services["business-1"].instances) == set(estate.records.cities)
    asked, served = record.totals.asked.sum(axis=1), record.totals.served.sum(axis=1)
    assert (served > 0.9 * asked).all()
    assert record.totals.lost.sum() == 0


@pytest.mark.parametrize(("municipalities", "servers"), [(0, 300), (18, 300), (17, 32)])
def test_number_that_makes_no_regions_is_refused(tmp_path: Path, municipalities: int, servers: int) -> None:
    """A region is whole and each of its municipalities has a pair of servers; nothing is written otherwise."""
    with pytest.raises(ValueError, match="expected"):
        write_estate(tmp_path / "estate", municipalities, servers=servers)
    assert not (tmp_path / "estate").exists()
