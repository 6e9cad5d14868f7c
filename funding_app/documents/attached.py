"""The data that a letter carries with it, read back from its PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pikepdf

NAME = "daten.json"
MOST_BYTES = 1_000_000


def attached_values(content: bytes) -> Mapping[str, Any] | None:
    """The values attached to a letter; `None` where the file is no PDF or carries none."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            raw = pdf.attachments[NAME].get_file().read_bytes()
        values = json.loads(raw) if len(raw) <= MOST_BYTES else None
    except (pikepdf.PdfError, KeyError, ValueError):
        return None
    return values if isinstance(values, dict) else None
