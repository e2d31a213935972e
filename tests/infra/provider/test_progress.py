"""Progress reaches the engine, and an engine that does not listen never stops the work."""

from __future__ import annotations

import concurrent.futures
import threading

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from infra.provider.progress import EngineLog, Steps


class _Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.heard: list[engine_pb2.LogRequest] = []

    def Log(self, request, _context):  # noqa: ANN001, ANN202, N802 - the wire's name
        self.heard.append(request)
        from google.protobuf import empty_pb2

        return empty_pb2.Empty()


def test_steps_are_ephemeral_and_remarks_stay() -> None:
    """A step is shown beside its resource and vanishes; a remark stays under Diagnostics."""
    engine = _Engine()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        steps = Steps(EngineLog(f"127.0.0.1:{port}"), "urn:x", threading.Event())
        steps("step 1/2")
        steps.remark("drift: rate")
    finally:
        server.stop(None)
    assert [(item.message, item.urn, item.ephemeral) for item in engine.heard] == [
        ("step 1/2", "urn:x", True),
        ("drift: rate", "urn:x", False),
    ]


def test_failing_log_is_ignored() -> None:
    """With nobody at the engine's address a step passes in silence."""
    steps = Steps(EngineLog("127.0.0.1:1"), "urn:x", threading.Event())
    steps("step 1/2")
    steps.remark("words")
    Steps(EngineLog(None), "urn:x", threading.Event())("no engine at all")
