"""Variables of the `postgresql` and `resident_registry` roles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inventory.models.devices import ServiceInstance
from inventory.models.estate import Estate
from topology.model import Network, Node
from topology.secret_files import AUTHORITY, database_password


def service_variables(estate: Estate, network: Network, node: Node, secret_folder: Path) -> dict[str, Any]:
    """Return the variables of a node that is one city's application or database server; else nothing."""
    for service_id, service in estate.records.services.items():
        for city_id, instance in service.instances.items():
            if node.id in (instance.application, instance.database):
                return _instance_variables(estate, network, node, secret_folder, service_id=service_id, city_id=city_id)
    return {}


def _instance_variables(
    estate: Estate, network: Network, node: Node, secret_folder: Path, *, service_id: str, city_id: str
) -> dict[str, Any]:
    service, city = estate.records.services[service_id], estate.records.cities[city_id]
    instance = service.instances[city_id]
    database_host, application_host = (
        str(next(port.address.ip for port in network.interfaces_of(other)))
        for other in (instance.database, instance.application)
    )
    name = service_id.replace("-", "_")
    password_file = str(secret_folder / database_password(service_id, city_id))
    tls = {
        "certificate_file": str(secret_folder / f"{node.id}.crt"),
        "key_file": str(secret_folder / f"{node.id}.key"),
    }
    return {
        "postgresql__listen_address": database_host,
        "postgresql__client_address": application_host,
        "postgresql__database": name,
        "postgresql__application_password_file": password_file,
        **{f"postgresql__tls_{key}": value for key, value in tls.items()},
        "resident_registry__parts": _parts(node, instance),
        "resident_registry__city": city_id,
        "resident_registry__city_name_ja": city.name_ja,
        "resident_registry__population": city.population,
        "resident_registry__households": city.households,
        "resident_registry__seed": service.data_seed,
        "resident_registry__listen_address": application_host,
        "resident_registry__listen_port": service.port,
        "resident_registry__database_host": instance.database,
        "resident_registry__database_name": name,
        "resident_registry__database_password_file": password_file,
        "resident_registry__tls_authority_file": str(secret_folder / f"{AUTHORITY}.crt"),
        **{f"resident_registry__tls_{key}": value for key, value in tls.items()},
    }


def _parts(node: Node, instance: ServiceInstance) -> list[str]:
    """Return what a node does for its instance; a small estate may let one machine do both."""
    parts = [("database", instance.database), ("service", instance.application)]
    return [part for part, device in parts if device == node.id]
