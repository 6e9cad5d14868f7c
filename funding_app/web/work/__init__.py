"""The inside: tasks, cases, forms, steps. One set of pages for every role, by what it may do."""

from funding_app.web.work import (
    assignment,
    batches,
    case,
    comparing,
    discussion,
    documents,
    files,
    lists,
    meetings,
    members,
    messages,
    panels,
    procedures,
    ranking,
    reviewing,
    scores,
    writing,
)
from funding_app.web.work.blueprint import work

__all__ = [
    "assignment",
    "batches",
    "case",
    "comparing",
    "discussion",
    "documents",
    "files",
    "lists",
    "meetings",
    "members",
    "messages",
    "panels",
    "procedures",
    "ranking",
    "reviewing",
    "scores",
    "work",
    "writing",
]
