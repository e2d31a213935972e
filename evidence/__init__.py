"""Sealed, chained records of gate, verification and drills. Imports nothing of the project."""
