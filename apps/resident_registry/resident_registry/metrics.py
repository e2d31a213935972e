"""Figures of the running service in Prometheus' text format: requests by route and status, times in buckets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counts since the start of the process."""

    def __init__(self) -> None:
        """Start from nothing."""
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.sums: defaultdict[str, float] = defaultdict(float)
        self.buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(BUCKETS_S))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        self.requests[method, route, status] += 1
        self.sums[route] += seconds
        for index, bound in enumerate(BUCKETS_S):
            if seconds <= bound:
                self.buckets[route][index] += 1

    def text(self, gauges: Mapping[str, float], counters: Mapping[str, float]) -> str:
        """Return all figures, with those that others keep."""
        lines = ["# TYPE resident_registry_requests_total counter"]
        for (method, route, status), count in sorted(self.requests.items()):
            labels = f'method="{method}",route="{route}",status="{status}"'
            lines.append(f"resident_registry_requests_total{{{labels}}} {count}")
        lines.append("# TYPE resident_registry_request_seconds histogram")
        for route in sorted(self.sums):
            total = sum(count for (_, name, _), count in self.requests.items() if name == route)
            for bound, count in zip(BUCKETS_S, self.buckets[route], strict=True):
                lines.append(f'resident_registry_request_seconds_bucket{{route="{route}",le="{bound}"}} {count}')
            lines.append(f'resident_registry_request_seconds_bucket{{route="{route}",le="+Inf"}} {total}')
            lines.append(f'resident_registry_request_seconds_sum{{route="{route}"}} {self.sums[route]:.6f}')
            lines.append(f'resident_registry_request_seconds_count{{route="{route}"}} {total}')
        for kind, figures in (("gauge", gauges), ("counter", counters)):
            for name, value in sorted(figures.items()):
                lines += [f"# TYPE resident_registry_{name} {kind}", f"resident_registry_{name} {value}"]
        return "\n".join(lines) + "\n"
