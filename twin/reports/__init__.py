"""Predictions as one self-contained interactive page, in Japanese or English. Leaves predicting to `simulation`."""
