"""Every circuit and every router failing alone, without repair: what `any-single-failure` in a promise stands for."""

from __future__ import annotations

from inventory.models.behaviour import Timers
from inventory.models.estate import Estate
from simulation.control_plane.gateways import master_down_s
from simulation.scenario import Fault, Kind, Scenario

_FAULT_AT_S = 1.0
_MARGIN_S = 10.0


def single_failures(estate: Estate) -> dict[str, Scenario]:
    """Return the scenarios by the entry that fails, circuits first, each in the order of ids."""
    horizon_s = _FAULT_AT_S + longest_reaction_s(estate.records.timers) + _MARGIN_S
    circuits = ((id_, record.name, record.name_ja) for id_, record in sorted(estate.records.circuits.items()))
    routers = (
        (id_, record.name, record.name_ja)
        for id_, record in sorted(estate.records.devices.items())
        if record.role == "router"
    )
    found = {id_: _scenario(id_, "circuit-cut", titles, horizon_s) for id_, *titles in circuits}
    found |= {id_: _scenario(id_, "node-crash", titles, horizon_s) for id_, *titles in routers}
    return found


def longest_reaction_s(timers: Timers) -> float:
    """Return how long detection, gateway, throttle and one retransmission may take in the worst case (s)."""
    return (
        max(timers.ospf.dead_s, timers.bfd.multiplier * timers.bfd.interval_s)
        + master_down_s(timers.vrrp.advertisement_s, 1)
        + timers.ospf.spf_max_hold_s
        + timers.ospf.retransmit_s
    )


def _scenario(id_: str, kind: Kind, titles: list[str], horizon_s: float) -> Scenario:
    what, what_ja = {"circuit-cut": ("is cut", "断"), "node-crash": ("crashes", "停止")}[kind]
    # The values come from checked records and stand in base units: nothing is left to validate.
    fault = Fault.model_construct(at_s=_FAULT_AT_S, kind=kind, target=id_, repair_after_s=None)
    return Scenario.model_construct(
        name=f"{id_}-{kind.split('-')[1]}",
        title=f"{titles[0]} {what}",
        title_ja=f"{titles[1]} {what_ja}",
        horizon_s=horizon_s,
        judge="switch-over",
        faults=(fault,),
    )
