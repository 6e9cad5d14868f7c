"""Applications and what hangs on them: begun, written, moved by events, read with their log."""

from funding_app.web.api.applications import answers, drafts, events, process, tasks

__all__ = ["answers", "drafts", "events", "process", "tasks"]
