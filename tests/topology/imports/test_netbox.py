"""NetBox's CSV files: what is exported fits NetBox's forms and comes back; what others filled in is understood."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pytest
from bad_estates import GOOD
from design_sections import SECTIONS

from inventory.load import estate_names, load_estate
from topology.build import build_network
from topology.check import check_estate
from topology.exports.netbox import forms, netbox
from topology.imports.netbox import import_netbox

SAME = (
    "estate", "cities", "sites", "rooms", "racks", "hardware", "devices", "segments", "addressing", "circuits",
    "circuit_groups", "providers", "carrier_networks", "zones", "encryption", "power_sources", "power_feeds",
    "cooling_units", "parties", "contracts", "services", "flows", "jobs", "backups",
    "emergency_counters", *SECTIONS,
)  # fmt: skip


FREE = {("ip-addresses", "role")}
"""Columns with values that NetBox itself lists."""


def _write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", estate_names())
def test_export_fits_the_forms_of_netbox(name: str) -> None:
    """Only columns that the forms have, all that they need in every row, and names only of what came before."""
    estate = load_estate(name)
    files = netbox(estate, build_network(estate))
    assert [file[3:-4] for file in files] == [model for model in forms() if f"{model}.csv" in {f[3:] for f in files}]
    known: dict[str, set[str]] = {}
    named = {"site": "sites", "vlan_site": "sites", "tenant": "tenants", "region": "regions", "group": "site-groups",
             "location": "locations", "rack": "racks", "power_panel": "power-panels", "device": "devices",
             "side_a_device": "devices", "side_b_device": "devices", "device_type": "device-types",
             "manufacturer": "manufacturers", "provider": "providers", "circuit": "circuits", "type": "circuit-types",
             "fhrp_group": "fhrp-groups", "cluster": "clusters", "platform": "platforms",
             "virtual_machine_type": "virtual-machine-types", "virtual_machine": "virtual-machines",
             "vlan_group": "vlan-groups", "role": "device-roles", "scope_name": "sites"}  # fmt: skip
    elsewhere = {("clusters", "type"): "cluster-types", ("clusters", "group"): "cluster-groups",
                 ("vlans", "group"): "vlan-groups", ("vlans", "role"): "prefix-roles",
                 ("prefixes", "role"): "prefix-roles", ("services", "parent"): "machines and devices"}  # fmt: skip
    for file, text in files.items():
        model = file[3:-4]
        rows = _rows(text)
        assert set(rows[0]) <= set(forms()[model]["fields"])
        for row in rows:
            assert all(row[field] for field in forms()[model]["needs"]), (file, row)
            assert len(row.get("description", "")) <= 200
            for field in row:
                of = elsewhere.get((model, field)) or named.get(field)
                free = (field == "type" and model not in {"circuits", "clusters"}) or (model, field) in FREE
                if row[field] and of and not free:
                    assert row[field] in known[of], (file, field, row[field])
        key = {"circuits": "cid", "device-types": "model"}.get(model, "name")
        known[model] = {row[key] for row in rows if key in row}
        known["machines and devices"] = known.get("devices", set()) | known.get("virtual-machines", set())
    addresses = [row["address"] for row in _rows(next(text for file, text in files.items() if "ip-addresses" in file))]
    assert len(addresses) == len(set(addresses))
    prefixes = [row["prefix"] for row in _rows(next(text for file, text in files.items() if "prefixes" in file))]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("name", [*estate_names(), str(GOOD)])
def test_export_comes_back(tmp_path: Path, name: str) -> None:
    """The records and the network of the estate that the files make are those that they were made of."""
    estate = load_estate(name)
    network = build_network(estate)
    outcome = import_netbox(_write(tmp_path / "netbox", netbox(estate, network)), tmp_path / "again")
    assert outcome.findings == ()
    again = check_estate(str(tmp_path / "again"))
    for section in SAME:
        assert getattr(again.records, section) == getattr(estate.records, section), section
    rebuilt = build_network(again)
    assert (rebuilt.interfaces, rebuilt.tunnels, rebuilt.gateways) == (
        network.interfaces, network.tunnels, network.gateways
    )  # fmt: skip
    # The import records every address; the small estate of the tests has none recorded.
    exported, once_more = ("".join(netbox(*one).values()) for one in ((estate, network), (again, rebuilt)))
    assert once_more == exported.replace("state: derived", "state: recorded")


FOREIGN = {
    "sites.csv": "name,slug,status\nNorth Data Centre,north,active\nCity Hall,hall,active\n",
    "device-types.csv": "manufacturer,model,slug,u_height,weight,weight_unit\nAny,R1,r1,1,6.5,kg\nAny,S1,s1,2,20,kg\n",
    "devices.csv": "name,role,manufacturer,device_type,status,site,rack,position,face\n"
    "nr1,Router,Any,R1,active,North Data Centre,A01,40.0,front\n"
    "ns1,Server,Any,S1,active,North Data Centre,A01,10.0,front\n"
    "hr1,Router,Any,R1,active,City Hall,,,\n",
    "interfaces.csv": "device,name,type,speed\nnr1,Gi0/0,1000base-t,1000000\n",
    "ip-addresses.csv": "address,status,role,device,interface\n"
    "10.9.1.2/24,active,,nr1,Gi0/0\n10.9.1.10/24,active,,ns1,eth0\n10.9.1.1/24,active,vrrp,,\n"
    "10.9.0.1/30,active,,nr1,Gi0/1\n10.9.0.2/30,active,,hr1,Gi0/1\n10.9.9.9/32,deprecated,,,\n",
    "cables.csv": "side_a_device,side_a_type,side_a_name,side_b_device,side_b_type,side_b_name\n"
    "nr1,dcim.interface,Gi0/0,ns1,dcim.interface,eth0\n",
    "tags.csv": "name,slug\nx,x\n",
}


def test_files_of_others_tell_what_does_not_fit(tmp_path: Path) -> None:
    """Devices, racks and addresses are understood; a segment between sites without a circuit is told by its cell."""
    outcome = import_netbox(_write(tmp_path / "netbox", FOREIGN), tmp_path / "estate")
    (finding,) = outcome.findings
    assert str(finding).startswith("ip-addresses.csv:A6: segment: `net-10-9-0-0-30` has devices at `city-hall`, `north")
    assert any(str(note).startswith("tags.csv: no model of an estate") for note in outcome.notes)
    alone = {name: text for name, text in FOREIGN.items() if name != "ip-addresses.csv"}
    alone["ip-addresses.csv"] = FOREIGN["ip-addresses.csv"].replace("10.9.0.1/30,active,,nr1,Gi0/1\n", "")
    outcome = import_netbox(_write(tmp_path / "other", alone), tmp_path / "estate")
    assert outcome.findings == ()
    records = check_estate(str(tmp_path / "estate")).records
    assert {id_: device.role for id_, device in records.devices.items()} == {
        "nr1": "router", "ns1": "application", "hr1": "router",
    }  # fmt: skip
    assert {item.position for item in records.hardware.values()} == {10, 40}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("sites.csv", "slug", "slugg", "sites.csv:B1: slugg: is no column of NetBox's form"),
        ("ip-addresses.csv", "10.9.1.2/24", "10.9.1.300/24", "ip-addresses.csv:A2: address: `10.9.1.300/24`"),
        ("ip-addresses.csv", "10.9.1.10/24", "10.9.1.10/25", "ip-addresses.csv:A3"),
        ("devices.csv", "Server,", "Toaster,", "devices.csv:B3: role: `Toaster` is no role of a device"),
    ],
)  # fmt: skip
def test_mistakes_are_told_by_file_and_cell(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """A wrong column, address, mask or role is told where it stands, and nothing is written."""
    files = {**FOREIGN, file: FOREIGN[file].replace(old, new)}
    outcome = import_netbox(_write(tmp_path / "netbox", files), tmp_path / "estate")
    assert any(str(finding).startswith(said) for finding in outcome.findings), outcome.findings
    assert not outcome.written
    assert not (tmp_path / "estate").exists()


def _table(files: dict[str, str], model: str) -> list[dict[str, str]]:
    return _rows(next(text for file, text in files.items() if file[3:-4] == model))


def test_design_is_in_the_tables() -> None:
    """Every machine with its size in NetBox's units, on a host of its cluster, planned, with what runs on it."""
    estate = load_estate("fuji-fujinomiya")
    records = estate.records
    files = netbox(estate, build_network(estate))
    cluster_of = {row["name"]: row.get("cluster") for row in _table(files, "devices")}
    machines = {row["name"]: row for row in _table(files, "virtual-machines")}
    assert set(machines) == set(records.virtual_machines)
    for id_, machine in records.virtual_machines.items():
        row, size = machines[id_], records.machine_sizes[machine.size]
        assert (row["status"], row["device"], row["role"]) == ("planned", machine.host, machine.role)
        assert row["cluster"] == cluster_of[machine.host]
        assert int(row["vcpus"]) == size.cpus
        assert float(row["memory"]) == pytest.approx(size.memory_bytes / 1e6, abs=0.5)
        assert float(row["disk"]) == pytest.approx(size.disk_bytes / 1e6, abs=0.5)
    running = {(row["parent"], row["name"]) for row in _table(files, "services")}
    expected = {(one.application, name) for name, service in records.services.items()
                for one in service.instances.values()}  # fmt: skip
    for name, designed in records.designed_services.items():
        for one in designed.instances.values():
            expected |= {(machine, name) for machine in one.runs_on}
            expected |= {(machine, store) for store, placed in one.stores.items() for machine in placed.runs_on}
    assert running == expected
    planned = {row["asset_tag"] for row in _table(files, "devices") if row["status"] == "planned"}
    assert planned == {id_ for id_, item in records.hardware.items() if not item.carries}
    vlans = {(row["site"], row["vid"]): (row["name"], row["status"]) for row in _table(files, "vlans")}
    for row in _table(files, "vm-interfaces"):
        assert (
            vlans[row["vlan_group"], row["untagged_vlan"]][0]
            == records.virtual_machines[row["virtual_machine"]].segment
        )
    assert {name for name, status in vlans.values() if status == "reserved"} == set(records.designed_segments)


