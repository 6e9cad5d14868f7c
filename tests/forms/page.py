"""A rendered form, read: its ids, references and controls."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"input", "br", "meta", "link"}


class Page(HTMLParser):
    """What a page says: its ids, references, controls; and that its tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.names: set[str] = set()
        self.labelled: set[str] = set()
        self.controls: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.attributes |= set(found)
        self.ids += [found["id"]] if "id" in found else []
        self.references |= set(found.get("aria-describedby", "").split())
        self.references |= {found["href"][1:]} if found.get("href", "").startswith("#") else set()
        self.labelled |= {found["for"]} if "for" in found else set()
        if tag in ("input", "select", "textarea"):
            self.controls.add(found["id"])
            self.names.add(found["name"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
