"""Runs one playbook by ansible-runner, in a process of its own; events and the end come out as lines of JSON.

ansible-runner forks, and a fork of the provider's process, whose gRPC threads are at work, now and then kills the child
before it becomes ansible-playbook. Reads ansible-runner's arguments as JSON from its input. SIGTERM stops the run
between two events; the process ends with the one that started it.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

import ansible_runner

from infra import lifeline

EVENT_KEYS = ("event", "stdout", "event_data")


def main() -> None:
    """Run the playbook that the input describes."""
    lifeline.arm()
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stop.append(number))

    def pass_on(event: dict[str, Any]) -> bool:
        _write({key: event.get(key) for key in EVENT_KEYS})
        return False  # nothing is kept: whoever reads the lines keeps what it needs

    runner = ansible_runner.run(
        **json.load(sys.stdin),
        event_handler=pass_on,
        cancel_callback=lambda: bool(stop),
        settings={"suppress_ansible_output": True},
        quiet=True,
    )
    _write({"event": "end", "status": runner.status, "code": runner.rc})


def _write(message: dict[str, Any]) -> None:
    print(json.dumps(message, default=str), flush=True)


if __name__ == "__main__":
    main()
