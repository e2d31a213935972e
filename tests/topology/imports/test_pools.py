"""Pools around prefixes: they hold all of them, and none of another use."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from topology.imports.pools import covering

Network4 = ipaddress.IPv4Network
BLOCKS = st.sets(st.integers(min_value=0, max_value=63), max_size=12)


@given(own=BLOCKS, foreign=BLOCKS)
def test_pools_hold_their_own_and_nothing_else(own: set[int], foreign: set[int]) -> None:
    """Whatever lies between whatever: every prefix is in one pool, no pool overlaps another or a foreign prefix."""
    mine = [Network4((0x0A000000 + (block << 8), 24)) for block in sorted(own - foreign)]
    others = [Network4((0x0A000000 + (block << 8), 24)) for block in sorted(foreign)]
    pools = covering(mine, others)
    assert all(sum(prefix.subnet_of(pool) for pool in pools) == 1 for prefix in mine)
    assert not any(pool.overlaps(other) for pool in pools for other in others)


def test_neighbours_share_a_pool() -> None:
    """Prefixes with nothing between them need one pool, no larger than it must be."""
    assert covering([Network4("10.0.2.0/24"), Network4("10.0.1.0/24")], []) == [Network4("10.0.0.0/22")]
