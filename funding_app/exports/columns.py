"""What a column is: its name, its words, the kind of its values, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from workflows import Registry

Value = str | int | bool | Decimal | date | datetime | None


class Kind(Enum):
    """How the values of a column are to be read. Money is euro; an instant is aware."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"
    YEAR = "year"
    DATE = "date"
    INSTANT = "instant"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Words:
    """What turns codes into words: the language, and the definitions for the names of states."""

    language: str
    definitions: Registry | None = None

    def state(self, key: str, version: int, state: str) -> str:
        """The title of a state; its id where the definition is not at hand."""
        if self.definitions is None:
            return state
        return self.definitions.get(key, version).states[state].title[self.language]

    def of(self, table: Mapping[str, Mapping[str, str]], code: str) -> str:
        """The words for a code; the code itself where there are none."""
        return table[code][self.language] if code in table else code


Getter = Callable[[Any, Words], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export, the same in every format.

    `name` heads it for programs, `title` for people; `width` is in characters.
    """

    name: str
    title: Mapping[str, str]
    kind: Kind
    value: Getter
    width: int


WIDTHS = {
    Kind.TEXT: 24,
    Kind.MONEY: 15,
    Kind.NUMBER: 10,
    Kind.COUNT: 12,
    Kind.YEAR: 8,
    Kind.DATE: 12,
    Kind.INSTANT: 17,
    Kind.YES_NO: 10,
}


def column(
    name: str,
    german: str,
    english: str,
    kind: Kind = Kind.TEXT,
    value: Getter | None = None,
    width: int = 0,
) -> Column:
    """A column; without a getter its value is the row's attribute of that name."""

    def attribute(row: Any, _words: Words) -> Value:
        found: Value = getattr(row, name)
        return found

    return Column(
        name, {"de": german, "en": english}, kind, value or attribute, width or WIDTHS[kind]
    )
