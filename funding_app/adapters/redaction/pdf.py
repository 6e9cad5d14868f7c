"""A PDF without its properties: what is left is what its pages show."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from pikepdf.sanitize import Sanitizer

from funding_app.adapters.redaction.apart import NotCleanable
from funding_app.adapters.redaction.pictures import bare_jpeg

ROOT_KEYS = frozenset(
    "/Type /Pages /Lang /MarkInfo /StructTreeRoot /OCProperties /PageLayout /Version".split()
)
PAGE_KEYS = frozenset(
    "/Type /Parent /Kids /Count /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Rotate "
    "/Contents /Group /StructParents /Tabs /UserUnit".split()
)
ANYWHERE_UNWANTED = frozenset(
    "/Metadata /PieceInfo /LastModified /AF /EF /Thumb /OPI /Measure /VP /PtData /GPI /JT "
    "/SpiderInfo /CreatorInfo /Private".split()
)
TEXTS_SHOWN = frozenset("/ActualText /Alt /E /Lang /Registry /Ordering /CharSet /DA /P".split())
"""Keys whose text is read out or needed to draw; other texts in dictionaries say who made it."""
HOLDING_XML = (b"xml ", b"uuid")


def clean_pdf(content: bytes) -> bytes:
    """The pages, tagged as they were. Raises `NotCleanable` or an error of `pikepdf`."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _sanitise(pdf)
        _flatten(pdf)
        _keep_only(pdf.Root, ROOT_KEYS)
        for page in pdf.pages:
            _keep_only(page.obj, PAGE_KEYS)
        _keep_only(pdf.trailer, frozenset(("/Root", "/Size")))
        for item in pdf.objects:
            _bare(item)
        return _written(pdf)


def _written(pdf: Pdf) -> bytes:
    """As a new file: nothing that no page needs, no earlier versions, no key."""
    made = io.BytesIO()
    pdf.save(
        made,
        encryption=False,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return made.getvalue()


def _sanitise(pdf: Pdf) -> None:
    sanitizer = Sanitizer().remove_javascript().remove_external_access().remove_attachments()
    sanitizer.remove_collection().remove_multimedia().remove_private_app_data()
    sanitizer.remove_search_index().remove_thumbnails().remove_web_capture().apply(pdf)


def _flatten(pdf: Pdf) -> None:
    """What was typed into a form becomes part of the page; signatures and remarks go."""
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, Array):
            shown = [note for note in notes if _is_shown(note)]
            page.obj.Annots = Array(shown)
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")


def _is_shown(note: Any) -> bool:
    """Whether a note on a page belongs to what it shows."""
    if not isinstance(note, Dictionary) or note.get("/Subtype") not in (
        Name.Widget, Name.FreeText, Name.Ink, Name.Line, Name.Square, Name.Circle, Name.Polygon,
        Name.Highlight, Name.Underline,
    ):  # fmt: skip
        return False
    parent = note.get("/Parent")
    kinds = [one.get("/FT") for one in (note, parent) if isinstance(one, Dictionary)]
    return Name.Sig not in kinds


def _keep_only(item: Any, keys: frozenset[str]) -> None:
    for key in set(item.keys()) - keys:
        del item[key]


def _bare(item: Any) -> None:
    """One object of the file without what says who made it, and all it directly holds."""
    if isinstance(item, Stream):
        _bare_stream(item)
        item = item.stream_dict
    if isinstance(item, Dictionary):
        for key in list(item.keys()):
            if key in ANYWHERE_UNWANTED or _is_remark(key, item[key]):
                del item[key]
        for value in list(item.values()):
            _bare_inside(value)
    elif isinstance(item, Array):
        for value in list(item):
            _bare_inside(value)


def _bare_inside(value: Any) -> None:
    """What an object holds directly; what it refers to has its own turn."""
    if isinstance(value, Dictionary | Array) and not value.is_indirect:
        _bare(value)


def _is_remark(key: str, value: Any) -> bool:
    return isinstance(value, String) and key not in TEXTS_SHOWN


def _bare_stream(stream: Any) -> None:
    filters = _filters(stream)
    if Name.JPXDecode in filters:
        if any(box in stream.read_raw_bytes() for box in HOLDING_XML):
            raise NotCleanable("a picture holds a description")
    elif filters[-1:] == [Name.DCTDecode]:
        raw = stream.read_raw_bytes() if len(filters) == 1 else stream.get_stream_buffer()
        stream.write(bare_jpeg(bytes(raw)), filter=Name.DCTDecode)
    elif stream.get("/Subtype") == Name.Form or _is_content(stream):
        _without_comments(stream)


def _filters(stream: Any) -> list[Any]:
    found = stream.get("/Filter", Array())
    return list(found) if isinstance(found, Array) else [found]


def _is_content(stream: Any) -> bool:
    """The content of a page has no key of its own but its length and filter."""
    return not set(stream.stream_dict.keys()) - {"/Length", "/Filter", "/DecodeParms"}


def _without_comments(stream: Any) -> None:
    """A comment among the drawing operations is seen by nobody, and still says something."""
    data = stream.read_bytes()
    if b"%" not in data:
        return
    parsed = pikepdf.parse_content_stream(stream)
    stream.write(pikepdf.unparse_content_stream(parsed))
