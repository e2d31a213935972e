"""`make bench`: every part, or those named.

    python -m twin.bench [--only PART]...

`scale` needs no lab; `preview`, `provisioning` and `networks` need the one that stands.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from infra.targets.lab import bench as networks
from twin.bench import scale, standing

PARTS: dict[str, Callable[[], int]] = {
    "scale": scale.main,
    "preview": standing.preview_part,
    "provisioning": standing.provisioning_part,
    "networks": lambda: networks.main([]),
}


def main(arguments: list[str]) -> int:
    """Run the parts in order, all of them whatever one finds; end with 1 where a bound does not hold."""
    parser = argparse.ArgumentParser(prog="python -m twin.bench", description="Both sides of every comparison.")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="this part alone; may be repeated")
    wanted = parser.parse_args(arguments).only or list(PARTS)
    return max([PARTS[part]() for part in wanted])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
