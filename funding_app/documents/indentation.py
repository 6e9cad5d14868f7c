"""Templates are laid out for who reads them; what is sent is not: a quarter of each page less."""

from __future__ import annotations

import re

from jinja2.ext import Extension

INDENTED = re.compile(r"\n[ \t]+")
TEXTS = r"p|div|h[1-6]|dt|dd|li|th|td|caption|title"
BEGINNING = re.compile(rf"(<(?:{TEXTS})(?:[\s{{][^<>]*)?>|<br>)\s+")
END = re.compile(rf"\s+(</(?:{TEXTS})>|<br>)")
BETWEEN = re.compile(rf"(</(?:{TEXTS})>)\s+(?=<)")


class Compact(Extension):
    """Takes the layout out of a template while it is compiled.

    Lines lose their indentation, and a text, a cell or an item the white space at its edges, which
    would show where line breaks count and is drawn into a letter, and that between it and the next.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        text = INDENTED.sub("\n", source)
        for white in (BEGINNING, END, BETWEEN):
            text = white.sub(r"\1", text)
        return text
