"""What the routers, tunnels and services of a running estate say of themselves, beside what the model expects.

Only looks. Leaves the shape of segments and nodes to the target's own `read_*`, and single properties to `tests/lab`.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from twin.place import in_parallel

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

_MARK = "@@part@@"
_ROUTER_SCRIPT = f"""
vtysh -c 'show ip ospf neighbor json'; echo {_MARK}
vtysh -c 'show bfd peers json'; echo {_MARK}
vtysh -c 'show ip ospf interface json'; echo {_MARK}
ip -j -4 address show; echo {_MARK}
swanctl --list-sas --raw 2>/dev/null; echo {_MARK}
vtysh -c 'show ip ospf json'; echo {_MARK}
cat /etc/keepalived/keepalived.conf 2>/dev/null
"""
_TIMEOUT_S = 30.0


@dataclasses.dataclass(frozen=True)
class RouterState:
    """One router as found. Neighbours and BFD sessions are addresses; `gateways` the shared addresses that it holds."""

    node: str
    full: frozenset[str]
    bfd_up: frozenset[str]
    gateways: frozenset[str]
    tunnels: frozenset[str]
    timers: dict[str, float]


@dataclasses.dataclass(frozen=True)
class Expected:
    """What the model expects of one router, in the same terms."""

    neighbours: frozenset[str]
    bfd: frozenset[str]
    gateways: frozenset[str]
    tunnels: frozenset[str]


def observe_routers(target: Target, routers: Iterable[str], network: Network) -> dict[str, RouterState | None]:
    """Return the state of each of these routers, None where it is down or does not answer."""
    return dict(in_parallel(lambda node: _observe(target, network, node), routers))


def expected_of(estate: Estate, network: Network, router: str) -> Expected:
    """Return what a router shows when everything has converged."""
    neighbours = frozenset(neighbours_of(network, router))
    return Expected(
        neighbours=neighbours,
        bfd=neighbours if estate.records.timers.bfd.enabled else frozenset(),
        gateways=frozenset(str(g.address.ip) for g in network.gateways.values() if g.routers[0] == router),
        tunnels=frozenset(tunnel.id for tunnel in network.tunnels_of(router)),
    )


def expected_timers(estate: Estate) -> dict[str, float]:
    """Return the timers (s, or a count) that every router of the estate runs with."""
    timers = estate.records.timers
    bfd = {"bfd.interval": timers.bfd.interval_s, "bfd.multiplier": timers.bfd.multiplier} if timers.bfd.enabled else {}
    return {
        **bfd,
        "ospf.hello": timers.ospf.hello_s,
        "ospf.dead": timers.ospf.dead_s,
        "ospf.spf_delay": timers.ospf.spf_delay_s,
        "ospf.spf_hold": timers.ospf.spf_hold_s,
        "ospf.spf_max_hold": timers.ospf.spf_max_hold_s,
        "ospf.lsa_hold": timers.ospf.lsa_hold_s,
        "ospf.lsa_min_arrival": timers.ospf.lsa_min_arrival_s,
        "vrrp.advertisement": timers.vrrp.advertisement_s,
        "vrrp.preempt_delay": timers.vrrp.preempt_delay_s,
    }


def differences(estate: Estate, network: Network, states: dict[str, RouterState | None]) -> Iterator[str]:
    """Yield in words what keeps the routers from being as the model expects them."""
    for node, state in states.items():
        if state is None:
            yield f"{node} does not answer"
            continue
        expected = expected_of(estate, network, node)
        pairs = (
            ("OSPF neighbours full", expected.neighbours, state.full),
            ("BFD sessions up", expected.bfd, state.bfd_up),
            ("gateway addresses held", expected.gateways, state.gateways),
            ("tunnels established", expected.tunnels, state.tunnels),
        )
        for what, wanted, found in pairs:
            if missing := wanted - found:
                yield f"{node}: {what}: {len(wanted & found)} of {len(wanted)}, missing {', '.join(sorted(missing))}"
            if extra := found - wanted:
                yield f"{node}: {what}: {', '.join(sorted(extra))} not expected"


def timer_differences(estate: Estate, states: dict[str, RouterState | None]) -> Iterator[str]:
    """Yield in words which routers run with other timers than the estate's."""
    expected = expected_timers(estate)
    for node, state in states.items():
        for name, found in (state.timers if state else {}).items():
            wanted = expected.get(name)
            if wanted is None:
                yield f"{node} runs {name} {found:g}, the estate has none"
            elif abs(found - wanted) > 1e-6:
                yield f"{node} runs {name} {found:g}, the estate has {wanted:g}"


