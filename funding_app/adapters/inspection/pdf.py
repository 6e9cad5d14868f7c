"""What a PDF must not do: run programs, hide other files, or keep its pages under a password."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

DOING = frozenset("/JavaScript /Launch /ImportData /Rendition /Movie /Sound /RichMediaExecute"
                  " /GoToE /SubmitForm".split())  # fmt: skip
"""Kinds of actions that run, load or send something; links and jumps do not."""
SHOWING = frozenset("/RichMedia /Movie /Screen /3D /Sound".split())
HARMLESS = (".xml", ".csv", ".txt", ".json")
"""Endings of embedded files that run nowhere: e-invoices carry an XML file."""


def pdf_problem(content: bytes) -> str | None:
    """A code of the messages, or `None`. Raises an error of `pikepdf` for what is none."""
    if content.startswith(b"%PDF-") is False:
        return "file_unreadable"
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _problem(pdf)
    except pikepdf.PasswordError:
        return "file_locked"


def _problem(pdf: Pdf) -> str | None:
    if not len(pdf.pages):
        return "file_unreadable"
    if any(_is_active(each) for each in pdf.objects):
        return "file_active"
    return None


def _is_active(item: Any) -> bool:
    """Whether an object, with what stands directly in it, runs, loads or hides something."""
    if isinstance(item, Array):
        return any(_is_active(each) for each in item if _is_direct(each))
    if not isinstance(item, Dictionary | Stream):
        return False
    return _acts(item) or any(_is_active(each) for each in item.values() if _is_direct(each))


def _is_direct(item: Any) -> bool:
    return isinstance(item, Array | Dictionary) and not item.is_indirect


def _acts(item: Any) -> bool:
    action, shown = item.get("/S"), item.get("/Subtype")
    if isinstance(action, Name) and str(action) in DOING:
        return True
    if isinstance(shown, Name) and str(shown) in SHOWING:
        return True
    return "/JS" in item or "/XFA" in item or _hides_a_file(item)


def _hides_a_file(item: Any) -> bool:
    if "/EF" not in item:
        return False
    names = [str(item[key]).lower() for key in ("/F", "/UF") if key in item]
    return not names or not all(name.endswith(HARMLESS) for name in names)
