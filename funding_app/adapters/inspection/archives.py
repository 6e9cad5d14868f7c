"""What an office document must not hold: bombs, programs, document types, parts from elsewhere."""

from __future__ import annotations

import io
import posixpath
import re
import xml.sax
import zipfile
from typing import Any
from xml.sax.handler import feature_external_ges, property_lexical_handler

from funding_app.adapters.file_type import MOST_MEMBERS

MOST_BYTES = 200 * 1024**2
MOST_RATIO = 200
SMALL = 1024**2
"""Below this unpacked size a part may be packed as tightly as it likes."""
PROGRAMS = (
    *(".bin", ".exe", ".dll", ".vbs", ".js", ".bat", ".cmd", ".ps1", ".com", ".scr", ".jar"),
    *(".docm", ".xlsm", ".pptm", ".zip", ".rar", ".7z", ".htm", ".html", ".svg", ".swf"),
)
"""Endings of parts that run, or that hide what they hold."""
NEARBY = re.compile(r"(file:///)?[A-Za-z]:[\\/]|(?![A-Za-z][A-Za-z0-9+.-]*:)(?![\\/])")
"""Where a template or picture of the author's own machine lies; nobody else is asked for it."""
ALLOWED_BINARIES = ("printersettings",)
PROGRAM_FOLDERS = ("basic/", "scripts/")
ENCRYPTED = 1
CHUNK = 64 * 1024


class _Forbidden(Exception):
    """Something in a part that no document needs."""


class _Reader(xml.sax.ContentHandler):
    """Ends at a relation that loads from elsewhere; links that somebody has to click do not."""

    def startElement(self, name: str, attrs: Any) -> None:
        if name.rpartition(":")[2] != "Relationship" or attrs.get("TargetMode") != "External":
            return
        is_link = attrs.get("Type", "").endswith("/hyperlink")
        if not is_link and not NEARBY.match(attrs.get("Target", "")):
            raise _Forbidden


class _NoDocumentType:
    """Office documents have none; entities would be the way to other files and to bombs."""

    def startDTD(self, *_names: Any) -> None:
        raise _Forbidden

    comment = startEntity = endEntity = lambda *_: None
    startCDATA = endCDATA = endDTD = lambda _self: None


def document_problem(content: bytes) -> str | None:
    """A code of the messages, or `None`. Raises whatever a broken archive causes."""
    if not content.startswith(b"PK\x03\x04"):
        return "file_double"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        return _list_problem(members) or _parts_problem(archive, members)


def _list_problem(members: list[zipfile.ZipInfo]) -> str | None:
    names = [member.filename for member in members]
    if len(names) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
        return "file_bomb"
    if any(_is_bomb(member) for member in members):
        return "file_bomb"
    if any(member.flag_bits & ENCRYPTED for member in members):
        return "file_locked"
    if len(set(names)) < len(names) or any(map(_leads_out, names)):
        return "file_unreadable"
    return "file_active" if any(map(_is_program, names)) else None


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    tight = member.file_size > MOST_RATIO * max(member.compress_size, 1)
    return member.file_size > SMALL and tight


def _leads_out(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or ":" in path


def _is_program(name: str) -> bool:
    low = name.lower()
    if low.startswith(PROGRAM_FOLDERS):
        return True
    return low.endswith(PROGRAMS) and not posixpath.basename(low).startswith(ALLOWED_BINARIES)


def _parts_problem(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str | None:
    """Unpacks every part within its promised size, which also proves its check sum."""
    for member in members:
        with archive.open(member) as part:
            is_markup = member.filename.lower().endswith((".xml", ".rels"))
            if is_markup and not _is_plain(part.read()):
                return "file_active"
            while part.read(CHUNK):
                pass
    return None


def _is_plain(data: bytes) -> bool:
    parser = xml.sax.make_parser()
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(_Reader())
    parser.setProperty(property_lexical_handler, _NoDocumentType())
    try:
        parser.parse(io.BytesIO(data))
    except _Forbidden:
        return False
    return True
