"""Rules on address pools, what they are used for, and pins. A pool's exhaustion shows when addresses are derived."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from inventory.problems import Problem
from inventory.rules.scope import Scope

# What routing takes from which kind of pool.
_ROUTING_POOLS = {
    "loopback_pool": "loopbacks",
    "tunnel_pool": "tunnels",
    "tunnel_endpoint_pool": "tunnel-endpoints",
    "circuit_pool": "circuits",
    "access_pool": "access",
}
# The longest prefix that has room for what stands in it; single addresses need exactly 32 bits.
_LONGEST = {"segments": 30, "circuits": 30, "access": 30, "tunnels": 30, "loopbacks": 32, "tunnel-endpoints": 32}
_SINGLE = {"loopbacks", "tunnel-endpoints"}


def routing_pools_exist(scope: Scope) -> Iterator[Problem]:
    """The pools that routing draws on are defined."""
    for key in _ROUTING_POOLS:
        yield from scope.unknown(f"routing.{key}", "pool", getattr(scope.records.routing, key), "pools")


def pins_name_interfaces(scope: Scope) -> Iterator[Problem]:
    """A pin belongs to a device's interface, or to a carrier network's port on an access line."""
    records = scope.records
    known = {f"{id_}/{name}" for id_, device in records.devices.items() for name in device.interfaces}
    known |= {f"{end}/{id_}" for id_, circuit in records.circuits.items() for end in circuit.ends.both}
    for port in records.addressing.pins:
        if port not in known and port.partition("/")[0] not in {name for _, name in scope.withheld}:
            expected = "`device/interface`, as in the table of `twin addresses`"
            yield scope.problem(f"addressing.pins.{port}", f"no interface `{port}`", expected)


def pools_do_not_overlap(scope: Scope) -> Iterator[Problem]:
    """No address belongs to two pools."""
    pools = sorted(scope.records.addressing.pools.items())
    for (first, one), (second, other) in combinations(pools, 2):
        if one.prefix.overlaps(other.prefix):
            found = f"{other.prefix} overlaps {one.prefix} of `{first}`"
            yield scope.problem(f"addressing.pools.{second}.prefix", found, "a prefix of its own")


def pools_hold_their_prefixes(scope: Scope) -> Iterator[Problem]:
    """What a pool gives out fits into it and has room for what stands in it."""
    for id_, pool in scope.records.addressing.pools.items():
        path = f"addressing.pools.{id_}.allocates"
        longest = _LONGEST[pool.serves]
        if pool.allocates < pool.prefix.prefixlen:
            found = f"/{pool.allocates} is larger than the pool's {pool.prefix}"
            yield scope.problem(path, found, f"{pool.prefix.prefixlen} or more")
        elif pool.serves in _SINGLE and pool.allocates != longest:
            yield scope.problem(path, f"/{pool.allocates} for single addresses", f"{longest}")
        elif pool.allocates > longest:
            yield scope.problem(path, f"/{pool.allocates} has no room for two ends", f"{longest} or less")


def pools_serve_their_purpose(scope: Scope) -> Iterator[Problem]:
    """A pool is used for what it says it serves."""
    pools = scope.records.addressing.pools
    uses = [(f"segments.{id_}.pool", segment.pool, "segments") for id_, segment in scope.records.segments.items()]
    uses += [(f"routing.{key}", getattr(scope.records.routing, key), serves) for key, serves in _ROUTING_POOLS.items()]
    for path, name, serves in uses:
        pool = pools.get(name)
        if pool is not None and pool.serves != serves:
            yield scope.problem(path, f"`{name}` serves {pool.serves}", f"a pool `serves: {serves}`")


def pins_differ(scope: Scope) -> Iterator[Problem]:
    """No address is pinned twice."""
    first: dict[object, str] = {}
    for port, address in scope.records.addressing.pins.items():
        other = first.setdefault(address, port)
        if other != port:
            yield scope.problem(
                f"addressing.pins.{port}", f"{address} is pinned to `{other}` already", "another address"
            )
