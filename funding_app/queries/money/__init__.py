"""The budget, and what came of the money."""
