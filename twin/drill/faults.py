"""Doing what a scenario says and undoing it, whatever happens in between.

Before the first fault a note in the clone's state says what will be broken; it goes when all is put back. A drill that
was killed leaves the note, and the next one begins by undoing it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

from twin.drill.analysis import Event
from twin.errors import DrillBusy, MeasurementFailed

if TYPE_CHECKING:
    from infra.targets.target import Target
    from simulation.scenario import Fault
    from topology.model import Network

NOTE = "drill.json"
LOCK = "drill.lock"
ON_TIME_S = 0.5


class Breaker:
    """Breaks and mends things of one lab; every way back can be gone any number of times."""

    def __init__(self, target: Target, network: Network) -> None:
        self._target = target
        self._segments = {s.circuit: s.id for s in network.segments.values() if s.circuit}

    def apply(self, fault: Fault) -> None:
        """Let a fault happen."""
        self._ways(fault.kind, fault.target)[0]()

    def undo(self, kind: str, target: str) -> None:
        """Put back what a fault broke; a node is back when its system has booted."""
        self._ways(kind, target)[1]()

    def _ways(self, kind: str, target: str) -> tuple[Callable[[], None], Callable[[], None]]:
        place = self._target
        if kind == "circuit-cut":
            segment = self._segments[target]
            return lambda: place.cut_segment(segment), lambda: place.mend_segment(segment)
        if kind == "port-down":
            node, port = target.split("/")
            return lambda: place.port_down(node, port), lambda: place.port_up(node, port)
        return lambda: place.crash_node(target), lambda: place.restore_node(target)


@contextlib.contextmanager
def only_drill(state: Path) -> Iterator[None]:
    """Hold the clone's lab against other drills; raises DrillBusy."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(state / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DrillBusy("another drill is at work on this lab; wait for it to end") from error
        yield
    finally:
        os.close(descriptor)


def leftovers(state: Path) -> list[tuple[str, str]]:
    """Return what an earlier drill said it would break and did not put back, as (kind, target)."""
    try:
        noted = json.loads((state / NOTE).read_bytes())
        return [(str(item["kind"]), str(item["target"])) for item in noted["faults"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise MeasurementFailed(f"{state / NOTE} cannot be read; run `make up`, then remove it") from error


def put_back(breaker: Breaker, state: Path, say: Callable[[str], None]) -> None:
    """Undo all that the note names, then drop the note. A second Ctrl-C does not cut this short."""
    with _undisturbed(say):
        failures = []
        for kind, target in leftovers(state):
            try:
                breaker.undo(kind, target)
            except Exception as error:  # noqa: BLE001 -- the others must be put back all the same
                failures.append(f"{target}: {error}")
        if failures:
            raise MeasurementFailed(f"not all was put back ({'; '.join(failures)}); `make up` mends the rest")
        (state / NOTE).unlink(missing_ok=True)


def note(state: Path, scenario: str, faults: Sequence[Fault]) -> None:
    """Write down what is going to be broken, durably, before it is."""
    entries = [{"kind": fault.kind, "target": fault.target} for fault in faults]
    text = json.dumps({"scenario": scenario, "pid": os.getpid(), "faults": entries})
    fresh = state / f"{NOTE}.new"
    with fresh.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(state / NOTE)


def play(breaker: Breaker, faults: Sequence[Fault], origin_s: float, say: Callable[[str], None]) -> list[Event]:
    """Let every fault and repair happen at its time after `origin_s` (CLOCK_MONOTONIC) and return what was done when.

    What is due at one instant is done at once; a repair that takes long (a node that boots) holds up nothing else.
    Raises MeasurementFailed where something could not be done, or was begun too late to mean anything.
    """
    due = sorted(_due(faults), key=lambda item: item[0])
    with ThreadPoolExecutor(max(1, len(due))) as pool:
        done: list[Future[Event]] = []
        try:
            for due_s, kind, fault in due:
                _sleep_until(origin_s + due_s)
                say(f"{due_s:5.1f} s: {fault.kind} {fault.target}" + (" repaired" if kind == "repair" else ""))
                done.append(pool.submit(_do, breaker, kind, fault, due_s))
        except BaseException:
            # Whoever puts things back must not meet a thread that still breaks them.
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    events = [future.result() for future in done]
    late = [event for event in events if event.at_s - origin_s - event.due_s > ON_TIME_S]
    if late:
        raise MeasurementFailed(
            f"{late[0].label} came {late[0].at_s - origin_s - late[0].due_s:.1f} s late: host too busy"
        )
    return events


def _due(faults: Sequence[Fault]) -> Iterator[tuple[float, Literal["fault", "repair"], Fault]]:
    for fault in faults:
        yield fault.at_s, "fault", fault
        if fault.repaired_s is not None:
            yield fault.repaired_s, "repair", fault


def _do(breaker: Breaker, kind: Literal["fault", "repair"], fault: Fault, due_s: float) -> Event:
    at_s = time.monotonic()
    if kind == "fault":
        breaker.apply(fault)
    else:
        breaker.undo(fault.kind, fault.target)
    label = f"{fault.kind} {fault.target}" if kind == "fault" else f"repair {fault.target}"
    return Event(due_s, at_s, time.monotonic() - at_s, kind, label)


def _sleep_until(instant_s: float) -> None:
    while (wait_s := instant_s - time.monotonic()) > 0:
        time.sleep(wait_s)


@contextlib.contextmanager
def _undisturbed(say: Callable[[str], None]) -> Iterator[None]:
    """Let signals wait that would end the process; a second one is answered in words."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def answer(_number: int, _frame: FrameType | None) -> None:
        say("putting the lab back first")

    before: dict[signal.Signals, Any] = {}
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        before[name] = signal.signal(name, answer)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
