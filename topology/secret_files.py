"""The names of the secrets that an estate needs, one file each. Whoever makes and whoever reads them asks here.

The values are made by the provider and lie as root-only files in a folder that `folder()` names; this module never
sees one. It brings no models along, for the provider starts twice in every preview.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from topology.model import Network, Tunnel

AUTHORITY = "authority"


@dataclasses.dataclass(frozen=True)
class SecretFile:
    """A random secret: its name, what it protects, and its length in bytes before encoding."""

    name: str
    purpose: str
    length: int = 32


@dataclasses.dataclass(frozen=True)
class CertificateFile:
    """A certificate with its key (`NAME.crt`, `NAME.key`), valid for the names and addresses given."""

    name: str
    purpose: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]


def folder(root: Path, estate: str) -> Path:
    """Return the folder of an estate's secret files in a clone."""
    return root / ".state" / "secrets" / estate


def tunnel_key(tunnel: Tunnel) -> str:
    """Return the name of a tunnel's pre-shared key."""
    return f"tunnel-{tunnel.id}.psk"


def database_password(service: str, city: str) -> str:
    """Return the name of the password with which the application logs in to its database."""
    return f"database-{service}-{city}.password"


def secrets_of(estate: Estate, network: Network) -> tuple[SecretFile, ...]:
    """Return every random secret of the estate."""
    tunnels = [SecretFile(tunnel_key(tunnel), f"tunnel {tunnel.id}") for _, tunnel in sorted(network.tunnels.items())]
    passwords = [
        SecretFile(database_password(service, city), f"database of {service} of {city}")
        for service, record in sorted(estate.records.services.items())
        for city in sorted(record.instances)
    ]
    return (*tunnels, *passwords)


def certificates_of(estate: Estate, network: Network) -> tuple[CertificateFile, ...]:
    """Return every certificate that the estate's authority issues: one for each server of a service."""
    servers = {
        node: service
        for service, record in estate.records.services.items()
        for instance in record.instances.values()
        for node in (instance.application, instance.database)
    }
    return tuple(
        CertificateFile(
            node,
            f"TLS of {servers[node]} on {node}",
            (node,),
            tuple(str(port.address.ip) for port in network.interfaces_of(node)),
        )
        for node in sorted(servers)
    )