def test_feed_of_one_rack_is_tied_to_it() -> None:
    """NetBox ties a feed to one rack at most, so only where it leads to one."""
    estate = load_estate("fuji-fujinomiya")
    racks = {id_: rack for id_, rack in estate.records.racks.items() if id_ != "fujinomiya-rack-2"}
    alone = dataclasses.replace(estate, records=estate.records.model_copy(update={
        "racks": racks,
        "hardware": {id_: one for id_, one in estate.records.hardware.items() if one.rack in racks},
        "clusters": {}, "virtual_machines": {}, "designed_services": {}, "appliance_pairs": {}, "switch_groups": {},
    }))  # fmt: skip
    feeds = {row["name"]: row for row in _table(netbox(alone, build_network(alone)), "power-feeds")}
    assert {name: row["rack"] for name, row in feeds.items() if row["rack"]} == {"fujinomiya-feed": "fujinomiya-rack-1"}


CHANGES = [
    ("vlans", "vid", "999", "vid: is `999`, the record in `comments` says `160`; expected the same in both"),
    ("virtual-machines", "vcpus", "16", "vcpus: is `16`, the record in `comments` says `8`; expected the same in both"),
    (
        "virtual-machines",
        "device",
        "core-host-2",
        "device: is `core-host-2`, the record in `comments` says `core-host-1`",
    ),
    ("vm-interfaces", "untagged_vlan", "999", "untagged_vlan: is `999`, the record in `comments` says `110`"),
    (
        "service-templates",
        "port_mappings",
        "tcp/1",
        "port_mappings: is `tcp/1`, the record in `comments` says `tcp/443`",
    ),
    ("clusters", "group", "management", "group: is `management`, the record in `comments` says `number-use`"),
]


