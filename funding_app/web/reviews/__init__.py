"""Reviews: assigned, declared, scored, calibrated, discussed and handed over."""

from funding_app.web.reviews import (
    assignment,
    calibration,
    discussion,
    handing_over,
    review_mails,
    reviewers,
    reviewers_files,
    scores,
    scoring,
)
from funding_app.web.reviews.blueprint import blueprint

__all__ = [
    "assignment",
    "blueprint",
    "calibration",
    "discussion",
    "handing_over",
    "review_mails",
    "reviewers",
    "reviewers_files",
    "scores",
    "scoring",
]
