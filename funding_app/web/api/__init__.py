"""The JSON API, version 1: tokens in, JSON out, problem documents (RFC 9457) where it fails."""

from funding_app.web.api import (
    answers,
    calibration,
    calls,
    discussions,
    exports,
    me,
    papers,
    procedures,
    processes,
    reviews,
)
from funding_app.web.api.blueprint import api

__all__ = [
    "answers",
    "api",
    "calibration",
    "calls",
    "discussions",
    "exports",
    "me",
    "papers",
    "procedures",
    "processes",
    "reviews",
]
