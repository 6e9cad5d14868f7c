"""The JSON API, version 1: tokens in, JSON out, problem documents (RFC 9457) where it fails."""

from funding_app.web.api import (
    applications,
    calls,
    decisions,
    files,
    money,
    operations,
    panels,
    people,
    reviews,
)
from funding_app.web.api.blueprint import api

__all__ = [
    "api",
    "applications",
    "calls",
    "decisions",
    "files",
    "money",
    "operations",
    "panels",
    "people",
    "reviews",
]
