"""The provider: turns the engine's requests into calls of handlers, run in threads so that independent ones overlap.

Nothing is touched in a preview or a refresh. Leaves the wire to `infra.provider.server`.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import json
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pulumi.provider.experimental import provider as engine
from pulumi.provider.experimental.property_value import PropertyValue

from infra.errors import ConfigInvalid, InputsInvalid
from infra.provider.handler import Call, Found, Handler, Values
from infra.provider.place import Place, Settings
from infra.provider.progress import EngineLog, Steps
from infra.provider.properties import UNKNOWN, to_plain, to_properties
from infra.provider.registry import handler_for

WORKERS = 24
Result = TypeVar("Result")


class TwinProvider(engine.Provider):
    """Serves every type of the registry."""

    def __init__(self, log: EngineLog, place: Place | None = None) -> None:
        """Handlers work on `place`, or on the one that `configure` names."""
        self._log = log
        self._place = place
        self._stopping = threading.Event()
        self._threads = concurrent.futures.ThreadPoolExecutor(WORKERS, "handler")

    async def check_config(self, request: engine.CheckRequest) -> engine.CheckResponse:
        """Refuse to move a stack from one target to another: its resources stand at the first."""
        old, new = to_plain(request.old_inputs), to_plain(request.new_inputs)
        failures = []
        if old.get("target") and new.get("target") and old["target"] != new["target"]:
            reason = (
                f"this stack stands at target `{old['target']}`; for `{new['target']}` make one of its own: "
                f"`pulumi stack init {new['target']}`"
            )
            failures.append(engine.CheckFailure("target", reason))
        return engine.CheckResponse(inputs=request.new_inputs, failures=failures)

    async def diff_config(self, request: engine.DiffRequest) -> engine.DiffResponse:
        """A change of settings replaces nothing."""
        changes = to_plain(request.old_state) != to_plain(request.new_inputs)
        return engine.DiffResponse(changes=changes)

    async def configure(self, request: engine.ConfigureRequest) -> engine.ConfigureResponse:
        """Take the settings; nothing is opened yet."""
        if self._place is None:
            stack_config = json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
            self._place = Place(Settings.from_values(to_plain(request.args), stack_config))
        return await super().configure(request)

    async def cancel(self) -> None:
        """Let every handler end after the step that it is in. Also called at the end of every normal run."""
        self._stopping.set()

    def wait(self) -> None:
        """Return when no handler is at work any more."""
        self._threads.shutdown()

    async def check(self, request: engine.CheckRequest) -> engine.CheckResponse:
        """Name every property that is wrong, with the inventory line that it came from."""
        handler = handler_for(request.type)
        values = to_plain(request.new_inputs)
        try:
            inputs = handler.parse(values)
            findings = [] if contains_unknown(values) else handler.problems(inputs)
            cite = values.get("cite")
            findings = [(name, f"{what} ({cite})" if cite else what) for name, what in findings]
        except InputsInvalid as error:
            findings = error.findings
        return engine.CheckResponse(
            inputs=request.new_inputs, failures=[engine.CheckFailure(name, what) for name, what in findings]
        )

    async def diff(self, request: engine.DiffRequest) -> engine.DiffResponse:
        """Tell update from replacement, property by property."""
        return handler_for(request.type).diff(to_plain(request.old_state), to_plain(request.new_inputs))

    async def create(self, request: engine.CreateRequest) -> engine.CreateResponse:
        """Make a resource, or take over what is there."""
        handler = handler_for(request.type)
        values = to_plain(request.properties)
        if request.preview:
            return engine.CreateResponse(properties=_encoded(handler, {**values, **_to_come(handler)}))
        inputs = handler.parse(values)
        outputs = await self._in_thread(handler.create, inputs, self._call(request.urn))
        return engine.CreateResponse(handler.resource_id(inputs), _encoded(handler, outputs))

    async def read(self, request: engine.ReadRequest) -> engine.ReadResponse:
        """Look at what stands; drift becomes values, an output `drift`, and words under Diagnostics."""
        handler = handler_for(request.type)
        asked, outputs = to_plain(request.inputs), to_plain(request.properties)
        if not asked:
            raise ConfigInvalid(f"{request.type} {request.resource_id}: import is not supported; `pulumi up` adopts it")
        inputs = handler.parse(asked)
        call = self._call(request.urn)
        found: Found | None = await self._in_thread(handler.read, inputs, outputs, call)
        if found is None:
            await self._in_thread(call.steps.remark, f"drift: {request.name} is gone; `up` makes it again")
            return engine.ReadResponse()
        for words in found.drift:
            await self._in_thread(call.steps.remark, f"drift: {words}")
        state = {**asked, **found.outputs, **found.values, "drift": list(found.drift)}
        return engine.ReadResponse(
            request.resource_id, _encoded(handler, state), to_properties({**asked, **found.values})
        )

    async def update(self, request: engine.UpdateRequest) -> engine.UpdateResponse:
        """Change a resource in place."""
        handler = handler_for(request.type)
        values = to_plain(request.news)
        old = to_plain(request.olds)
        if request.preview:
            return engine.UpdateResponse(_encoded(handler, {**old, **values, "drift": [], **_to_come(handler)}))
        inputs = handler.parse(values)
        outputs = await self._in_thread(handler.update, old, inputs, self._call(request.urn))
        return engine.UpdateResponse(_encoded(handler, outputs))

    async def delete(self, request: engine.DeleteRequest) -> None:
        """Remove a resource."""
        handler = handler_for(request.type)
        outputs = to_plain(request.properties)
        inputs = handler.parse({name: value for name, value in outputs.items() if name in handler.input_names()})
        await self._in_thread(handler.delete, inputs, outputs, self._call(request.urn))

    def _call(self, urn: str) -> Call:
        if self._place is None:
            raise ConfigInvalid("provider twin: used before it was configured")
        return Call(self._place, Steps(self._log, urn, self._stopping))

    async def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(function, *arguments))


def _encoded(handler: Handler[Any], values: Values) -> dict[str, PropertyValue]:
    return to_properties(values, handler.secret_outputs)


def _to_come(handler: Handler[Any]) -> Values:
    """Return the outputs that only the real operation makes known."""
    return dict.fromkeys(handler.outputs_to_come, UNKNOWN)


def contains_unknown(value: Any) -> bool:
    """Return whether something in `value` is known only later."""
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(contains_unknown(item) for item in value)
    return bool(value == UNKNOWN)
