"""All definitions by key and version. A released version can not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from source_text import Problem, nearest
from workflows.definition import DEFINITIONS, Definition, DefinitionError
from workflows.loader import load_file
from workflows.panel import Panel
from workflows.vocabulary import Record
from workflows.votes import problems_with

SINGLE = (Record.APPROVAL, Record.PANEL_MEETING)
"""Records of which every process runs on the same definition, that nothing names."""


class Registry:
    """Definitions by key and version; the newest version of a key is its default."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._by_version: dict[tuple[str, int], Definition] = {}
        self._newest: dict[str, Definition] = {}
        self._current: set[str] = set()
        for definition in definitions:
            self.add(definition)

    def add(self, definition: Definition, *, current: bool = True) -> None:
        """Adds a definition. Raises `DefinitionError` where its version exists with other text.

        One that is not `current` is there for the processes that run on it, and a key's default
        only where there is no other.
        """
        place = (definition.key, definition.version)
        known = self._by_version.get(place)
        if known is not None and known.sha256 != definition.sha256:
            message = f"version {definition.version} of '{definition.key}' exists with other text"
            raise DefinitionError([Problem(definition.path, 1, message)])
        self._by_version[place] = definition
        if current:
            self._current.add(definition.key)
        newest = self._newest.get(definition.key)
        if newest is None or (current and newest.version < definition.version):
            self._newest[definition.key] = definition

    def get(self, key: str, version: int | None = None) -> Definition:
        """The definition; raises `KeyError` with the nearest right key."""
        found = self._newest.get(key) if version is None else self._by_version.get((key, version))
        if found is None:
            close = nearest(key, self._newest)
            hint = f"; did you mean '{close}'?" if close else ""
            raise KeyError(f"no definition '{key}' in version {version or 'newest'}{hint}")
        return found

    def versions(self, key: str) -> list[Definition]:
        """Every version of one key."""
        return [one for one in self._by_version.values() if one.key == key]

    def of_record(self, record: str) -> Definition:
        """The one definition for what there is of one kind only, such as approvals.

        An office's own stands for the shipped one. Raises `DefinitionError` where there is none,
        or where it is not clear which is meant.
        """
        found = self._of_record(record)
        if len(found) != 1:
            raise DefinitionError(self._not_one(record, found))
        return found[0]

    def _of_record(self, record: str) -> list[Definition]:
        found = [one for one in self.newest() if one.record == record and one.key in self._current]
        return [one for one in found if not one.is_shipped] or found

    def _not_one(self, record: str, found: list[Definition]) -> Iterator[Problem]:
        if not found:
            yield Problem(str(DEFINITIONS), 1, f"no definition has the record '{record}'")
        for one in found[1:]:
            what = f"'{one.key}' has the record '{record}' like '{found[0].key}'"
            yield Problem(one.path, 1, what, "it is not clear which of them is meant")

    def ambiguous(self) -> Iterator[Problem]:
        """The definitions between which `of_record` could not choose."""
        for record in SINGLE:
            if len(found := self._of_record(record)) > 1:
                yield from self._not_one(record, found)

    def panel_of(self, key: str, version: int) -> Panel | None:
        """The panel's phase of a definition, `None` where it has none.

        A version that says nothing of it, as those from before definitions did, has the newest
        one's where that fits its own states and events.
        """
        own, newest = self.get(key, version), self.get(key)
        if own.panel is not None or newest.panel is None:
            return own.panel
        fits = set(newest.panel.ranked) <= set(own.states)
        fits = fits and not any(problems_with(newest.panel, own))
        return newest.panel if fits else None

    def __contains__(self, key: str) -> bool:
        return key in self._newest

    def keys(self) -> list[str]:
        """All keys in alphabetical order."""
        return sorted(self._newest)

    def newest(self) -> list[Definition]:
        """Every definition in its newest version, by key."""
        return [self._newest[key] for key in self.keys()]

    def all(self) -> list[Definition]:
        """Every version of every definition."""
        return [self._by_version[place] for place in sorted(self._by_version)]


def load(*folders: Path) -> Registry:
    """The shipped definitions and those of more folders; reports the mistakes of all files.

    In place of a folder a single file may stand.
    """
    found, problems = read_all(*folders)
    if problems:
        raise DefinitionError(problems)
    return Registry(found)


def read_all(*folders: Path) -> tuple[list[Definition], list[Problem]]:
    """What can be read of the shipped definitions and those of more folders, and what can not."""
    found: list[Definition] = []
    problems: list[Problem] = []
    for path in _files(DEFINITIONS, *folders):
        try:
            found.append(load_file(path))
        except DefinitionError as error:
            problems.extend(error.problems)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), 1, "the file can not be read", str(error)))
    return found, problems


def _files(*places: Path) -> Iterator[Path]:
    """Each file once, also where it stands in two of the places."""
    found = [path for place in places for path in _in(place)]
    yield from {path.resolve(): path for path in reversed(found)}.values()


def _in(place: Path) -> list[Path]:
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place]
