"""YAML with the line of everything in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from workflows.problems import DefinitionError, Problem

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where it is built in
Place: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says, and on which line it says it."""

    file: str
    content: Any
    lines: Mapping[Place, int]
    repeated: tuple[Problem, ...]

    def line(self, place: Place) -> int:
        """The line of a place, or of what surrounds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(text: str, file: str) -> Document:
    """Reads YAML. Raises `DefinitionError` where the text is none."""
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        content = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionError([Problem(file, line, "not YAML", str(error.problem))]) from error
    found = list(_places(node, ())) if node else []
    return Document(file, content, dict(found), tuple(_repeated(found, file)))


def _places(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*place, key.value), key.start_mark.line + 1
            yield from _places(value, (*place, key.value))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*place, index), item.start_mark.line + 1
            yield from _places(item, (*place, index))


def _repeated(found: list[tuple[Place, int]], file: str) -> Iterator[Problem]:
    """A key that stands twice would silently replace its first value."""
    seen: dict[Place, int] = {}
    for place, line in found:
        if place in seen:
            why = f"it stands on line {seen[place]} already"
            yield Problem(file, line, f"'{place[-1]}' is repeated", why)
        seen.setdefault(place, line)
