"""Mistakes in a text, said as a good compiler says them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, what, why it is one, and the nearest right name if there is one."""

    file: str
    line: int
    what: str
    why: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        why = f": {self.why}" if self.why else ""
        hint = f"; did you mean '{self.nearest}'?" if self.nearest else ""
        return f"{self.file}:{self.line}: {self.what}{why}{hint}"


class SourceError(ValueError):
    """A text that cannot be used; `problems` has each of its mistakes once, by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.file, one.line, one.what)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: object, known: Collection[str]) -> str:
    """The known name most like the given one, or nothing."""
    return next(iter(difflib.get_close_matches(str(name), sorted(known), n=1)), "")
