"""Applications: drafts and their sections, cases with their steps, tasks, messages, handing in."""

from funding_app.web.applications import (
    case,
    ending,
    events,
    history,
    lists,
    messages,
    prefill,
    sections,
    submitted_versions,
    uploads,
)
from funding_app.web.applications.blueprint import blueprint

__all__ = [
    "blueprint",
    "case",
    "ending",
    "events",
    "history",
    "lists",
    "messages",
    "prefill",
    "sections",
    "submitted_versions",
    "uploads",
]
