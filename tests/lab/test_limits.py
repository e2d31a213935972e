"""What this host cannot realise is named, never silently left out."""

from __future__ import annotations

import pytest

from infra.targets.target import Target


def test_what_cannot_be_realised_is_said(lab: Target, record_property: pytest.RecordProperty) -> None:
    """Every limit is a sentence with its reason, and goes into the result."""
    limits = lab.limits()
    for limit in limits:
        record_property("limit", limit)
        print(limit)
    assert all(len(limit) > 20 for limit in limits)
