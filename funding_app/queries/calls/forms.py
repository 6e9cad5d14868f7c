"""The forms of cases: versions that the office has published, and the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import schema
from forms.schema import FormSchema
from funding_app.models import Call, FormVersion

# A published form never changes, and no draft gets a number that is shipped: what was found once in
# a database holds. What was not found is asked for again, as another process may publish it.
_found: WeakKeyDictionary[Any, dict[tuple[str, int], FormSchema]] = WeakKeyDictionary()
_read: dict[str, FormSchema] = {}
"""Forms by the checksum of their content."""


class FormBroken(Exception):
    """A stored form whose content is not what was published."""


def find_form(session: Session, key: str, version: int) -> FormSchema:
    """The form in exactly this version. Raises `KeyError`.

    What the office has published comes first: a release that ships the same number later does not
    take the form away from cases that began with it.
    """
    found = _found.setdefault(session.get_bind().engine, {})
    if (key, version) not in found:
        found[key, version] = _find(session, key, version)
    return found[key, version]


def _find(session: Session, key: str, version: int) -> FormSchema:
    place = (FormVersion.key == key, FormVersion.version == version)
    published = select(FormVersion.sha256).where(*place, FormVersion.published_at.is_not(None))
    sha256 = session.scalar(published)
    if sha256 is None:
        return schema.get(key, version)
    if sha256 not in _read:
        _read[sha256] = _form_of(session.scalar(select(FormVersion.content).where(*place)), sha256)
    return _read[sha256]


def _form_of(content: Any, sha256: str) -> FormSchema:
    """What was published, whatever later releases ask of new forms. Raises `FormBroken`."""
    found, _problems = schema.examine(content)
    if found.sha256 != sha256:
        raise FormBroken(f"{found.key} {found.version} is not what was published")
    return found


def known_forms(session: Session) -> set[str]:
    """The keys of all forms that a definition can name: shipped, or published by the office."""
    published = select(FormVersion.key).where(FormVersion.published_at.is_not(None))
    return {*schema.keys(), *session.scalars(published.distinct())}


def newest_form(session: Session, key: str) -> FormSchema:
    """A form in the highest version that is shipped or published. Raises `KeyError`."""
    published = select(func.max(FormVersion.version)).where(
        FormVersion.key == key, FormVersion.published_at.is_not(None)
    )
    shipped = schema.get(key).version if key in set(schema.keys()) else 0
    return find_form(session, key, max(session.scalar(published) or 0, shipped))


def broken_forms(session: Session) -> list[str]:
    """The published forms whose content is not what was published, or has mistakes by now."""
    told = []
    rows = session.scalars(select(FormVersion).where(FormVersion.published_at.is_not(None)))
    for row in rows:
        found, problems = schema.examine(row.content)
        told += [str(each.in_file(f"{row.key} {row.version}")) for each in problems]
        if found.sha256 != row.sha256:
            told.append(f"{row.key} {row.version}: SHA-256 {row.sha256} was published")
    return told


@dataclass(frozen=True, slots=True)
class CallUsing:
    """A call, and the form it names."""

    ref: str
    title_de: str
    title_en: str
    form_key: str
    form_version: int


def calls_by_form(session: Session) -> list[CallUsing]:
    """Every call with its form, the newest first."""
    found = session.execute(
        select(Call.ref, Call.title_de, Call.title_en, Call.form_key, Call.form_version).order_by(
            Call.opens_at.desc(), Call.ref
        )
    )
    return [CallUsing(*row) for row in found]


def published_forms(session: Session) -> list[FormSchema]:
    """Every form the office has published, by key and version."""
    found = session.execute(
        select(FormVersion.key, FormVersion.version, FormVersion.sha256)
        .where(FormVersion.published_at.is_not(None))
        .order_by(FormVersion.key, FormVersion.version)
    ).all()
    unread = [row for row in found if row.sha256 not in _read]
    for row in _contents(session, {row.key for row in unread}):
        if row.published_at is not None and row.sha256 not in _read:
            _read[row.sha256] = _form_of(row.content, row.sha256)
    return [_read[row.sha256] for row in found]


def _contents(session: Session, keys: Iterable[str]) -> Iterable[FormVersion]:
    named = list(keys)
    if not named:
        return []
    return session.scalars(select(FormVersion).where(FormVersion.key.in_(named)))
