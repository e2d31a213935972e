"""Addresses from pools: derived, recorded, stable when entries come and go, and pinned where someone must.

The record (`topology.record`) keeps what was given out; a new entry takes the first place that was never given out.
Without a record the order of ids decides. What a recorded prefix already fixes (the two ends of a tunnel, numbers of
gateways and tunnels) is a function of the prefix and is not recorded again.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from inventory.models.estate import Estate
from inventory.problems import EstateInvalid, Problem
from topology.record import AddressRecord, read_record

Network4 = ipaddress.IPv4Network
Address4 = ipaddress.IPv4Address
Interface4 = ipaddress.IPv4Interface


class Allocator:
    """Gives out prefixes and addresses of one estate; collects problems instead of stopping at the first."""

    def __init__(self, estate: Estate) -> None:
        """Start from the estate's pools, pins and record; raises EstateInvalid where the record cannot be used."""
        self.estate = estate
        self.pools = estate.records.addressing.pools
        self.pins = estate.records.addressing.pins
        self.record = read_record(estate.folder)
        self.given = AddressRecord({}, {})
        self.recorded = {entry: Network4(text) for entry, text in self.record.prefixes.items()}
        self.kept = {port: Address4(text) for port, text in self.record.addresses.items()}
        self.holders: dict[Address4, list[str]] = {}
        for port, address in self.kept.items():
            self.holders.setdefault(address, []).append(port)
        self.taken = {*self.kept.values(), *self.pins.values()}
        self.problems: list[Problem] = []

    def prefixes(
        self, pool_id: str, entries: Iterable[str], wishes: Mapping[str, Address4] | None = None
    ) -> dict[str, Network4]:
        """Return a prefix of the pool for every entry: the recorded one, else the first that was never given out.

        `wishes` are pinned addresses by entry: an entry without a record takes the prefix around its pin if it is free.
        """
        pool = self.pools[pool_id]
        wanted = sorted(entries)
        given = self.recorded
        taken = [net for net in given.values() if net.overlaps(pool.prefix)]
        kept = {entry: net for entry, net in given.items() if _fits(net, pool.prefix, pool.allocates)}
        result = {entry: kept[entry] for entry in wanted if entry in kept}
        asked = set(wanted)
        for entry, pin in sorted((wishes or {}).items()):
            around = Network4((pin, pool.allocates), strict=False)
            if (
                entry in asked
                and entry not in result
                and around.subnet_of(pool.prefix)
                and not any(map(around.overlaps, taken))
            ):
                result[entry] = around
                taken.append(around)
        free = _free_prefixes(pool.prefix, pool.allocates, taken)
        for entry in wanted:
            if entry not in result:
                chosen = next(free, None)
                if chosen is None:
                    retired = sum(1 for name, net in given.items() if name not in result and net in taken)
                    self._exhausted(pool_id, entry, len(wanted) + retired)
                    chosen = Network4((pool.prefix.network_address, pool.allocates))
                result[entry] = chosen
        self.given.prefixes.update({entry: str(net) for entry, net in result.items()})
        return result

    def single_addresses(self, pool_id: str, entries: Iterable[str]) -> dict[str, Address4]:
        """Return one address of a pool of /32 for every entry; the record keeps them as `pool:entry`."""
        nets = self.prefixes(pool_id, [f"{pool_id}:{entry}" for entry in entries])
        return {entry.partition(":")[2]: net.network_address for entry, net in nets.items()}

    def gateway(self, prefix: Network4, wish: Address4 | None, path: str) -> Interface4:
        """Return the address that the routers of a segment share: the wished one, else the first; blame `path`."""
        ends = (prefix.network_address, prefix.broadcast_address)
        if wish is not None and (wish not in prefix or wish in ends):
            self._problem(path, f"{wish} is not an address for a host of {prefix}", f"an address in {prefix}")
        return Interface4(f"{wish or prefix.network_address + 1}/{prefix.prefixlen}")

    def addresses(
        self, prefix: Network4, ports: Iterable[str], path: str, gateway: Interface4 | None = None
    ) -> dict[str, Interface4]:
        """Return an address in `prefix` for every port: the pinned one, else the recorded one, else a free one.

        `gateway` is the routers' shared one, which no port has; `path` is blamed when nothing is left.
        """
        wanted = sorted(ports)
        shared = gateway.ip if gateway else None
        result = {port: self._pinned(port, prefix, shared) for port in wanted if port in self.pins}
        for port in wanted:
            kept = self.kept.get(port)
            if port not in result and kept and kept in prefix and kept != shared:
                result[port] = kept
        free = (address for address in _hosts(prefix) if address != shared and address not in self.taken)
        for port in wanted:
            if port not in result:
                chosen = next(free, None)
                if chosen is None:
                    self._problem(
                        path, f"{prefix} has no address left for `{port}`", "a pool with a smaller `allocates`"
                    )
                    chosen = prefix.network_address
                result[port] = chosen
        self.given.addresses.update({port: str(address) for port, address in result.items()})
        return {port: Interface4(f"{address}/{prefix.prefixlen}") for port, address in result.items()}

    def ordinal(self, pool_id: str, prefix: Network4) -> int:
        """Return the place of a prefix in its pool, from 0: a number that stays with the entry as the prefix does."""
        start = self.pools[pool_id].prefix.network_address
        return (int(prefix.network_address) - int(start)) >> (32 - prefix.prefixlen)

    def finish(self) -> AddressRecord:
        """Return the record of what was given out, retired entries kept; raises EstateInvalid for any problem."""
        if self.problems:
            raise EstateInvalid(self.problems)
        return AddressRecord(
            {**self.record.prefixes, **self.given.prefixes}, {**self.record.addresses, **self.given.addresses}
        )

    def _pinned(self, port: str, prefix: Network4, shared: Address4 | None) -> Address4:
        """Return a port's pin and note what is wrong with it."""
        pin, path = self.pins[port], f"addressing.pins.{port}"
        holder = next((name for name in self.holders.get(pin, ()) if name != port), None)
        if pin not in prefix:
            self._problem(path, f"{pin} is not in {prefix}", f"an address in {prefix}")
        elif pin == shared:
            self._problem(path, f"{pin} is the gateway of {prefix}", "an address that no gateway uses")
        elif prefix.prefixlen < 31 and pin in (prefix.network_address, prefix.broadcast_address):
            self._problem(path, f"{pin} is not an address for a host of {prefix}", "an address between the ends")
        elif holder is not None:
            self._problem(path, f"{pin} was given to `{holder}`", "an address that was never given out")
        return pin

    def _exhausted(self, pool_id: str, entry: str, needed: int) -> None:
        """Note that the pool has nothing left; retired entries count, since their prefixes stay reserved."""
        pool = self.pools[pool_id]
        room = 2 ** (pool.allocates - pool.prefix.prefixlen) - 2 * _ends_are_kept(pool.prefix, pool.allocates)
        path = f"addressing.pools.{pool_id}.prefix"
        found = f"{pool.prefix} is exhausted at `{entry}`: it has room for {room} of /{pool.allocates}"
        self._problem(path, found, f"room for {needed}")

    def _problem(self, path: str, problem: str, expected: str) -> None:
        file, line = self.estate.where(path)
        self.problems.append(Problem(file, line, path, problem, expected))


