"""From a changed view to installed routes: throttle, computation, the way into the kernel's table."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.control_plane.clockwork import Clockwork
from simulation.control_plane.router import Router
from simulation.control_plane.spf import Routes, routes


class Routing:
    """Runs the route computations of all routers."""

    def __init__(self, clock: Clockwork, routers: Sequence[Router]) -> None:
        """Keep the routers."""
        self.clock = clock
        self.routers = routers

    def converge(self) -> None:
        """Compute and install all routes at once, as after a long quiet time."""
        for router in self.routers:
            router.routes = router.fib = routes(self.clock.layout, router.number, tuple(router.contents))

    def view_changed(self, router: Router) -> None:
        """Ask the router's throttle for a computation."""
        delay_s = router.throttle.ask(self.clock.now_s)
        if delay_s is not None:
            throttle = router.throttle
            name = self.clock.layout.routers[router.number]
            starts_s = self.clock.reaction_s("spf-start", name, awake=True)
            self.clock.later(delay_s + starts_s, lambda: self._compute(router, throttle))

    def _compute(self, router: Router, throttle: object) -> None:
        if router.throttle is not throttle or not self.clock.running[router.number]:
            return
        now_s = self.clock.now_s
        router.throttle.ran(now_s)
        found = routes(self.clock.layout, router.number, tuple(router.contents))
        if found == router.routes:
            return
        router.routes = found
        name = self.clock.layout.routers[router.number]
        ready_s = max(now_s + self.clock.reaction_s("route-install", name), router.installed_s)
        router.installed_s = ready_s
        self.clock.later(ready_s - now_s, lambda: self._install(router, throttle, found))

    def _install(self, router: Router, throttle: object, found: Routes) -> None:
        if router.throttle is throttle:
            router.fib = found
            self.clock.changed()
