"""What keeps the portal running: people and roles, calls, forms, budget lines, queued work."""

from funding_app.web.admin import (
    barriers,
    budget,
    calls,
    definitions,
    form_outline,
    form_parts,
    form_preview,
    forms,
    jobs,
    organisations,
    parameters,
    people,
    plain_language,
    reviewers,
    versions,
)
from funding_app.web.admin.blueprint import admin

__all__ = [
    "admin",
    "barriers",
    "budget",
    "calls",
    "definitions",
    "form_outline",
    "form_parts",
    "form_preview",
    "forms",
    "jobs",
    "organisations",
    "parameters",
    "people",
    "plain_language",
    "reviewers",
    "versions",
]
