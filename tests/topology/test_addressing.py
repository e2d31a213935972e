"""Addresses: given out once, kept for good, pinned where asked, refused where there are none left."""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
import shutil
from pathlib import Path

import pytest
from bad_estates import GOOD
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.load import RECORD_FILE, load_estate
from inventory.models.devices import Device
from inventory.models.estate import Estate
from inventory.models.network import Segment
from topology.addressing import Allocator
from topology.build import build_with_record
from topology.check import check_estate, find_unrecorded, record_addresses
from topology.record import AddressRecord, read_record, write_record

ESTATE = load_estate(str(GOOD))
NAMES = [f"{letter}{number}" for letter in "amz" for number in range(3)]


def changed(estate: Estate, folder: Path, lans: set[str], hosts: set[str]) -> Estate:
    """Return the estate in `folder` with further segments, and further hosts on the first of them."""
    lan = estate.records.segments["yamate-servers"]
    host = estate.records.devices["yamate-db"]
    segments = {f"{name}-lan": lan.model_copy(update={"vlan": None}) for name in lans}
    devices = {f"{name}-host": host for name in hosts}
    records = estate.records.model_copy(
        update={
            "segments": {**estate.records.segments, **segments},
            "devices": {**estate.records.devices, **devices},
        }
    )
    assert all(isinstance(segment, Segment) for segment in segments.values())
    assert all(isinstance(device, Device) for device in devices.values())
    return dataclasses.replace(estate, folder=str(folder), records=records)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES))), min_size=2, max_size=5))
def test_recorded_address_never_changes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[set[str], set[str]]]
) -> None:
    """Whatever comes, goes and comes back between recordings: an entry keeps its address, and no other one gets it."""
    folder = tmp_path_factory.mktemp("estate")
    seen: dict[str, str] = {}
    for lans, hosts in steps:
        _, record = build_with_record(changed(ESTATE, folder, lans, hosts))
        write_record(str(folder), record)
        given_out = {**record.prefixes, **record.addresses}
        assert {entry: given_out[entry] for entry in seen} == seen
        seen = given_out
        assert len(set(record.addresses.values())) == len(record.addresses)
        networks = [ipaddress.IPv4Network(text) for text in record.prefixes.values()]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(networks, 2))


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_numbers_that_follow_from_prefixes_stay_too(
    tmp_path_factory: pytest.TempPathFactory, lans: set[str], hosts: set[str]
) -> None:
    """Gateways keep their VRID, tunnels their number, interface and inside addresses, when other entries come."""
    folder = tmp_path_factory.mktemp("estate")
    before, record = build_with_record(changed(ESTATE, folder, set(), set()))
    write_record(str(folder), record)
    after, _ = build_with_record(changed(ESTATE, folder, lans, hosts))
    assert {id_: after.gateways[id_] for id_ in before.gateways} == before.gateways
    assert {id_: after.tunnels[id_] for id_ in before.tunnels} == before.tunnels


