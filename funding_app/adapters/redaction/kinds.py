"""Which file is cleaned how, by its ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from funding_app.adapters.redaction.apart import NotCleanable
from funding_app.adapters.redaction.archives import clean_office, clean_open_document
from funding_app.adapters.redaction.pdf import clean_pdf
from funding_app.adapters.redaction.pictures import clean_picture


def _as_it_is(content: bytes) -> bytes:
    """Plain text has no properties."""
    return content


WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "pdf": clean_pdf,
    "docx": clean_office,
    "xlsx": clean_office,
    "odt": clean_open_document,
    "ods": clean_open_document,
    "png": clean_picture,
    "jpg": clean_picture,
    "jpeg": clean_picture,
    "csv": _as_it_is,
    "txt": _as_it_is,
}


def cleaned(content: bytes, ending: str) -> bytes:
    """The file without its properties; raises `NotCleanable` or whatever a broken file causes."""
    if ending not in WAYS:
        raise NotCleanable(f"no way to clean '{ending}'")
    return WAYS[ending](content)
