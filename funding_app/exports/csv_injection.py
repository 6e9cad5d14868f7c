"""Text that stays text: no spreadsheet may take what someone wrote for a formula."""

from __future__ import annotations

import re
import unicodedata

SIGNS = frozenset("=+-@")
LEADING = frozenset("\t\r\n")
LONGEST_CELL = 32_767
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters that no file format here can carry."""
    return UNPRINTABLE.sub("", text)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could calculate with the text.

    Blanks and invisible characters before the sign count for nothing, and a sign of full width
    counts like the plain one.
    """
    if text[:1] in LEADING:
        return True
    for character in text:
        if unicodedata.category(character) not in {"Zs", "Cf", "Cc"}:
            return unicodedata.normalize("NFKC", character)[:1] in SIGNS
    return False


def neutral(text: str) -> str:
    """The text for a CSV cell: an apostrophe stands before what looks like a formula."""
    cleaned = clean(text)
    return f"'{cleaned}" if is_formula_like(cleaned) else cleaned


def cell_text(text: str) -> str:
    """The text for an XLSX cell, as long as one may be.

    The writer takes a string between `<r>` and `</r>` for markup of its own, so a blank follows.
    """
    cleaned = clean(text)
    if len(cleaned) > LONGEST_CELL:
        cleaned = f"{cleaned[: LONGEST_CELL - 1]}…"
    return f"{cleaned} " if cleaned.endswith("</r>") else cleaned
