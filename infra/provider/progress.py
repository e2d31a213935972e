"""Live progress and words for people, through the engine's Log call. A Log that fails never stops the work."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from infra.errors import Interrupted

LOG_TIMEOUT_S = 2.0


class EngineLog:
    """Speaks to the engine at an address. Safe to use from several threads."""

    def __init__(self, address: str | None) -> None:
        """Connect on first use; without an address everything is silent."""
        self._address = address
        self._stub: Any = None
        self._lock = threading.Lock()

    def say(self, urn: str, text: str, *, passing: bool) -> None:
        """Show `text` beside a resource; `passing` lines vanish with the next one, others stay under Diagnostics."""
        if not self._address:
            return
        severity = engine_pb2.LogSeverity.Value("INFO" if passing else "WARNING")
        request = engine_pb2.LogRequest(severity=severity, message=text, urn=urn, streamId=0, ephemeral=passing)
        with contextlib.suppress(grpc.RpcError, ValueError, OSError):
            self._connected().Log(request, timeout=LOG_TIMEOUT_S)

    def _connected(self) -> Any:
        with self._lock:
            if self._stub is None:
                self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))
            return self._stub


class Steps:
    """The progress of one operation. Called with a step's words between steps, where it also stops if asked to."""

    def __init__(self, log: EngineLog, urn: str, stopping: threading.Event) -> None:
        """Count from the first step; `stopping` is set when the engine cancels."""
        self._log = log
        self._urn = urn
        self._stopping = stopping

    def __call__(self, text: str) -> None:
        """Show a step; raises Interrupted between steps after a cancel."""
        if self._stopping.is_set():
            raise Interrupted(f"stopped as asked, before: {text}; run again to go on from there")
        self._log.say(self._urn, text, passing=True)

    def remark(self, text: str) -> None:
        """Say something that stays in the output."""
        self._log.say(self._urn, text, passing=False)

    @property
    def stopping(self) -> bool:
        """Whether the engine asked to stop."""
        return self._stopping.is_set()
