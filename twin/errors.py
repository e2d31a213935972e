"""What goes wrong in this package, and how every error of the project becomes an exit code and lines on stderr."""

from __future__ import annotations

from collections.abc import Sequence

FINDING = 1
WRONG_USE = 2
NOT_RUNNING = 3
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143
FAULT_OF_OURS = 70

NOT_RUNNING_LINE = "the lab is not running: bring it up with `make up`"


class TwinError(Exception):
    """The root of every error that this package raises; `code` is the exit code."""

    code = WRONG_USE


class LabNotReady(TwinError):
    """The lab runs but is not in the state that a drill begins with; the message says what differs."""


class LabDiffers(TwinError):
    """What runs is not what was predicted (timers, scale); a comparison would mean nothing."""


class DrillBusy(TwinError):
    """Another drill of this clone is at work."""


class MeasurementFailed(TwinError):
    """Probes or transactions did not run as they should; the run says nothing."""


class Stopped(BaseException):
    """Someone asked to stop (SIGTERM, SIGHUP); goes past every `except Exception`, so that clean-ups alone see it."""


def explain(error: BaseException) -> tuple[int, Sequence[str]] | None:
    """Return the exit code and the lines for people, or None where the error is a fault of the program."""
    if isinstance(error, TwinError):
        return error.code, [str(error)]
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, ["interrupted"]
    if isinstance(error, Stopped):
        return TERMINATED, ["stopped"]
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED, []
    return _of_other_rooms(error)


def _of_other_rooms(error: BaseException) -> tuple[int, Sequence[str]] | None:
    """Explain what the packages below raise; they are imported here only, when something went wrong."""
    from evidence.errors import EvidenceError
    from infra.targets.target import LabNotRunning, TargetError
    from inventory.problems import EstateInvalid, InventoryError
    from simulation.errors import EstateLacks, ScenarioInvalid, SimulationError

    if isinstance(error, EstateInvalid | ScenarioInvalid):
        return FINDING, [str(problem) for problem in error.problems]
    if isinstance(error, EstateLacks):
        return FINDING, [str(error)]
    if isinstance(error, LabNotRunning):
        detail = str(error)
        return NOT_RUNNING, [NOT_RUNNING_LINE + (f" ({detail})" if detail and detail != NOT_RUNNING_LINE else "")]
    if isinstance(error, InventoryError | SimulationError | TargetError | EvidenceError):
        return WRONG_USE, str(error).splitlines()
    if isinstance(error, OSError) and error.strerror:
        return WRONG_USE, [f"{error.strerror}: {error.filename}" if error.filename else error.strerror]
    return None
