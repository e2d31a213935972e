"""Serves the provider over gRPC on a local port, which it prints for the engine, until the engine ends it.

Beside what the SDK's own `main` does: errors reach people as their own words, and the process dies with the engine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import grpc  # type: ignore[import-untyped]
import grpc.aio  # type: ignore[import-untyped]
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from evidence.errors import EvidenceError
from infra import lifeline
from infra.errors import InfraError
from infra.provider.progress import EngineLog
from infra.provider.service import TwinProvider
from infra.targets.target import TargetError
from inventory.problems import InventoryError

VERSION = "0.1.0"
Behaviour = Callable[[Any, Any], Awaitable[Any]]
PLAIN_ERRORS = (InfraError, TargetError, InventoryError, EvidenceError)


def _in_plain_words(behaviour: Behaviour) -> Behaviour:
    """Return `behaviour` with its errors turned into the call's status: their words, or the trace of a defect."""

    async def run(request: Any, context: Any) -> Any:
        try:
            return await behaviour(request, context)
        except PLAIN_ERRORS as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        except NotImplementedError as error:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        except Exception:  # noqa: BLE001 - the last place where a defect can still be told in full
            trace = traceback.format_exc(limit=-6)
            await context.abort(grpc.StatusCode.INTERNAL, f"a defect of the provider, please report it:\n{trace}")

    return run


class PlainWords(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Puts `_in_plain_words` around every method."""

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        """Wrap the method's behaviour."""
        handler = await continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            _in_plain_words(handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )


async def serve(engine_address: str, arguments: list[str]) -> None:
    """Serve until the process is asked to end; handlers at work end first."""
    server = grpc.aio.server(interceptors=[PlainWords()], options=_GRPC_CHANNEL_OPTIONS)
    provider = TwinProvider(EngineLog(engine_address))
    servicer = ProviderServicer(arguments, VERSION, provider, engine_address=engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        await server.wait_for_termination()
    finally:
        await server.stop(None)
        provider.wait()


def main() -> None:
    """Run the plugin as the engine starts it: the engine's address is the first argument."""
    lifeline.arm()
    parser = argparse.ArgumentParser(description="Pulumi provider `twin`; started by the Pulumi engine")
    parser.add_argument("engine", help="the engine's address")
    known, _ = parser.parse_known_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(known.engine, sys.argv[1:]))
    # The engine waits for each plugin in turn, and nothing is left but memory: no need to take it apart.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
