"""Benchmarks: what the project is measured against, each figure beside its peer or its bound."""
