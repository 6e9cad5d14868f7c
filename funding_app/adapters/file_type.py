"""What a file really is, whatever its name says: by its content, not by its ending."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import magic

MOST_MEMBERS = 5_000
PLAIN = frozenset({"text/plain", "text/csv", "application/csv"})
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
# The member that makes an archive a document of its kind.
MAIN_PARTS: Mapping[str, str] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}


def ending_of(file_name: str) -> str:
    """The ending in small letters, without the dot; empty where there is none."""
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""


def is_what_it_says(file_name: str, content: bytes) -> bool:
    """Whether the content is of the kind that the ending names; macros are of no kind."""
    ending = ending_of(file_name)
    if ending not in MEDIA_TYPES:
        return False
    if ending in MAIN_PARTS:
        return _is_document(ending, content)
    found = magic.from_buffer(content[:65_536], mime=True)
    return found == MEDIA_TYPES[ending] or (ending in ("csv", "txt") and found in PLAIN)


def _is_document(ending: str, content: bytes) -> bool:
    """Looks at the archive's list of contents only; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    macros = any(name.lower().endswith(("vbaproject.bin", ".bas", ".xba")) for name in names)
    return len(names) <= MOST_MEMBERS and MAIN_PARTS[ending] in names and not macros
