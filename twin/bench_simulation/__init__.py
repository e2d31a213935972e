"""`make bench-simulation`: the mechanisms of the simulation beside their peers, both sides in one run."""
