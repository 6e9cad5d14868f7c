"""A blank form for a word processor: real headings, heads of tables, and the language set."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

EMPTY_BOX = "\u2610 "
LOCALES: Mapping[str, str] = {"de": "de-DE", "en": "en-GB"}
STYLES = ("Normal", "Title", "Subtitle", "Caption", "Heading 1", "Heading 2")
FONT, INK = "Arial", (0x17, 0x1A, 0x2B)
BORDERS = ("top", "left", "bottom", "right")


def blank_form(values: Mapping[str, Any]) -> bytes:
    """The form as DOCX, with the same contents as its PDF."""
    from docx import Document  # noqa: PLC0415 - loaded where somebody asks for it

    document = Document()
    _settle(document, values)
    document.add_heading(values["form"], 0)
    document.add_paragraph(values["title"], style="Subtitle")
    for label, text in values["facts"]:
        line = document.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(text)
    document.add_paragraph(values["notice"])
    for section in values["sections"]:
        document.add_heading(f"{section['number']} {section['title']}", 1)
        if section["intro"]:
            document.add_paragraph(section["intro"])
        for question in section["questions"]:
            _question(document, question, values)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _settle(document: Any, values: Mapping[str, Any]) -> None:
    """Language, properties and paper."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - see above
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415

    locale = LOCALES[values["language"]]
    for name in STYLES:  # the template's headings are too pale to read
        document.styles[name].font.color.rgb = RGBColor(*INK)
        document.styles[name].font.name = FONT
    document.styles["Normal"].font.size = Pt(11)
    properties = document.styles.element.find(".//" + qn("w:rPrDefault") + "/" + qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), locale)
    properties.append(language)
    core, at = document.core_properties, datetime.fromisoformat(values["requested_at"])
    core.title, core.author = f"{values['form']} – {values['title']}", values["portal"]
    core.language, core.comments = locale, values["notice"]
    core.created = core.modified = at
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(22)


def _question(document: Any, question: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    kind = question["kind"]
    if kind == "text":
        document.add_paragraph(question["label"])
    else:
        document.add_heading(f"{question['number']} {question['label']}", 2)
        _before(document).add_run(question["notes"]).italic = True
    if question["condition"]:
        _before(document).add_run(question["condition"]).bold = True
    told = [question["help"], *question["rules"]]
    told += question["grid"]["notes"] if kind == "grid" else []
    told += [values["upload"]] if kind == "upload" else []
    for text in filter(None, told):
        _before(document).add_run(text)
    choices = [values["agree"]] if kind == "box" else question["choices"]
    for choice in choices if kind in ("box", "choices") else ():
        document.add_paragraph(f"{EMPTY_BOX}{choice}")
    if kind in ("line", "lines"):
        _answer(document, question["lines"] if kind == "lines" else 1)
    if kind == "grid":
        for group in question["grid"]["groups"]:
            _table(document, question["grid"]["head"], group)


def _before(document: Any) -> Any:
    """A paragraph that stays on the page of what comes after it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _answer(document: Any, lines: int) -> None:
    """A framed paragraph to write in, which grows with what is written."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - see above
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph = document.add_paragraph()
    run = paragraph.add_run()
    for _line in range(lines - 1):
        run.add_break()
    frame = OxmlElement("w:pBdr")
    for side in BORDERS:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "4"), ("color", "6B7280")):
            border.set(qn(f"w:{name}"), value)
        frame.append(border)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table(document: Any, head: list[str], group: Mapping[str, Any]) -> None:
    """A table whose head is repeated on every page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - see above
    from docx.oxml.ns import qn  # noqa: PLC0415

    if group["title"]:
        document.add_paragraph(group["title"], style="Caption")
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in group["rows"]:
        table.add_row().cells[0].text = row
    document.add_paragraph()
