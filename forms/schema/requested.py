"""What an office asks for later, item by item, as further sections of the form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.dates import format_date

from forms.schema.conditions import is_empty
from forms.schema.model import Field, FormSchema, Section, Text

MARK = re.compile(r"^(?:[-–—•*·]|\d{1,2}[.)])\s+")
MOST_ITEMS = 30
KINDS = ("pdf", "docx", "xlsx", "odt", "ods", "png", "jpg")
LARGEST = 10_000_000
LONGEST = 5000
FILES = "_files"

INTRO: Text = {
    "de": "Beantworten Sie jeden Punkt mit Text, mit Dateien oder mit beidem.",
    "en": "Answer each item with text, with files or with both.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the office: its number on the case, its day and its words."""

    number: int
    day: date
    words: str

    @property
    def section(self) -> str:
        """The id of its section in the form."""
        return f"requested_{self.number}"

    @property
    def items(self) -> list[str]:
        """What is asked for: a line each, without marks of a list; the last takes what is left."""
        lines = [MARK.sub("", line.strip()) for line in self.words.splitlines() if line.strip()]
        return [*lines[: MOST_ITEMS - 1], "\n".join(lines[MOST_ITEMS - 1 :])][: len(lines)]


def with_requested(form: FormSchema, requests: Sequence[Asked]) -> FormSchema:
    """The form with a section for each request; each item takes a text and files."""
    return replace(form, sections=form.sections + tuple(_section(each) for each in requests))


def _section(asked: Asked) -> Section:
    title = {
        "de": f"Nachgefordert am {format_date(asked.day, 'd. MMMM y', 'de_DE')}",
        "en": f"Requested on {format_date(asked.day, 'd MMMM y', 'en_GB')}",
    }
    fields = [
        field
        for place, item in enumerate(asked.items, start=1)
        for field in _item(f"{asked.section}_{place}", item)
    ]
    return Section(asked.section, title, INTRO, tuple(fields))


def _item(name: str, words: str) -> tuple[Field, Field]:
    """What answers an item may name who applies: in a blind review both stay hidden."""
    label = {"de": words, "en": words}
    files = {"de": f"Dateien zu: {words}", "en": f"Files on: {words}"}
    return (
        Field(name, "textarea", label, max_length=LONGEST, identity=True),
        Field(
            name + FILES, "file", files, max=5, accept=KINDS, max_bytes=LARGEST, identity=True
        ),
    )  # fmt: skip


def unanswered(section: Section, answers: Mapping[str, Any]) -> list[Field]:
    """The items of a request that have neither a text nor a file; of other sections none."""
    if not section.id.startswith("requested_"):
        return []
    return [
        field
        for field in section.fields
        if field.type != "file"
        and is_empty(answers.get(field.id))
        and is_empty(answers.get(field.id + FILES))
    ]
