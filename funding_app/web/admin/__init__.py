"""What keeps the portal running: people and roles, calls, forms, budget lines, queued work."""

from funding_app.web.admin import (
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
    reviewers,
    versions,
)
from funding_app.web.admin.blueprint import admin

__all__ = [
    "admin",
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
    "reviewers",
    "versions",
]
