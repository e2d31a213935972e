"""Ports, addresses, circuits and cables as rows of NetBox's import forms."""

from __future__ import annotations

from typing import Any

from inventory.models.estate import Estate
from inventory.quantities import show_rate
from inventory.spelling import flow, spelled
from topology.exports.comments import Belongings, Rows, kept
from topology.model import Network
from topology.tables import address_rows

ROLE_WEIGHT = 1000
"""NetBox's own default: by it roles are sorted."""

TYPES = ((1e10, "10gbase-x-sfpp"), (1e9, "1000base-t"), (1e8, "100base-tx"), (0.0, "other"))
"""Kinds of interfaces by the least rate (bit/s); what the estate does not say is the usual kind of that rate."""


def port_rows(network: Network, rows: Rows) -> None:
    """Add every port, loopback and tunnel, and a cable for each segment of just two ports."""
    for port in network.interfaces:
        segment = network.segments[port.segment]
        campus = segment.kind == "lan"
        over = f"segments.{segment.id}" if campus or not segment.circuit else f"circuits.{segment.circuit}"
        kind = next(name for least, name in TYPES if segment.rate_bps >= least)
        rows["interfaces"].append({
            "device": port.node, "name": port.name, "type": kind, "speed": round(segment.rate_bps / 1000),
            "mtu": port.mtu, "description": over,
        })  # fmt: skip
    for node in network.routers():
        rows["interfaces"].append({"device": node.id, "name": "lo", "type": "virtual", "description": "loopback"})
        for tunnel in network.tunnels_of(node.id):
            end = tunnel.a if tunnel.a.node == node.id else tunnel.z
            rows["interfaces"].append({"device": node.id, "name": end.interface, "type": "virtual", "mtu": tunnel.mtu,
                                       "description": f"tunnel {tunnel.id}"})  # fmt: skip
    for segment in network.segments.values():
        ports = network.members(segment.id)
        if len(ports) == 2 and segment.kind in {"lan", "transit"}:
            a, b = ports
            rows["cables"].append({
                "side_a_device": a.node, "side_a_type": "dcim.interface", "side_a_name": a.name,
                "side_b_device": b.node, "side_b_type": "dcim.interface", "side_b_name": b.name,
                "status": "connected", "label": segment.id,
            })  # fmt: skip


def addressing_rows(estate: Estate, network: Network, rows: Rows, held: Belongings) -> None:
    """Add zones as roles, VLANs, pools and prefixes, groups of routers for gateways, and every address."""
    records = estate.records
    prefixes: dict[str, dict[str, Any]] = {}
    for id_, zone in records.zones.items():
        comments = kept(f"zones.{id_}", zone, **held.of(id_, "designed_flows"))
        rows["prefix-roles"].append({"name": id_, "slug": id_, "weight": ROLE_WEIGHT, "description": zone.name_ja,
                                     "comments": comments})  # fmt: skip
    for id_, pool in records.addressing.pools.items():
        stated = {"entry": f"addressing.pools.{id_}", **spelled(pool)}
        prefixes[str(pool.prefix)] = {"prefix": str(pool.prefix), "status": "container", "description": pool.purpose,
                                      "comments": flow(stated)}  # fmt: skip
    for id_, segment in network.segments.items():
        record = records.segments.get(id_)
        stated = {"entry": f"segments.{id_}", **spelled(record)} if record else {"of": f"circuits.{id_}"}
        known = prefixes.get(str(segment.prefix))
        also = {path: spelled(one) for path, one in held.of(id_, "flows").items()}
        if known is not None:
            also["pool"] = known["comments"]
        if also:
            stated["also"] = also
        row: dict[str, Any] = {"prefix": str(segment.prefix), "status": "active", "comments": flow(stated)}
        if record:
            row |= {"scope_type": "dcim.site", "scope_name": record.site, "tenant": record.city, "role": record.zone,
                    "vlan": record.vlan, "vlan_site": record.site if record.vlan else None,
                    "description": record.name_ja}  # fmt: skip
        prefixes[str(segment.prefix)] = row
    _vlan_rows(estate, network, rows)
    rows["prefixes"] = list(prefixes.values())
    for id_, gateway in network.gateways.items():
        rows["fhrp-groups"].append({"protocol": "vrrp3", "group_id": gateway.vrid, "name": id_})
    _address_rows(estate, network, rows)