def _fits(prefix: Network4, pool: Network4, allocates: int) -> bool:
    """Tell whether a recorded prefix is still one that the pool would give out."""
    return prefix.prefixlen == allocates and prefix.subnet_of(pool)


def _free_prefixes(pool: Network4, allocates: int, taken: list[Network4]) -> Iterator[Network4]:
    """Yield the prefixes of a pool that overlap nothing that was given out."""
    if _ends_are_kept(pool, allocates):
        taken = [*taken, Network4(pool.network_address), Network4(pool.broadcast_address)]
    exact = {net for net in taken if net.prefixlen == allocates}
    others = [net for net in taken if net.prefixlen != allocates]
    for net in pool.subnets(new_prefix=allocates):
        if net not in exact and not any(net.overlaps(other) for other in others):
            yield net


def _ends_are_kept(pool: Network4, allocates: int) -> bool:
    """Tell whether a pool of single addresses keeps its first and last one, which some equipment refuses."""
    return allocates == 32 and pool.prefixlen < 31


def _hosts(prefix: Network4) -> Iterator[Address4]:
    """Yield the addresses that hosts may have, without holding them all."""
    ends = 1 if prefix.prefixlen < 31 else 0
    first, last = int(prefix.network_address) + ends, int(prefix.broadcast_address) - ends
    return (Address4(number) for number in range(first, last + 1))
