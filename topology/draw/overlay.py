"""What a drawing may show on top of the network: elements that failed, and elements that a path uses."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Overlay:
    """Ids of circuits, nodes, segments, tunnels or `node/interface`: failed ones in red, used ones in bold green."""

    failed: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    caption: str = ""
