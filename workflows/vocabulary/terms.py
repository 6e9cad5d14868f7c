"""What the lists of the vocabulary are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definition import Text

Parameter = Mapping[str, Any]
"""What a parameter may be, as a piece of JSON Schema."""


Asked = Mapping[str, tuple[str, ...]]
"""Fields by id, with the types of field that do for each."""


def text(de: str, en: str) -> Text:
    """One text in both languages."""
    return {"de": de, "en": en}


def one_of(*values: str) -> Parameter:
    """A parameter with a closed list of values."""
    return {"enum": list(values)}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about a process; `kind` is yes_no, number, day, words, list or answers."""

    kind: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class Effect:
    """What an effect does, and the parameters it takes (those in `optional` may be left out).

    One that opens child processes names their definition in `kind`, of the record `opens`. `asks`
    are the fields without which its event fails, `recorded` those that some event has recorded.
    """

    meaning: Text
    params: Mapping[str, Parameter] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    opens: str | None = None
    asks: Asked = field(default_factory=dict)
    recorded: Asked = field(default_factory=dict)
