"""Which names a text holds, however its lines are broken."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 5
"""Shorter names stand in too many words to say anything."""


def plain(text: str) -> str:
    """In small letters, with one space where there is any white space, hyphenation undone."""
    joined = re.sub(r"[\u00ad\u200b]|(?<=\w)-[^\S\n]*\n\s*(?=[a-zäöüß])", "", text)
    return re.sub(r"\s+", " ", joined).casefold().strip()


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """The names of at least five characters that stand in a text, in alphabetical order."""
    read = plain(text)
    return sorted({name for name in names if len(name.strip()) >= SHORTEST and plain(name) in read})
