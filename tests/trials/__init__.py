"""Trials, which a person runs for a figure: `python -m tests.trials.matrix` and its neighbours."""
