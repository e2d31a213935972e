"""Which handler answers for which type token. Handlers are imported on first use, so that the plugin starts quickly."""

from __future__ import annotations

import functools
import importlib
from typing import Any

from infra.errors import InfraError
from infra.provider.handler import Handler

_HANDLERS = {
    "twin:network:Segment": "segment:SegmentHandler",
    "twin:network:CarrierNetwork": "carrier_network:CarrierNetworkHandler",
    "twin:compute:Node": "node:NodeHandler",
    "twin:storage:Volume": "volume:VolumeHandler",
    "twin:security:Secret": "secret:SecretHandler",
    "twin:security:Certificate": "certificate:CertificateHandler",
    "twin:provision:Provisioning": "provisioning:ProvisioningHandler",
    "twin:evidence:Gate": "gate:GateHandler",
    "twin:evidence:Verification": "verification:VerificationHandler",
}


def tokens() -> tuple[str, ...]:
    """Return every type token that the provider serves."""
    return tuple(_HANDLERS)


@functools.cache
def handler_for(qualified: str) -> Handler[Any]:
    """Return the handler of a type; raises InfraError for a type that there is none of.

    A child's type comes with those of its parents before it, as in `twin:estate:Site$twin:compute:Node`.
    """
    token = qualified.rpartition("$")[2]
    if token not in _HANDLERS:
        raise InfraError(f"{token}: the provider has no such type; expected one of {', '.join(_HANDLERS)}")
    module, name = _HANDLERS[token].split(":")
    handler: Handler[Any] = getattr(importlib.import_module(f"infra.provider.handlers.{module}"), name)()
    return handler