def _observe(target: Target, network: Network, node: str) -> RouterState | None:
    from infra.targets.target import LabNotRunning

    try:
        done = target.run(node, ["sh", "-c", _ROUTER_SCRIPT], timeout_s=_TIMEOUT_S)
    except LabNotRunning:
        return None
    parts = done.stdout.split(_MARK + "\n")
    if len(parts) < 7:
        return None
    neighbours, peers, interfaces = (_json(part) for part in parts[:3])
    addresses = _json(parts[3])
    if not isinstance(neighbours, dict) or not isinstance(addresses, list):
        return None
    peers = peers if isinstance(peers, list) else []
    held = {info["local"] for link in addresses for info in link["addr_info"]}
    return RouterState(
        node=node,
        full=frozenset(full_neighbours(neighbours)),
        bfd_up=frozenset(peer["peer"] for peer in peers if peer.get("status") == "up"),
        gateways=frozenset(held & {str(gateway.address.ip) for gateway in network.gateways.values()}),
        tunnels=frozenset(_tunnels(network, node, parts[4])),
        timers={
            **_bfd_timers(peers),
            **_ospf_timers(interfaces),
            **_throttles(_json(parts[5])),
            **_vrrp_timers(parts[6]),
        },
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def neighbours_of(network: Network, router: str) -> Iterator[str]:
    """Yield the addresses of a router's neighbours."""
    inside = {(end.node, end.interface): end.address for t in network.tunnels.values() for end in (t.a, t.z)}
    for adjacency in network.adjacencies:
        ends = ((adjacency.a, adjacency.a_interface), (adjacency.z, adjacency.z_interface))
        for own, other in (ends, ends[::-1]):
            if own[0] == router:
                yield str((inside.get(other) or network.interface(*other).address).ip)


def full_neighbours(neighbours: dict[str, Any]) -> Iterator[str]:
    """Yield the addresses of the neighbours in state Full, from FRR's answer."""
    for entries in neighbours.get("neighbors", {}).values():
        for entry in entries:
            if str(entry.get("nbrState", "")).startswith("Full"):
                yield entry["ifaceAddress"]


def _tunnels(network: Network, node: str, associations: str) -> Iterator[str]:
    """Yield the tunnels whose ESP association to the other end is installed."""
    for tunnel in network.tunnels_of(node):
        other = tunnel.z if tunnel.a.node == node else tunnel.a
        lines = (line for line in associations.splitlines() if f"remote-host={other.underlay_address} " in line)
        if any("state=ESTABLISHED" in line and "state=INSTALLED" in line for line in lines):
            yield tunnel.id


def _bfd_timers(peers: list[dict[str, Any]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for peer in peers:
        found["bfd.interval"] = max(found.get("bfd.interval", 0.0), peer["receive-interval"] / 1000)
        found["bfd.multiplier"] = max(found.get("bfd.multiplier", 0.0), float(peer["detect-multiplier"]))
    return found


def _ospf_timers(interfaces: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for port in (interfaces or {}).get("interfaces", {}).values():
        if not port.get("timerPassiveIface"):
            found["ospf.hello"] = port["timerMsecs"] / 1000
            found["ospf.dead"] = float(port["timerDeadSecs"])
    return found


def _throttles(process: Any) -> dict[str, float]:
    names = {
        "ospf.spf_delay": "spfScheduleDelayMsecs",
        "ospf.spf_hold": "holdtimeMinMsecs",
        "ospf.spf_max_hold": "holdtimeMaxMsecs",
        "ospf.lsa_hold": "lsaMinIntervalMsecs",
        "ospf.lsa_min_arrival": "lsaMinArrivalMsecs",
    }
    return {name: process[key] / 1000 for name, key in names.items() if key in (process or {})}


def _vrrp_timers(configuration: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, name in (("advert_int", "vrrp.advertisement"), ("preempt_delay", "vrrp.preempt_delay")):
        for value in re.findall(rf"^\s*{word}\s+([\d.]+)", configuration, re.MULTILINE):
            found[name] = float(value)
    return found
