"""Errors of drawings."""

from __future__ import annotations


class DrawingError(Exception):
    """A drawing cannot be made; the message says what is missing."""
