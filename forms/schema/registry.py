"""All forms by key and version. A released version can not change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from forms.schema.code_lists import CODE_LISTS, DEFINITIONS
from forms.schema.faults import NEAR, SchemaError
from forms.schema.loader import parse
from forms.schema.model import FormSchema
from source_text import Problem, nearest


class Registry:
    """Forms by key and version; the newest version of a key is its default."""

    def __init__(self, schemas: Iterable[FormSchema] = ()) -> None:
        self._by_version: dict[tuple[str, int], FormSchema] = {}
        self._newest: dict[str, FormSchema] = {}
        for schema in schemas:
            self.add(schema)

    def add(self, schema: FormSchema) -> None:
        """Adds a form. Raises `SchemaError` where its version exists with other text."""
        known = self._by_version.setdefault((schema.key, schema.version), schema)
        if known.sha256 != schema.sha256:
            what = f"version {schema.version} exists with other text"
            raise SchemaError([Problem(schema.key, 1, what)])
        newest = self._newest.get(schema.key)
        if newest is None or newest.version < schema.version:
            self._newest[schema.key] = schema

    def get(self, key: str, version: int | None = None) -> FormSchema:
        """The form, the newest where no version is named; raises `KeyError` with a hint."""
        found = self._newest.get(key) if version is None else self._by_version.get((key, version))
        if found is None:
            near = nearest(key, self._newest)
            hint = NEAR["en"].format(near=near) if near else ""
            raise KeyError(f"no form '{key}' {version or ''}{hint}")
        return found

    def keys(self) -> list[str]:
        """The keys of all forms, in alphabetical order."""
        return sorted(self._newest)


def load(folder: Path) -> Registry:
    """The forms of a folder; reports the mistakes of all its files."""
    found: list[FormSchema] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            if path.stem not in CODE_LISTS:
                found.append(parse(path.read_text("utf-8"), str(path)))
        except SchemaError as error:
            problems.extend(error.problems)
    if problems:
        raise SchemaError(problems)
    return Registry(found)


@cache
def _shipped() -> Registry:
    return load(DEFINITIONS)


def get(key: str, version: int | None = None) -> FormSchema:
    """The shipped form, the newest where no version is named; raises `KeyError`."""
    return _shipped().get(key, version)


def keys() -> list[str]:
    """The keys of all shipped forms."""
    return _shipped().keys()
