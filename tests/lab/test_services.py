"""Each city's terminals reach their own service and nobody else's; nothing that the flow matrix lacks passes."""

from __future__ import annotations

from collections.abc import Callable

from testinfra.host import Host

from inventory.models.devices import Service
from inventory.models.estate import Estate
from topology.model import Network, Node

Hosts = Callable[[str], Host]
CURL = "curl --silent --show-error --max-time 5 --cacert /etc/ssl/certs/municipal-twin-ca.pem"


def _address(network: Network, node: str) -> str:
    return str(next(port.address.ip for port in network.interfaces_of(node)))


def _terminal(network: Network, segment: str) -> str:
    return next(port.node for port in network.members(segment) if network.nodes[port.node].role == "terminal")


def _url(service: Service, city: str, path: str) -> str:
    return f"https://{service.instances[city].application}:{service.port}{path}"


def test_service_answers_from_its_own_hall(each_instance: tuple[Service, str], network: Network, hosts: Hosts) -> None:
    """A terminal of the city's hall gets a healthy answer over TLS that the estate's authority certifies."""
    service, city = each_instance
    terminal = hosts(_terminal(network, service.instances[city].users))
    answer = terminal.run(f"{CURL} {_url(service, city, '/health')}")
    assert answer.rc == 0, answer.stderr
    assert '"status":"ok"' in answer.stdout.replace(" ", "")


def test_service_holds_the_whole_city(
    each_instance: tuple[Service, str], estate: Estate, network: Network, hosts: Hosts
) -> None:
    """The service counts as many residents and households as the city has."""
    service, city = each_instance
    terminal = hosts(_terminal(network, service.instances[city].users))
    shown = terminal.check_output(f"{CURL} {_url(service, city, '/metrics')}")
    values = dict(line.rsplit(" ", 1) for line in shown.splitlines() if line and not line.startswith("#"))
    record = estate.records.cities[city]
    assert float(values["resident_registry_residents"]) == record.population
    assert float(values["resident_registry_households"]) == record.households


def test_certificate_is_issued(each_instance: tuple[Service, str], network: Network, hosts: Hosts) -> None:
    """A certificate of residence comes back to the hall as PDF."""
    service, city = each_instance
    terminal = hosts(_terminal(network, service.instances[city].users))
    found = terminal.check_output(f"{CURL} '{_url(service, city, '/api/residents?limit=1&kana=')}'")
    code = (
        found.split('"code":"')[1].split('"')[0] if '"code":"' in found else found.split('"code": "')[1].split('"')[0]
    )
    start = terminal.check_output(f"{CURL} {_url(service, city, f'/api/residents/{code}/certificate')} | head -c 5")
    assert start == "%PDF-"


def test_service_is_refused_to_other_halls(each_instance: tuple[Service, str], network: Network, hosts: Hosts) -> None:
    """Terminals of every other city get no connection to this city's service."""
    service, city = each_instance
    others = [other for other in service.instances if other != city]
    assert others, "the estate has one city only; nothing would be proven"
    for other in others:
        terminal = hosts(_terminal(network, service.instances[other].users))
        assert terminal.run(f"{CURL} {_url(service, city, '/health')}").rc in (7, 28)


def test_database_is_refused_to_every_hall(each_instance: tuple[Service, str], network: Network, hosts: Hosts) -> None:
    """No terminal reaches a database, not even its own city's."""
    service, city = each_instance
    address = _address(network, service.instances[city].database)
    for instance in service.instances.values():
        terminal = hosts(_terminal(network, instance.users))
        assert terminal.run(f"curl --silent --max-time 3 telnet://{address}:5432 </dev/null").rc in (7, 28)


def test_nodes_have_no_way_to_other_addresses(each_host: Node, hosts: Hosts) -> None:
    """A packet to an address outside the estate is refused or lost inside the lab: the kernel finds no way further."""
    trace = hosts(each_host.id).run("ping -c 1 -W 1 192.0.2.1")
    assert trace.rc != 0


def test_time_is_served(each_node: Node, estate: Estate, hosts: Hosts) -> None:
    """Every node reaches a time source of the inventory; the sources themselves serve."""
    shown = hosts(each_node.id).check_output("chronyc -n -c sources")
    servers = estate.records.time_service.servers
    if each_node.id in servers:
        assert "Normal" in hosts(each_node.id).check_output("chronyc -n tracking")
    else:
        reached = [line for line in shown.splitlines() if line.split(",")[5] != "0"]
        assert reached, shown
