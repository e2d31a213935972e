"""Addresses from pools: derived, recorded, stable when entries come and go, and pinned where someone must.

The record (`addresses.lock.yaml` in the estate) keeps what was given out; a new entry takes the first free place
after it. Without a record the order of ids decides.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterable
from pathlib import Path

import yaml

from inventory.load import RECORD_FILE
from inventory.models.estate import Estate
from inventory.problems import EstateInvalid, InventoryError, Problem

Network4 = ipaddress.IPv4Network


class AddressRecordInvalid(InventoryError):
    """The record of addresses cannot be used."""


@dataclasses.dataclass
class AddressRecord:
    """What was given out: a prefix by entry, an address by port."""

    prefixes: dict[str, str]
    addresses: dict[str, str]

    def text(self) -> str:
        """Return the record as YAML, sorted."""
        head = "# Addresses given out. Written by `twin addresses --record`; an entry keeps its address for good.\n"
        return head + yaml.safe_dump(dataclasses.asdict(self), sort_keys=True, allow_unicode=True)


def read_record(folder: str) -> AddressRecord:
    """Read the record of an estate's folder; an estate that never recorded has an empty one."""
    path = Path(folder) / RECORD_FILE
    if not path.exists():
        return AddressRecord({}, {})
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return AddressRecord(dict(data["prefixes"]), dict(data["addresses"]))
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise AddressRecordInvalid(f"{RECORD_FILE}: is not a record of addresses; restore it from git") from error


class Allocator:
    """Gives out prefixes and addresses of one estate; collects problems instead of stopping at the first."""

    def __init__(self, estate: Estate) -> None:
        """Start from the estate's pools, pins and record."""
        self.estate = estate
        self.pools = estate.records.addressing.pools
        self.pins = estate.records.addressing.pins
        self.record = read_record(estate.folder)
        self.given = AddressRecord({}, {})
        self.problems: list[Problem] = []

    def prefixes(self, pool_id: str, entries: Iterable[str]) -> dict[str, Network4]:
        """Return a prefix of the pool for every entry, in a stable way."""
        pool = self.pools[pool_id]
        wanted = sorted(entries)
        result: dict[str, Network4] = {}
        taken: set[Network4] = set()
        for entry in self.record.prefixes:
            recorded = Network4(self.record.prefixes[entry])
            if recorded.prefixlen == pool.allocates and recorded.subnet_of(pool.prefix):
                taken.add(recorded)
                if entry in wanted:
                    result[entry] = recorded
        free = (net for net in pool.prefix.subnets(new_prefix=pool.allocates) if net not in taken)
        for entry in wanted:
            if entry not in result:
                chosen = next(free, None)
                if chosen is None:
                    self._exhausted(pool_id, entry, f"{len(wanted)} prefixes of /{pool.allocates}")
                    chosen = pool.prefix
                result[entry] = chosen
        self.given.prefixes.update({entry: str(net) for entry, net in result.items()})
        return result

    def addresses(self, prefix: Network4, ports: Iterable[str], start: int = 1) -> dict[str, ipaddress.IPv4Interface]:
        """Return an address in `prefix` for every port; `start` skips the first ones (a gateway address)."""
        wanted = sorted(ports)
        result: dict[str, ipaddress.IPv4Address] = {port: self.pins[port] for port in wanted if port in self.pins}
        for port, pinned in result.items():
            if pinned not in prefix:
                self._problem(f"addressing.pins.{port}", f"{pinned} is not in {prefix}", f"an address in {prefix}")
        kept = {ipaddress.IPv4Address(text) for text in self.record.addresses.values()} | set(self.pins.values())
        for port in wanted:
            text = self.record.addresses.get(port)
            if port not in result and text and ipaddress.IPv4Address(text) in prefix:
                result[port] = ipaddress.IPv4Address(text)
        hosts = [prefix.network_address] if prefix.prefixlen == 32 else list(prefix.hosts())[start - 1 :]
        free = (address for address in hosts if address not in kept)
        for port in wanted:
            if port not in result:
                chosen = next(free, None)
                if chosen is None:
                    self._problem(f"devices.{port.split('/')[0]}", f"{prefix} has no address left", "a larger `allocates`")
                    chosen = prefix.network_address
                result[port] = chosen
        self.given.addresses.update({port: str(address) for port, address in result.items()})
        return {port: ipaddress.IPv4Interface(f"{address}/{prefix.prefixlen}") for port, address in result.items()}

    def finish(self) -> AddressRecord:
        """Return the record of what was given out, retired entries kept; raise EstateInvalid if a pool was exhausted."""
        if self.problems:
            raise EstateInvalid(self.problems)
        return AddressRecord(
            {**self.record.prefixes, **self.given.prefixes}, {**self.record.addresses, **self.given.addresses}
        )

    def _exhausted(self, pool_id: str, entry: str, needed: str) -> None:
        pool = self.pools[pool_id]
        self._problem(
            f"addressing.pools.{pool_id}.prefix", f"{pool.prefix} is exhausted at `{entry}`", f"room for {needed}"
        )

    def _problem(self, path: str, problem: str, expected: str) -> None:
        file, line = self.estate.where(path)
        self.problems.append(Problem(file, line, path, problem, expected))
