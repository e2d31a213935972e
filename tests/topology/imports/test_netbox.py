"""NetBox's CSV files: what is exported fits NetBox's forms and comes back; what others filled in is understood."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from inventory.load import estate_names, load_estate
from topology.build import build_network
from topology.check import check_estate
from topology.exports.netbox import forms, netbox
from topology.imports.netbox import import_netbox

SAME = (
    "estate", "cities", "sites", "rooms", "racks", "hardware", "devices", "segments", "addressing", "circuits",
    "circuit_groups", "providers", "carrier_networks", "zones", "encryption", "power_sources", "power_feeds",
    "cooling_units", "parties", "contracts",
)  # fmt: skip


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
             "fhrp_group": "fhrp-groups"}  # fmt: skip
    for file, text in files.items():
        model = file[3:-4]
        rows = _rows(text)
        assert set(rows[0]) <= set(forms()[model]["fields"])
        for row in rows:
            assert all(row[field] for field in forms()[model]["needs"]), (file, row)
            assert len(row.get("description", "")) <= 200
            for field, of in named.items():
                if row.get(field) and not (field == "type" and model != "circuits"):
                    assert row[field] in known[of], (file, field, row[field])
        key = {"circuits": "cid", "device-types": "model"}.get(model, "name")
        known[model] = {row[key] for row in rows if key in row}
    addresses = [row["address"] for row in _rows(next(text for file, text in files.items() if "ip-addresses" in file))]
    assert len(addresses) == len(set(addresses))
    prefixes = [row["prefix"] for row in _rows(next(text for file, text in files.items() if "prefixes" in file))]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("name", estate_names())
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
    assert netbox(again, rebuilt) == netbox(estate, network)


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
