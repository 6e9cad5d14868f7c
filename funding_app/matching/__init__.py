"""Who reviews what: the best assignment and suspected conflicts, over plain values."""

from funding_app.matching.model import (
    Assignment,
    Pair,
    Reviewer,
    Shortage,
    Wanted,
    Weights,
    fit,
)
from funding_app.matching.solver import assign
from funding_app.matching.suspicion import Applicant, Referee, suspicions

__all__ = [
    "Applicant",
    "Assignment",
    "Pair",
    "Referee",
    "Reviewer",
    "Shortage",
    "Wanted",
    "Weights",
    "assign",
    "fit",
    "suspicions",
]
