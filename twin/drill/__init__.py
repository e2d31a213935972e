"""Drills: the same scenario file as the simulation's, on the running lab, held against the sealed prediction."""