@pytest.mark.parametrize(("model", "field", "value", "said"), CHANGES)
def test_changes_beside_the_record_are_told(tmp_path: Path, model: str, field: str, value: str, said: str) -> None:
    """A cell of the design's tables that its record does not bear out is a conflict, and nothing is written."""
    estate = load_estate("fuji-fujinomiya")
    files = netbox(estate, build_network(estate))
    name = next(file for file in files if file[3:-4] == model)
    rows = _rows(files[name])
    row = next(row for row in rows if row.get("status") != "active")
    row[field] = value
    files[name] = _text(rows)
    outcome = import_netbox(_write(tmp_path / "netbox", files), tmp_path / "estate")
    (finding,) = outcome.findings
    assert said in str(finding)
    assert str(finding).startswith(f"{name}:")
    assert not outcome.written


def test_rows_that_come_and_go_are_told(tmp_path: Path) -> None:
    """A machine without a record is left out with a note; a service that is gone contradicts its record."""
    estate = load_estate("fuji-fujinomiya")
    files = netbox(estate, build_network(estate))
    machines, services = (
        next(file for file in files if file[3:-4] == model) for model in ("virtual-machines", "services")
    )
    rows = _rows(files[machines])
    stranger = {**dict.fromkeys(rows[0], ""), "name": "stranger", "status": "active", "cluster": "core-cluster"}
    rows[1]["status"], rows[1]["vcpus"] = "active", "8.00"
    whole = {**files, machines: _text([*rows, stranger])}
    outcome = import_netbox(_write(tmp_path / "netbox", whole), tmp_path / "estate")
    assert outcome.findings == ()
    assert sorted(str(note) for note in outcome.notes if note.spot.workbook == machines) == [
        f"{machines}:A104: 1 of 103 rows are left out, for want of the estate's record in `comments`",
        f"{machines}:D3: `active` is not taken over: an estate's machines and clusters are designed",
    ]
    gone = {**files, services: _text(_rows(files[services])[1:])}
    outcome = import_netbox(_write(tmp_path / "gone", gone), tmp_path / "other")
    (finding,) = outcome.findings
    assert str(finding).startswith(f"{services}: services: has no row `dcim.device dc-fuji-ap resident-registry`")


def _text(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
