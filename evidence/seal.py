"""Sealing: a prediction goes into the chain before the run that it is held against, so it cannot be fitted later."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from evidence.canonical import digest
from evidence.chain import Record, append

PREDICTION = "prediction"


@dataclasses.dataclass(frozen=True)
class Seal:
    """A sealed prediction: its own digest, and the record that holds it."""

    prediction_digest: str
    record: Record


def seal(folder: Path | str, prediction: dict[str, Any], context: dict[str, Any]) -> Seal:
    """Append a prediction with what it was made from (estate, commit, …) and return its seal.

    Raises what `append` raises; then no run may begin.
    """
    prediction_digest = digest(prediction)
    payload = {**context, "prediction": prediction, "prediction_digest": prediction_digest}
    return Seal(prediction_digest, append(folder, PREDICTION, payload))
