"""A page as it is read, and its forms as a browser without scripts sends them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

Sent = dict[str, list[str]]
BOX = re.compile(
    r"\s*(</?(?:br|d[dlt]|div|form|h[1-6]|li|main|ol|p|section|svg|t[dhr]|table|text|ul)\b[^>]*>)\s*"
)


def as_read(html: str) -> str:
    """The page with white space where it shows: one blank each, none at the edge of a box."""
    return BOX.sub(r"\1", re.sub(r"[ \t\r\n]+", " ", html))


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what it sends when nothing is touched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, Sent]] = []
        self.area = ""
        self.choosing = ""
        self.feed(html)

    def note(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1][1].setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input":
            ticked = found.get("type") not in ("checkbox", "radio") or "checked" in found
            if ticked and found.get("type") != "file":
                self.note(found.get("name", ""), found.get("value", "on"))
        elif tag == "textarea":
            self.area = found.get("name", "")
            self.note(self.area, "")
        elif tag == "select":
            self.choosing = found.get("name", "")
        elif tag == "option":
            self.option(found)

    def option(self, found: dict[str, str]) -> None:
        """The first choice of a list is sent where none is chosen."""
        sent = self.forms[-1][1] if self.forms else {}
        if "selected" in found or self.choosing not in sent:
            sent[self.choosing] = [found["value"]]

    def handle_data(self, data: str) -> None:
        if self.area:
            typed = self.forms[-1][1][self.area]
            typed[-1] += data if typed[-1] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def form_on(html: str, action: str) -> Sent:
    """What the form whose address contains `action` sends when nothing is touched."""
    for address, sent in _Forms(html).forms:
        if action in address:
            return sent
    raise AssertionError(f"no form goes to {action}")
