"""Calls: found and read by everyone, written by the office, with their forms and plain language."""

from funding_app.web.calls import (
    administration,
    blank_forms,
    calendar,
    finding,
    form_outline,
    form_parts,
    form_preview,
    forms,
    open_calls,
    plain_language,
    plain_language_texts,
)
from funding_app.web.calls.blueprint import blueprint

__all__ = [
    "administration",
    "blank_forms",
    "blueprint",
    "calendar",
    "finding",
    "form_outline",
    "form_parts",
    "form_preview",
    "forms",
    "open_calls",
    "plain_language",
    "plain_language_texts",
]
