"""One server and Poisson arrivals: first come first served by Pollaczek and Khinchine, and processor sharing.

Sources: Kleinrock, Queueing Systems, volume 1, section 5.6 (Pollaczek-Khinchine), volume 2, section 4.4 (processor
sharing).
"""

from __future__ import annotations

from simulation.errors import MechanismInvalid
from simulation.queues.load import stable


def mean_wait_s(rate_per_s: float, mean_s: float, scv: float = 1.0) -> float:
    """Return the mean wait before service in M/G/1 (s): ρ / (1 - ρ) × (1 + scv) / 2 × mean.

    `scv` is the squared coefficient of variation of service: 1 is M/M/1, 0 is M/D/1.
    """
    if not scv >= 0:
        raise MechanismInvalid([f"a squared coefficient of variation of {scv}, expected 0 or more"])
    load = stable(rate_per_s, mean_s)
    return load / (1 - load) * (1 + scv) / 2 * mean_s


def shared_response_s(rate_per_s: float, mean_s: float, demand_s: float | None = None) -> float:
    """Return the mean time in an M/G/1 station that shares its processor (s): demand / (1 - ρ), for any service law.

    `demand_s` is the service time of the requests asked about; without it, all.
    """
    load = stable(rate_per_s, mean_s)
    return (mean_s if demand_s is None else demand_s) / (1 - load)
