"""The XML inside office documents, rewritten element by element; remarks and authors fall out.

Names and prefixes stay as they were written: other attributes refer to prefixes.
"""

from __future__ import annotations

import io
import posixpath
import xml.sax
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.handler import feature_external_ges, property_lexical_handler
from xml.sax.saxutils import XMLGenerator

from funding_app.adapters.redaction.apart import NotCleanable

Attributes = dict[str, str]
Rule = Callable[[str, Attributes], Attributes | None]
Unwanted = Callable[[str], bool]
"""What becomes of an element with its attributes; `None` drops it with its content."""

DROPPED = frozenset(
    "absPath annotation annotation-end attachedTemplate author-initials author-name "
    "commentRangeEnd commentRangeStart commentReference creator creator-initials "
    "customWorkbookViews dataBinding docId docVars externalData file-name fileRecoveryPr "
    "fileSharing initial-creator legacyDrawing legacyDrawingHF mailMerge OLEObject printed-by "
    "revisionPtr rsids sender-city sender-company sender-email sender-firstname sender-lastname "
    "sender-street user-defined".split()
)
BLANKED = frozenset({"author", "initials", "userName"})
REMOVED = frozenset({"providerId", "tooltip", "userId"})
DRAWN = frozenset({"cNvPr", "docPr"})
FIELDS = frozenset({"DATE", "NUMPAGES", "PAGE", "PAGEREF", "REF", "SEQ", "STYLEREF", "TOC"})
"""Fields of a text that say nothing of who wrote it; others keep their result only."""
NAMING = frozenset(
    "AUTHOR DOCPROPERTY FILENAME LASTSAVEDBY USERADDRESS USERINITIALS USERNAME".split()
)
"""Fields whose result says who wrote it."""
NOWHERE, NOBODY = "about:blank", "–"


class _Rewriter(XMLGenerator):
    """Writes what it reads, without what the rule drops, comments and processing instructions."""

    def __init__(self, out: io.BytesIO, rule: Rule) -> None:
        super().__init__(out, "utf-8", short_empty_elements=True)
        self._rule = rule
        self._dropped = 0
        self._in_field = self._in_name = False

    def startElement(self, name: str, attrs: Any) -> None:
        kept = None if self._dropped else self._rule(local(name), dict(attrs.items()))
        if kept is None:
            self._dropped += 1
            return
        self._in_field = local(name) == "instrText"
        if local(name) == "fldChar" and "end" in kept.values():
            self._in_name = False
        super().startElement(name, kept)  # type: ignore[arg-type]  # any mapping will do

    def endElement(self, name: str) -> None:
        if self._dropped:
            self._dropped -= 1
            return
        self._in_field = False
        super().endElement(name)

    def characters(self, content: str) -> None:
        if self._in_field:
            self._in_name = self._in_name or first_word(content) in NAMING
            content = field_code(content)
        elif self._in_name:
            return
        if not self._dropped:
            super().characters(content)

    def ignorableWhitespace(self, content: str) -> None:
        self.characters(content)

    def processingInstruction(self, target: str, data: str) -> None:
        """Left out."""


class _NoDocumentType:
    """Office documents have none; entities would be the way to a bomb."""

    def startDTD(self, *_names: Any) -> None:
        raise NotCleanable("it declares a document type")

    def comment(self, _text: str) -> None:
        """Left out."""

    startCDATA = endCDATA = endDTD = lambda _self: None
    startEntity = endEntity = lambda _self, _name: None


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def first_word(text: str) -> str:
    """The word that says what a field is, in capitals."""
    return next(iter(text.upper().split(maxsplit=1)), "")


def field_code(text: str) -> str:
    """A field's code, if it only counts or refers."""
    return text if first_word(text) in FIELDS | {""} else " "


def _rewritten(data: bytes, rule: Rule) -> bytes:
    out = io.BytesIO()
    parser = xml.sax.make_parser()
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(_Rewriter(out, rule))
    parser.setProperty(property_lexical_handler, _NoDocumentType())
    parser.parse(io.BytesIO(data))
    return out.getvalue()


def without_properties(data: bytes) -> bytes:
    """A part's markup without authors, remarks, links to elsewhere and traces of its making."""
    return _rewritten(data, _bare)


def _bare(name: str, attributes: Attributes) -> Attributes | None:
    if name in DROPPED or (name == "fldSimple" and _names_somebody(attributes)):
        return None
    kept = {key: _value(name, key, value) for key, value in attributes.items()}
    return {key: value for key, value in kept.items() if value is not None}


def _names_somebody(attributes: Attributes) -> bool:
    return any(
        local(key) == "instr" and first_word(value) in NAMING for key, value in attributes.items()
    )


def _value(element: str, key: str, value: str) -> str | None:
    """What becomes of an attribute; `None` removes it."""
    name = local(key)
    if name in REMOVED or name.startswith("rsid") or key == "draw:name":
        return None
    if element == "pageSetup" and key == "r:id":
        return None  # the settings of somebody's printer
    if name in BLANKED or (element in DRAWN and name == "name"):
        return NOBODY
    if key == "xlink:href":
        return value if value.startswith(("#", "Pictures/")) else NOWHERE
    return field_code(value) if name == "instr" else value


def without_relations(data: bytes, folder: str, unwanted: Unwanted) -> bytes:
    """The relations of a part in `folder` that stay; links to elsewhere lead nowhere."""

    def rule(name: str, attributes: Attributes) -> Attributes | None:
        if name != "Relationship":
            return attributes
        if attributes.get("TargetMode") == "External":
            is_link = attributes.get("Type", "").endswith("/hyperlink")
            return attributes | {"Target": NOWHERE} if is_link else None
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
        return None if unwanted(target.lstrip("/")) else attributes

    return _rewritten(data, rule)


def without_entries(data: bytes, key: str, unwanted: Unwanted) -> bytes:
    """A list of parts without those that are left out; `key` is the attribute that names them."""

    def rule(_name: str, attributes: Attributes) -> Attributes | None:
        part: Mapping[str, str] = attributes
        return None if unwanted(part.get(key, "").lstrip("/")) else attributes

    return _rewritten(data, rule)