def _vlan_rows(estate: Estate, network: Network, rows: Rows) -> None:
    """Add a group of VLANs for each site, since a number may serve at several, and the VLAN of each segment.

    VLANs of the design are reserved: they are given out and not in use.
    """
    records = estate.records
    with_vlan = [segment for segment in records.every_segment.values() if segment.vlan]
    for site in sorted({segment.site for segment in with_vlan}):
        rows["vlan-groups"].append({"name": site, "slug": site, "scope_type": "dcim.site", "scope_name": site,
                                    "description": records.sites[site].name_ja})  # fmt: skip
    for id_ in [id_ for id_ in network.segments if id_ in records.segments] + list(records.designed_segments):
        segment = records.every_segment[id_]
        designed = records.designed_segments.get(id_)
        if segment.vlan:
            rows["vlans"].append({
                "site": segment.site, "group": segment.site, "vid": segment.vlan, "name": id_, "tenant": segment.city,
                "status": "reserved" if designed else "active", "role": segment.zone, "description": segment.name_ja,
                "comments": kept(f"designed_segments.{id_}", designed) if designed else None,
            })  # fmt: skip


def _address_rows(estate: Estate, network: Network, rows: Rows) -> None:
    """Add every row of the address plan; what NetBox has no field for (use, state, carriers' ports) is kept."""
    routers = {node.id for node in network.nodes.values()}
    for row in address_rows(network, estate):
        length = row.prefix.partition("/")[2]
        stated = {"segment": row.segment, "prefix": row.prefix, "device": row.device, "interface": row.interface,
                  "use": row.use, "state": row.state}  # fmt: skip
        comments = flow({key: value for key, value in stated.items() if value})
        if not row.address:
            rows["prefixes"].append({"prefix": row.prefix, "status": "deprecated", "comments": comments})
            continue
        found: dict[str, Any] = {"address": f"{row.address}/{length or 32}", "status": "active", "comments": comments}
        if row.use == "retired":
            found["status"] = "deprecated"
        elif row.use == "gateway":
            found |= {"role": "vrrp", "fhrp_group": row.segment}
        elif row.device in routers:
            found |= {"device": row.device, "interface": row.interface}
            found |= {"role": "loopback"} if row.interface == "lo" else {}
        rows["ip-addresses"].append(found)


def circuit_rows(estate: Estate, rows: Rows) -> None:
    """Add providers, carriers' networks, circuits with both terminations, and groups of circuits.

    A termination names its site by number: NetBox's form takes no name. The numbers are those that an empty NetBox
    gives to the rows of these files.
    """
    records = estate.records
    numbers = {id_: ("dcim.site", number) for number, id_ in enumerate(records.sites, 1)}
    numbers |= {id_: ("circuits.providernetwork", number) for number, id_ in enumerate(records.carrier_networks, 1)}
    for id_, provider in records.providers.items():
        rows["providers"].append({"name": id_, "slug": id_, "description": provider.name_ja,
                                  "comments": flow({"entry": f"providers.{id_}", **spelled(provider)})})  # fmt: skip
    for id_, carrier in records.carrier_networks.items():
        stated = {"entry": f"carrier_networks.{id_}", **spelled(carrier)}
        rows["provider-networks"].append({"provider": carrier.provider, "name": id_, "description": carrier.name_ja,
                                          "comments": flow(stated)})  # fmt: skip
    for kind in sorted({circuit.service for circuit in records.circuits.values()}):
        rows["circuit-types"].append({"name": kind, "slug": kind})
    for id_, group in records.circuit_groups.items():
        stated = {"entry": f"circuit_groups.{id_}", **spelled(group)}
        rows["circuit-groups"].append(
            {"name": id_, "slug": id_, "description": group.name_ja, "comments": flow(stated)}
        )
    profiles = records.encryption.tunnel_profiles
    for id_, circuit in records.circuits.items():
        stated = {"entry": f"circuits.{id_}", **spelled(circuit)}
        if circuit.tunnel_profile:
            path = f"encryption.tunnel_profiles.{circuit.tunnel_profile}"
            stated["also"] = {path: spelled(profiles[circuit.tunnel_profile])}
        rows["circuits"].append({
            "cid": id_, "provider": circuit.provider, "type": circuit.service, "status": "active",
            "commit_rate": round(circuit.rate_bps / 1000), "description": circuit.name_ja, "comments": flow(stated),
        })  # fmt: skip
        for side, end in zip("AZ", circuit.ends.both, strict=True):
            place, number = numbers[end]
            rows["circuit-terminations"].append({
                "circuit": id_, "term_side": side, "termination_type": place, "termination_id": number,
                "port_speed": round(circuit.rate_bps / 1000), "description": f"{end}, {show_rate(circuit.rate_bps)}",
            })  # fmt: skip
