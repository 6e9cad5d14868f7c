"""What differs between two versions of the answers to a form, word by word where it is text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from forms.schema import Field, FormSchema, Section

WORDS = re.compile(r"\s+|[^\s]+")
LONGEST = 4000
"""Of how many words and gaps a text may be to be compared word by word."""

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed (`same`), came (`new`) or went (`gone`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose answer differs; `parts` where it is text, else both answers say it."""

    section: Section
    field: Field
    before: Any
    after: Any
    parts: tuple[Part, ...] = ()


def differences(
    form: FormSchema, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """The fields whose answers differ, in the order of the form."""
    return [
        _difference(section, field, before.get(field.id), after.get(field.id))
        for section in form.sections
        for field in section.fields
        if not _alike(before.get(field.id), after.get(field.id))
    ]


def _alike(one: Any, other: Any) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


def _difference(section: Section, field: Field, before: Any, after: Any) -> Difference:
    texts = field.type in ("text", "textarea") and isinstance(before, str | None)
    if not texts or not isinstance(after, str | None):
        return Difference(section, field, before, after)
    return Difference(section, field, before, after, tuple(word_by_word(before or "", after or "")))


def word_by_word(before: str, after: str) -> Iterator[Part]:
    """The stretches of both texts in order; joined without `new` they are the first text."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST:
        yield Part("gone", before)
        yield Part("new", after)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Part("gone", "".join(old[a:b]))
        if d > c:
            yield Part("new", "".join(new[c:d]))
