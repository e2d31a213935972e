"""Transfers that share the circuits: fair shares, choice of a circuit, goodput, and their course in time."""
