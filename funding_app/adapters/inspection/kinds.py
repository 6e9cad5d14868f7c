"""Which file is examined how. Opening is the proof: what can not be opened is unreadable."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping

from PIL import Image

from funding_app.adapters.inspection.archives import document_problem
from funding_app.adapters.inspection.examiner import UNREADABLE
from funding_app.adapters.inspection.pdf import pdf_problem

MOST_PIXELS = 100_000_000
"""More than a camera takes; as plain pixels 300 MB."""


def picture_problem(content: bytes) -> str | None:
    """A picture has a decent size and is whole; it is drawn to the last line to know."""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return "file_bomb"
        picture.load()
    return None


def text_problem(content: bytes) -> str | None:
    """Plain text holds no zeros and no other control characters that a terminal would obey."""
    return UNREADABLE if b"\x00" in content or b"\x1b" in content else None


WAYS: Mapping[str, Callable[[bytes], str | None]] = {
    "pdf": pdf_problem,
    "docx": document_problem,
    "xlsx": document_problem,
    "odt": document_problem,
    "ods": document_problem,
    "png": picture_problem,
    "jpg": picture_problem,
    "jpeg": picture_problem,
    "csv": text_problem,
    "txt": text_problem,
}
ARCHIVES = frozenset({"docx", "xlsx", "odt", "ods"})


def examined(content: bytes, ending: str) -> str | None:
    """What speaks against the file, as a code of the messages; never raises."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # an own limit says why
    if ending not in ARCHIVES and zipfile.is_zipfile(io.BytesIO(content)):
        return "file_double"
    try:
        return WAYS[ending](content)
    except Exception:  # whatever a broken file causes, it is not readable
        return UNREADABLE
