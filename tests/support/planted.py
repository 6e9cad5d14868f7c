"""Files with words planted in their properties, and every text that can be found in a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import openpyxl
import pikepdf
import weasyprint
from openpyxl.comments import Comment
from PIL import Image

Word = Callable[[str], str]
"""Makes a new word and remembers where it was planted."""

CORE = "creator lastModifiedBy title subject description keywords category".split()
INFO = "Author Title Subject Keywords Creator Company".split()
NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/x"/>
<Override PartName="/docProps/core.xml" ContentType="application/x"/></Types>"""
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def dirty_pdf(word: Word, shown: str) -> bytes:
    """A PDF with properties, XMP, an attached file, an author in a picture, an earlier version."""
    page = f"<html lang=de><body><p>{shown}</p></body></html>"
    with pikepdf.open(io.BytesIO(weasyprint.HTML(string=page).write_pdf())) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:creator"] = [word("xmp")]
            metadata["pdf:Producer"] = word("xmp")
        for key in INFO:
            pdf.docinfo[f"/{key}"] = word("pdf")
        pdf.attachments[f"{word('pdf')}.txt"] = word("pdf").encode()
        pdf.trailer["/Planted"] = pikepdf.String(word("pdf"))
        pdf.pages[0].obj["/PieceInfo"] = pikepdf.Dictionary(X=pikepdf.String(word("pdf")))
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([_remark(word)])
        made = io.BytesIO()
        pdf.save(made, compress_streams=False)
    return made.getvalue() + f"\n% {word('pdf')}\n".encode()


def _remark(word: Word) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 9, 9],
        T=pikepdf.String(word("pdf")),
        Contents=pikepdf.String(word("pdf")),
    )


def dirty_docx(word: Word, shown: str) -> bytes:
    """A text document with properties, a remark, a change with its author, a template's path."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    core = "".join(f"<dc:{key}>{word('docx')}</dc:{key}>" for key in CORE)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="a" Type="{RELATION}/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="b" Type="{RELATION}/core" '
        f'Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": f"<w:document {w}><!-- {word('docx')} --><w:body><w:p>"
        f'<w:ins w:author="{word("docx")}" w:id="1"><w:r><w:t>{shown}</w:t></w:r></w:ins>'
        f'</w:p><w:p><w:fldSimple w:instr=" AUTHOR "><w:t>{word("docx")}</w:t></w:fldSimple>'
        f'<w:fldChar w:fldCharType="begin"/><w:instrText> FILENAME \\p </w:instrText>'
        f'<w:fldChar w:fldCharType="separate"/><w:t>{word("docx")}</w:t>'
        f'<w:fldChar w:fldCharType="end"/><w:t>danach</w:t></w:p></w:body></w:document>',
        "word/comments.xml": f"<w:comments {w}><w:p>{word('docx')}</w:p></w:comments>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships"><Relationship Id="c" Type="{RELATION}/attachedTemplate" '
        f'TargetMode="External" Target="file:///C:/Users/{word("docx")}/x.dotx"/><Relationship '
        f'Id="d" Type="{RELATION}/comments" Target="comments.xml"/></Relationships>',
        "docProps/core.xml": f"<cp:coreProperties {NAMESPACES}>{core}</cp:coreProperties>",
        "docProps/app.xml": f"<Properties><Company>{word('docx')}</Company></Properties>",
    }
    return archive(parts, comment=word("docx"))


def archive(parts: dict[str, str], comment: str = "") -> bytes:
    """A ZIP archive of texts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as container:
        container.comment = comment.encode()
        for name, text in parts.items():
            container.writestr(name, text)
    return made.getvalue()


def dirty_xlsx(word: Word, shown: str) -> bytes:
    """A workbook with properties, a remark and a link that names somebody."""
    book = openpyxl.Workbook()
    for key in CORE:
        setattr(book.properties, key, word("xlsx"))
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = shown, "Kontakt"
    sheet["A1"].comment = Comment(word("xlsx"), word("xlsx"))
    sheet["A2"].hyperlink = f"mailto:{word('xlsx')}@verein.example"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def dirty_jpeg(word: Word) -> bytes:
    """A photograph with artist, description, copyright and owner."""
    exif = Image.Exif()
    for tag in (0x013B, 0x010E, 0x8298, 0xA430):
        exif[tag] = word("jpeg")
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG", exif=exif, comment=word("jpeg"))
    return made.getvalue()


def texts_in(content: bytes) -> Iterator[bytes]:
    """The bytes as they are, and what is packed in them."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            yield container.comment
            for name in container.namelist():
                yield name.encode()
                yield from texts_in(container.read(name))
    elif content.startswith(b"%PDF"):
        with suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(content)) as pdf:
            yield from _texts_of(pdf)


def _texts_of(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    plain = io.BytesIO()
    pdf.save(
        plain,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    yield plain.getvalue()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield repr(dict(item.items())).encode()
