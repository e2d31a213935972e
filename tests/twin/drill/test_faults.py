"""Faults come at their times, and whatever was broken is put back, however the drill ends."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from simulation.scenario import Fault
from topology.model import Network
from twin.drill import faults
from twin.errors import DrillBusy, MeasurementFailed


class RecordingTarget:
    """A place that does nothing but note what it is asked for and when."""

    def __init__(self, slow_s: float = 0.0, fails: str = "") -> None:
        self.asked: list[tuple[str, str]] = []
        self.at_s: list[float] = []
        self._slow_s = slow_s
        self._fails = fails

    def _note(self, what: str, name: str) -> None:
        self.asked.append((what, name))
        self.at_s.append(time.monotonic())
        if self._fails and self._fails in name:
            raise OSError(5, "Input/output error")
        time.sleep(self._slow_s)

    def cut_segment(self, segment: str) -> None:
        """Note a cut."""
        self._note("cut", segment)

    def mend_segment(self, segment: str) -> None:
        """Note a mending."""
        self._note("mend", segment)

    def port_down(self, node: str, interface: str) -> None:
        """Note a port set down."""
        self._note("down", f"{node}/{interface}")

    def port_up(self, node: str, interface: str) -> None:
        """Note a port set up."""
        self._note("up", f"{node}/{interface}")

    def crash_node(self, node: str) -> None:
        """Note a crash."""
        self._note("crash", node)

    def restore_node(self, node: str) -> None:
        """Note a restoration."""
        self._note("restore", node)


def _fault(at_s: float, kind: str, target: str, repair_after_s: float | None = None) -> Fault:
    return Fault.model_construct(at_s=at_s, kind=kind, target=target, repair_after_s=repair_after_s)


def _silent(_: str) -> None:
    pass


def test_faults_and_repairs_come_at_their_times(network: Network) -> None:
    """Every fault and repair begins within a few milliseconds of its time, in order, also while another takes long."""
    place = RecordingTarget(slow_s=0.15)
    planned = [
        _fault(0.1, "circuit-cut", "fujinomiya-main", 0.2),
        _fault(0.1, "port-down", "fm-rt-main/main"),
        _fault(0.2, "node-crash", "dc-rt-1", 0.2),
    ]
    origin_s = time.monotonic()
    events = faults.play(faults.Breaker(place, network), planned, origin_s, _silent)  # type: ignore[arg-type]
    assert [(event.kind, event.label) for event in events] == [
        ("fault", "circuit-cut fujinomiya-main"),
        ("fault", "port-down fm-rt-main/main"),
        ("fault", "node-crash dc-rt-1"),
        ("repair", "repair fujinomiya-main"),
        ("repair", "repair dc-rt-1"),
    ]
    assert all(0 <= event.at_s - origin_s - event.due_s < 0.1 for event in events)
    assert all(event.took_s >= 0.15 for event in events)
    assert place.asked[0] == ("cut", "fujinomiya-main")


def test_campus_link_is_cut_where_it_carries_a_segment(network: Network) -> None:
    """A circuit that carries a LAN is cut in that LAN's segment."""
    place = RecordingTarget()
    breaker = faults.Breaker(place, network)  # type: ignore[arg-type]
    breaker.apply(_fault(0, "circuit-cut", "fuji-campus"))
    assert place.asked == [("cut", "fuji-hall-counters")]


def test_note_is_on_disk_before_and_gone_after(network: Network, tmp_path: Path) -> None:
    """The note names every fault until all are put back."""
    place = RecordingTarget()
    planned = [_fault(0, "circuit-cut", "fuji-wan-1"), _fault(0, "node-crash", "dc-rt-1")]
    faults.note(tmp_path, "made-up", planned)
    assert faults.leftovers(tmp_path) == [("circuit-cut", "fuji-wan-1"), ("node-crash", "dc-rt-1")]
    assert json.loads((tmp_path / "drill.json").read_text())["pid"] == os.getpid()
    faults.put_back(faults.Breaker(place, network), tmp_path, _silent)  # type: ignore[arg-type]
    assert place.asked == [("mend", "fuji-wan-1"), ("restore", "dc-rt-1")]
    assert faults.leftovers(tmp_path) == []


def test_one_failure_does_not_leave_the_others_broken(network: Network, tmp_path: Path) -> None:
    """What can be put back is; what cannot is named, and the note stays for the next run."""
    place = RecordingTarget(fails="fuji-wan-1")
    faults.note(
        tmp_path, "made-up", [_fault(0, "circuit-cut", "fuji-wan-1"), _fault(0, "port-down", "fm-rt-main/main")]
    )
    with pytest.raises(MeasurementFailed, match=r"fuji-wan-1.*make up"):
        faults.put_back(faults.Breaker(place, network), tmp_path, _silent)  # type: ignore[arg-type]
    assert ("up", "fm-rt-main/main") in place.asked
    assert len(faults.leftovers(tmp_path)) == 2


def test_second_interrupt_does_not_cut_the_putting_back_short(network: Network, tmp_path: Path) -> None:
    """Signals that come while the lab is put back are answered in words, and the work goes on."""
    place, said = RecordingTarget(slow_s=0.3), []
    faults.note(tmp_path, "made-up", [_fault(0, "circuit-cut", "fuji-wan-1"), _fault(0, "circuit-cut", "fuji-wan-2")])
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    faults.put_back(faults.Breaker(place, network), tmp_path, said.append)  # type: ignore[arg-type]
    timer.join()
    assert [name for _, name in place.asked] == ["fuji-wan-1", "fuji-wan-2"]
    assert said == ["putting the lab back first"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_fault_that_cannot_be_done_ends_the_run(network: Network) -> None:
    """An error of the place reaches whoever runs the drill, after everything under way has ended."""
    place = RecordingTarget(fails="dc-rt-1")
    with pytest.raises(OSError, match="Input/output"):
        faults.play(
            faults.Breaker(place, network),  # type: ignore[arg-type]
            [_fault(0, "node-crash", "dc-rt-1", 0.1)],
            time.monotonic(),
            _silent,
        )


def test_late_fault_is_no_measurement(network: Network) -> None:
    """A fault that comes much later than the scenario says is refused, not measured."""
    with pytest.raises(MeasurementFailed, match="late"):
        faults.play(
            faults.Breaker(RecordingTarget(), network),  # type: ignore[arg-type]
            [_fault(0, "circuit-cut", "fuji-wan-1")],
            time.monotonic() - 5,
            _silent,
        )


def _hold(state: Path, held: object) -> None:
    with faults.only_drill(state):
        held.set()  # type: ignore[attr-defined]
        time.sleep(30)


def test_second_drill_is_refused_and_a_dead_one_is_not_in_the_way(tmp_path: Path) -> None:
    """Two drills never run at once; the lock of a killed one is free."""
    context = multiprocessing.get_context("fork")
    held = context.Event()
    other = context.Process(target=_hold, args=(tmp_path, held))
    other.start()
    assert held.wait(10)
    with pytest.raises(DrillBusy), faults.only_drill(tmp_path):
        pass
    other.kill()
    other.join()
    with faults.only_drill(tmp_path):
        pass
