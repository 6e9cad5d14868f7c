"""Copies of files without properties: no authors, no paths, no places, no earlier versions."""

from funding_app.adapters.redaction.apart import NotCleanable, clean_apart, read_apart

__all__ = ["NotCleanable", "clean_apart", "read_apart"]
