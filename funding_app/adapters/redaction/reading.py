"""What a file says: the text that people read in it, and its properties."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pypdfium2

from funding_app.adapters.redaction.apart import MOST_BYTES, NotCleanable

MOST_CHARACTERS = 2_000_000
ENDS = re.compile(r"</(?:\w+:)?(?:p|h|si|c|row|tab|br|table-cell)>|<(?:\w+:)?(?:br|tab)\b[^>]*>")
"""Where a line of an office document ends; within one, marks stand in the middle of words."""
MARK = re.compile(r"<[^>]*>")
PROPERTIES = re.compile(r"docProps/|meta\.xml$")


def _pdf(content: bytes) -> Iterator[str]:
    with pypdfium2.PdfDocument(content) as pdf:
        yield from pdf.get_metadata_dict().values()
        for page in pdf:
            yield page.get_textpage().get_text_bounded()


def _office(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(info.file_size for info in parts.infolist()) > MOST_BYTES:
            raise NotCleanable("it is too large")
        for name in parts.namelist():
            if name.endswith(".xml"):
                written = parts.read(name).decode("utf-8", "replace")
                ends = MARK if PROPERTIES.match(name) else ENDS
                yield html.unescape(MARK.sub("", ends.sub("\n", written)))


def _plain(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")


WAYS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": _pdf,
    "docx": _office,
    "xlsx": _office,
    "odt": _office,
    "ods": _office,
    "csv": _plain,
    "txt": _plain,
}


def text_of(content: bytes, ending: str) -> str:
    """All text of a file in its order, properties among it; raises what a broken file causes.

    Pictures and scans have none: `NotCleanable`.
    """
    if ending not in WAYS:
        raise NotCleanable(f"no text in '{ending}'")
    found, length = [], 0
    for part in WAYS[ending](content):
        found.append(part)
        length += len(part)
        if length > MOST_CHARACTERS:
            break
    text = "\n".join(found)[:MOST_CHARACTERS]
    if not text.strip():
        raise NotCleanable("it has no text")
    return text
