"""YAML with the line of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from source_text.problems import Problem

Place: TypeAlias = tuple[Any, ...]
"""The way from the outermost mapping to one of its parts: keys and positions."""


class Mapping(dict[str, Any]):
    """A mapping that knows the line it begins on and those of its keys."""

    line: int
    lines: dict[str, int]


class Sequence(list[Any]):
    """A list that knows the line it begins on and those of its items."""

    line: int
    lines: dict[str, int]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text of YAML says; `problems` tells where it is none, or says something twice."""

    file: str
    content: Any
    problems: tuple[Problem, ...]

    @property
    def is_unreadable(self) -> bool:
        """Whether the text is no YAML, so that nothing else can be said of it."""
        return self.content is None and bool(self.problems)

    def line(self, place: Place) -> int:
        """The line of a place, or of what surrounds it."""
        found, at = 1, self.content
        for part in place:
            if not isinstance(at, Mapping | Sequence) or str(part) not in at.lines:
                break
            found, at = at.lines[str(part)], at[part]
        return found


def read(text: str, file: str) -> Document:
    """Reads a text of YAML, whatever is wrong with it."""
    loader = _Loader(text)
    try:
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Document(file, None, (Problem(file, line, "not YAML", str(error.problem)),))
    except yaml.YAMLError as error:
        return Document(file, None, (Problem(file, 1, "not YAML", str(error)),))
    return Document(file, content, tuple(_repeated(loader.repeated, file)))


def _repeated(found: list[tuple[str, int, int]], file: str) -> Iterator[Problem]:
    """A key that stands twice would silently replace its first value."""
    for key, line, first in found:
        yield Problem(file, line, f"'{key}' is repeated", f"it stands on line {first} already")


# CSafeLoader is ten times faster, where it is built in.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # untyped
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[tuple[str, int, int]] = []


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping:
    lines: dict[str, int] = {}
    for key, _value in node.value:  # before anything is merged into them
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines:
            loader.repeated.append((name, line, lines[name]))
        lines.setdefault(name, line)
    built = Mapping(loader.construct_mapping(node, deep=True))
    built.line, built.lines = node.start_mark.line + 1, lines
    return built


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> Sequence:
    built = Sequence(loader.construct_sequence(node, deep=True))
    built.line = node.start_mark.line + 1
    built.lines = {str(at): each.start_mark.line + 1 for at, each in enumerate(node.value)}
    return built


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)
