"""Office documents without their properties: text, tables and pictures stay, authors go."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable

from funding_app.adapters.redaction.apart import MOST_BYTES, NotCleanable
from funding_app.adapters.redaction.markup import (
    without_entries,
    without_properties,
    without_relations,
)
from funding_app.adapters.redaction.pictures import clean_picture

OFFICE_UNWANTED = re.compile(
    r"docProps/|docMetadata/|customXml/|(word|xl)/(embeddings|printerSettings)/"
    r"|word/(comments|people)|xl/(comments|threadedComments|persons|revisions|customProperty)"
    r"|.*\.vml(\.rels)?$|.*/$"
)
OPEN_UNWANTED = re.compile(
    r"meta\.xml$|settings\.xml$|Thumbnails/|Configurations2/|layout-cache$|manifest\.rdf$|.+/$"
)
WITHHELD = re.compile(r"xl/(externalLinks|connections)|word/(afchunk|subdoc)", re.IGNORECASE)
PICTURES = (".png", ".jpg", ".jpeg")
MOMENT = (1980, 1, 1, 0, 0, 0)


def clean_office(content: bytes) -> bytes:
    """A DOCX or XLSX. Raises `NotCleanable` for one with parts whose content is unknown."""
    return _rewritten(content, OFFICE_UNWANTED, _office_part)


def clean_open_document(content: bytes) -> bytes:
    """An ODT or ODS. Raises `NotCleanable` for one with parts whose content is unknown."""
    return _rewritten(content, OPEN_UNWANTED, _open_part)


def _rewritten(
    content: bytes, unwanted: re.Pattern[str], part_of: Callable[[str, bytes], bytes]
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        if sum(info.file_size for info in old.infolist()) > MOST_BYTES:
            raise NotCleanable("it is too large")
        for name in old.namelist():
            if WITHHELD.match(name):
                raise NotCleanable(f"it draws on {posixpath.dirname(name)}")
            if not unwanted.match(name):
                way = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                new.writestr(zipfile.ZipInfo(name, MOMENT), part_of(name, old.read(name)), way)
    return made.getvalue()


def _office_part(name: str, data: bytes) -> bytes:
    if name == "[Content_Types].xml":
        return without_entries(data, "PartName", _is_unwanted_office)
    if name.endswith(".rels"):
        folder = posixpath.dirname(posixpath.dirname(name))
        return without_relations(data, folder, _is_unwanted_office)
    return _part(name, data)


def _open_part(name: str, data: bytes) -> bytes:
    if name == "mimetype":
        return data
    if name == "META-INF/manifest.xml":
        return without_entries(data, "manifest:full-path", _is_unwanted_open)
    return _part(name, data)


def _part(name: str, data: bytes) -> bytes:
    if name.lower().endswith(PICTURES):
        return clean_picture(data)
    if name.endswith(".xml"):
        return without_properties(data)
    raise NotCleanable(f"it has a part of an unknown kind: {posixpath.basename(name)[-12:]}")


def _is_unwanted_office(name: str) -> bool:
    return OFFICE_UNWANTED.match(name) is not None


def _is_unwanted_open(name: str) -> bool:
    return OPEN_UNWANTED.match(name) is not None
