"""Stations that requests wait at: closed forms, and every request by itself, compiled and plain."""
