"""Sealed, chained records of gate, verification and drills. Imports nothing of the rest of the project."""
