"""Synthetic data that looks like the real thing, from a fixed seed, through the engine."""
