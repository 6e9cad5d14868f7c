"""Decisions: issued documents, and procedures that belong to no application."""

from funding_app.web.decisions import documents, procedures
from funding_app.web.decisions.blueprint import blueprint

__all__ = ["blueprint", "documents", "procedures"]
