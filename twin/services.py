"""Whether each city's service answers where it is used: at the terminal of the city's own hall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.place import in_parallel

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

# Where every node keeps the certificate of the estate's own authority.
AUTHORITY = "/etc/ssl/certs/municipal-twin-ca.pem"


def ask_services(place: Target, estate: Estate, network: Network, here: set[str], up: set[str]) -> list[dict[str, Any]]:
    """Ask every city's instance for its health from the city's own terminal: `{service, city, answers, problem}`.

    Only terminals that stand here are asked; `up` are the nodes that run.
    """

    def terminal_of(service: str, city: str) -> str | None:
        members = network.members(estate.records.services[service].instances[city].users)
        return next((port.node for port in members if network.nodes[port.node].role == "terminal"), None)

    def ask(key: tuple[str, str]) -> str:
        service, terminal = estate.records.services[key[0]], terminal_of(*key)
        if terminal is None or terminal not in up:
            return "no terminal is up"
        url = f"https://{service.instances[key[1]].application}:{service.port}/health"
        curl = ["curl", "--silent", "--show-error", "--fail", "--max-time", "5", "--cacert", AUTHORITY, url]
        done = place.run(terminal, curl, timeout_s=15.0)
        return "" if done.returncode == 0 else done.stderr.strip()[-200:] or f"curl ended with {done.returncode}"

    keys = [(id_, city) for id_, service in estate.records.services.items() for city in service.instances]
    keys = [key for key in keys if terminal_of(*key) in here]
    return [
        {"service": id_, "city": city, "answers": not wrong, "problem": wrong}
        for (id_, city), wrong in in_parallel(ask, keys).items()
    ]
