"""Address pools around the prefixes of a plan: for each use and length the fewest that hold no other's prefix."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from topology.imports.addresses import Plan
from topology.imports.draft import Draft, Plain, assumed, value_of
from topology.imports.findings import Spot

Network4 = ipaddress.IPv4Network
LARGEST = 8
SPARE = {
    "circuits": ("10.254.0.0/22", 28), "access": ("198.51.100.0/24", 29), "tunnels": ("10.254.4.0/24", 30),
    "loopbacks": ("10.254.5.0/24", 32), "tunnel-endpoints": ("10.254.6.0/24", 32), "segments": ("10.254.8.0/22", 24),
}  # fmt: skip
"""A pool for each use that the plan has no address of. Private addresses, and those for documentation (RFC 5737)."""

ROUTING = {
    "loopback_pool": "loopbacks", "tunnel_pool": "tunnels", "tunnel_endpoint_pool": "tunnel-endpoints",
    "circuit_pool": "circuits", "access_pool": "access",
}  # fmt: skip


def covering(prefixes: Iterable[Network4], others: Iterable[Network4]) -> list[Network4]:
    """Return the fewest prefixes, halving from the smallest that holds all, that overlap none of the others."""
    own, foreign = sorted(set(prefixes)), list(others)
    if not own:
        return []
    around = own[0]
    while not all(one.subnet_of(around) for one in own):
        around = around.supernet()
    if around.prefixlen >= LARGEST and not any(around.overlaps(other) for other in foreign):
        return [around]
    if len(own) == 1:
        return own
    halves = list(around.subnets())
    return [pool for half in halves for pool in covering([one for one in own if one.subnet_of(half)], foreign)]


def add_pools(plan: Plan, entries: dict[str, str], draft: Draft) -> None:
    """Add pools and routing; segments whose pool no list names get one."""
    pools = draft.section("addressing.pools")
    by_use = _by_use(plan, entries, draft)
    for use, found in by_use.items():
        if use == "segments":
            continue
        _single_pool(use, found, by_use, pools, draft)
    _segment_pools(by_use, pools, draft)
    for use, (text, allocates) in SPARE.items():
        if not any(pool["serves"] == use for pool in pools.values()):
            pools[_free_id(use, pools)] = _pool(
                _spare(text, plan, pools), allocates, use, "for nothing in the lists has an address of this use"
            )
    draft.sections["routing"] = {
        "reference_bandwidth": assumed("10 Gbps", "the rate that costs 1 in OSPF"),
        "secondary_penalty": assumed(1000, "what a secondary circuit costs more"),
        **{key: next(id_ for id_, pool in pools.items() if pool["serves"] == use) for key, use in ROUTING.items()},
    }


def _by_use(plan: Plan, entries: dict[str, str], draft: Draft) -> dict[str, dict[Network4, Spot]]:
    """Return the prefixes of each use with the cell where each stands first."""
    found: dict[str, dict[Network4, Spot]] = {}
    circuits, carriers = draft.section("circuits"), draft.section("carrier_networks")
    for name, prefix in plan.prefixes.items():
        circuit = circuits.get(entries.get(name, ""))
        use = "segments"
        if circuit is not None:
            use = "access" if set(circuit["ends"].values()) & set(carriers) else "circuits"
        if entries.get(name):
            found.setdefault(use, {})[prefix] = plan.first.get(name, Spot(""))
    uses = {"tunnel": "tunnels", "tunnel-endpoint": "tunnel-endpoints", "loopback": "loopbacks"}
    for given in plan.given:
        if given.use in uses:
            prefix = given.prefix if given.use == "tunnel" else Network4(given.address)
            found.setdefault(uses[given.use], {})[prefix] = given.spot
    return found


def _single_pool(
    use: str, found: dict[Network4, Spot], by_use: dict[str, dict[Network4, Spot]], pools: Plain, draft: Draft
) -> None:
    """Add the one pool of a use that routing draws on; prefixes of several lengths or apart are findings."""
    if any(pool["serves"] == use for pool in pools.values()):
        return
    lengths = [prefix.prefixlen for prefix in found]
    usual = max(set(lengths), key=lambda length: (lengths.count(length), length))
    for prefix, spot in found.items():
        if prefix.prefixlen != usual:
            said = f"{prefix} for {use} whose other prefixes are /{usual}"
            draft.findings.add(spot, "prefix", said, f"prefixes of one length for all {use}")
    own = [prefix for prefix in found if prefix.prefixlen == usual]
    foreign = [one for other, nets in by_use.items() if other != use for one in nets]
    around = covering(own, foreign)
    if len(around) > 1:
        spot = found[next(prefix for prefix in own if prefix.subnet_of(around[1]))]
        said = f"{around[1]} and {around[0]} are both {use}, with addresses of other uses between them"
        draft.findings.add(spot, "prefix", said, f"one range for all {use}")
    pool = around[0]
    while (
        use in {"loopbacks", "tunnel-endpoints"}
        and pool.prefixlen > 24
        and not any(pool.supernet().overlaps(other) for other in foreign)
    ):
        pool = pool.supernet()
    pools[_free_id(use, pools)] = _pool(pool, usual, use, "around the plan's prefixes of this use")


def _segment_pools(by_use: dict[str, dict[Network4, Spot]], pools: Plain, draft: Draft) -> None:
    """Give each segment a pool: that which a list names, else one of those around the prefixes of its length."""
    segments = draft.section("segments")
    prefixes = {id_: draft.prefix_of[id_] for id_ in segments if id_ in draft.prefix_of}
    missing = [id_ for id_, record in segments.items() if record.get("pool") not in pools]
    everything = [one for nets in by_use.values() for one in nets]
    stated = [Network4(value_of(pool["prefix"])) for pool in pools.values()]
    for length in sorted({prefixes[id_].prefixlen for id_ in missing if id_ in prefixes}):
        own = [prefixes[id_] for id_ in missing if id_ in prefixes and prefixes[id_].prefixlen == length]
        foreign = [one for one in everything if one not in own] + stated
        for around in covering(own, foreign):
            id_ = _free_id(f"segments-{length}", pools)
            pools[id_] = _pool(around, length, "segments", "around the plan's segments of this length")
            stated.append(around)
            for segment in missing:
                if (
                    segment in prefixes
                    and prefixes[segment].prefixlen == length
                    and prefixes[segment].subnet_of(around)
                ):
                    segments[segment]["pool"] = id_
    for segment in missing:
        if segment not in prefixes:
            spot = draft.origins[f"segments.{segment}"]
            draft.findings.add(spot, "prefix", f"nothing gives `{segment}` a prefix", "its row in the address plan")


def _pool(prefix: Network4, allocates: int, serves: str, why: str) -> Plain:
    return {"prefix": assumed(str(prefix), f"the pool, {why}"), "allocates": allocates, "serves": serves,
            "purpose": serves}  # fmt: skip


def _free_id(wish: str, pools: Plain) -> str:
    names = [wish, *(f"{wish}-{number}" for number in range(2, len(pools) + 3))]
    return next(name for name in names if name not in pools)


def _spare(text: str, plan: Plan, pools: Plain) -> Network4:
    """Return a prefix for a pool without addresses: the usual one, or the next above it that nothing uses."""
    given_out = [*plan.prefixes.values(), *(given.prefix for given in plan.given)]
    used = [*given_out, *(Network4(value_of(pool["prefix"])) for pool in pools.values())]
    wanted = Network4(text)
    step = wanted.num_addresses
    candidates = (Network4((int(wanted.network_address) + index * step, wanted.prefixlen)) for index in range(4096))
    return next(one for one in candidates if not any(one.overlaps(other) for other in used))