def test_tunnel_added_before_another_moves_nothing(tmp_path: Path) -> None:
    """The other option of a reading brings a tunnel whose name sorts elsewhere; the recorded one stays as it is."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "estate"))
    record_addresses(check_estate(str(folder)))
    before, _ = build_with_record(check_estate(str(folder)))
    after, _ = build_with_record(check_estate(str(folder), {"readings.main-encryption.choice": "encrypted"}))
    assert len(after.tunnels) == len(before.tunnels) + 1
    assert {id_: after.tunnels[id_] for id_ in before.tunnels} == before.tunnels


def test_pin_wins_over_the_record(tmp_path: Path) -> None:
    """A pinned port has its pin, and nobody else is given it."""
    estate = changed(ESTATE, tmp_path, set(), set(NAMES))
    network, record = build_with_record(estate)
    pinned = ipaddress.IPv4Address("172.20.3.99")
    assert network.interface("yamate-ap", "eth0").address.ip == pinned
    assert [port for port, address in record.addresses.items() if address == str(pinned)] == ["yamate-ap/eth0"]


def test_first_address_of_a_lan_is_kept_for_its_gateway() -> None:
    """No port has the address that routers share."""
    network, _ = build_with_record(ESTATE)
    shared = {gateway.address.ip for gateway in network.gateways.values()}
    assert shared == {network.segments[id_].prefix.network_address + 1 for id_ in network.gateways}
    assert not shared & {port.address.ip for port in network.interfaces}


def test_pool_of_a_changed_size_gives_nothing_out_twice(tmp_path: Path) -> None:
    """When a pool gives out larger prefixes than before, new ones keep clear of all that was recorded."""
    write_record(str(tmp_path), AddressRecord({"old": "172.22.0.16/28"}, {}))
    pool = ESTATE.records.addressing.pools["circuits"].model_copy(update={"allocates": 26})
    addressing = ESTATE.records.addressing.model_copy(update={"pools": {"circuits": pool}})
    records = ESTATE.records.model_copy(update={"addressing": addressing})
    allocator = Allocator(dataclasses.replace(ESTATE, folder=str(tmp_path), records=records))
    assert {str(net) for net in allocator.prefixes("circuits", ["a", "b"]).values()} == {
        "172.22.0.64/26",
        "172.22.0.128/26",
    }


def test_large_pool_is_not_listed(tmp_path: Path) -> None:
    """A pool of sixteen million addresses costs no more than a small one."""
    pool = ESTATE.records.addressing.pools["loopbacks"].model_copy(
        update={"prefix": ipaddress.IPv4Network("10.0.0.0/8")}
    )
    addressing = ESTATE.records.addressing.model_copy(update={"pools": {"loopbacks": pool}})
    records = ESTATE.records.model_copy(update={"addressing": addressing})
    allocator = Allocator(dataclasses.replace(ESTATE, folder=str(tmp_path), records=records))
    assert str(allocator.prefixes("loopbacks", ["a"])["a"]) == "10.0.0.1/32"
    prefix = ipaddress.IPv4Network("11.0.0.0/8")
    given_out = allocator.addresses(prefix, ["x/y"], "nowhere", allocator.gateway(prefix, None, "nowhere"))
    assert str(given_out["x/y"]) == "11.0.0.2/8"


def test_record_is_written_in_one_step_and_reads_back(tmp_path: Path) -> None:
    """Recording leaves the file and nothing beside it; recording again changes no byte."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "estate"))
    estate = check_estate(str(folder))
    assert len(find_unrecorded(estate)) == len(build_with_record(estate)[1].addresses) + len(
        build_with_record(estate)[1].prefixes
    )
    record = record_addresses(estate)
    text = (folder / RECORD_FILE).read_bytes()
    assert read_record(str(folder)) == record
    assert find_unrecorded(check_estate(str(folder))) == ()
    record_addresses(check_estate(str(folder)))
    assert (folder / RECORD_FILE).read_bytes() == text
    assert {path.name for path in folder.iterdir()} == {path.name for path in GOOD.iterdir()} | {RECORD_FILE}


def test_unrecorded_entry_is_a_notice(tmp_path: Path) -> None:
    """A terminal added since the last recording is named, and the estate is good."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "estate"))
    record_addresses(check_estate(str(folder)))
    path = folder / "devices.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  hamabe-pc:", "  hamabe-p:"), encoding="utf-8")
    estate = check_estate(str(folder))
    assert [str(notice) for notice in find_unrecorded(estate)] == [
        "`hamabe-p/eth0` has 172.20.0.4, not yet in addresses.lock.yaml: run `twin addresses --record`"
    ]


def test_addresses_of_the_deck_are_recorded() -> None:
    """Every address of the deck's estate stands in its record."""
    assert find_unrecorded(check_estate("fuji-fujinomiya")) == ()
