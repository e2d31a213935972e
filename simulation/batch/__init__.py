"""Batch jobs of a night: what follows what, when each runs, what is critical, what a failed and restarted job does."""
