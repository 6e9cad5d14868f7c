"""The versions of a form: begun as a draft, edited in small steps, published for good by two."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import schema
from forms.schema import Fault, FormSchema
from funding_app.models import FormVersion
from funding_app.queries.calls.forms import find_form
from funding_app.services.calls.form_contract import problems_of

KEY = re.compile(r"[a-z][a-z0-9_]{2,39}")
REVIEW = "review"
"""The key of the form that is made from the criteria of a call."""


class FormRefused(Exception):
    """What can not be done with a version; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DraftChanged(Exception):
    """Somebody else has changed the draft in the meantime; carries what it is now."""

    def __init__(self, edition: int, content: Mapping[str, Any]) -> None:
        super().__init__(f"the draft is at edition {edition}")
        self.edition = edition
        self.content = content


@dataclass(frozen=True, slots=True)
class Examined:
    """A form as far as it can be read, and everything that speaks against publishing it."""

    form: FormSchema
    problems: tuple[Fault, ...]

    def at(self, place: str) -> list[Fault]:
        """The problems of one field or section."""
        return [problem for problem in self.problems if problem.place == place]


def examined(content: Mapping[str, Any]) -> Examined:
    """The draft's content with all its problems, those of the contract with cases included."""
    form, problems = schema.examine(content)
    return Examined(form, (*problems, *problems_of(form)))


def next_version(session: Session, key: str) -> int:
    """The number after the highest that was ever shipped or begun."""
    stored = session.scalar(select(func.max(FormVersion.version)).where(FormVersion.key == key))
    shipped = schema.get(key).version if key in set(schema.keys()) else 0
    return max(stored or 0, shipped) + 1


def begin_draft(
    session: Session,
    source: FormSchema,
    key: str,
    *,
    own_keys: set[str],
    actor_id: uuid.UUID,
    now: datetime,
) -> FormVersion:
    """A draft with everything of another version, as the next version of `key`.

    `own_keys` are the shipped forms that may have further versions. Raises `FormRefused`.
    """
    _may_begin(session, key, own_keys)
    version = next_version(session, key)
    draft = FormVersion(
        key=key,
        version=version,
        content=schema.as_data(source) | {"key": key, "version": version},
        based_on=f"{source.key} {source.version}",
        edited_by=actor_id,
        edited_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def _may_begin(session: Session, key: str, own_keys: set[str]) -> None:
    if not KEY.fullmatch(key):
        raise FormRefused("key_unreadable")
    if key == REVIEW or (key in set(schema.keys()) and key not in own_keys):
        raise FormRefused("key_taken")
    open_draft = select(FormVersion.version).where(
        FormVersion.key == key, FormVersion.published_at.is_(None)
    )
    if session.scalar(open_draft) is not None:
        raise FormRefused("draft_exists")


def locked_draft(session: Session, key: str, version: int, edition: int) -> FormVersion:
    """The draft for a change of what was shown.

    Raises `KeyError`, `FormRefused` for a published one, and `DraftChanged`.
    """
    draft = session.get(FormVersion, (key, version), with_for_update=True)
    if draft is None:
        raise KeyError(key)
    if draft.published_at is not None:
        raise FormRefused("published")
    if draft.edition != edition:
        raise DraftChanged(draft.edition, draft.content)
    return draft


def write_draft(
    draft: FormVersion, content: Mapping[str, Any], *, actor_id: uuid.UUID, now: datetime
) -> None:
    """Keeps a changed content; what was proposed before has to be proposed again."""
    draft.content = dict(content)
    draft.edition += 1
    draft.edited_by, draft.edited_at = actor_id, now
    draft.proposed_by = draft.proposed_at = None


def propose(draft: FormVersion, *, actor_id: uuid.UUID, now: datetime) -> None:
    """One person wants the draft published. Raises `FormRefused` while anything is wrong."""
    if examined(draft.content).problems:
        raise FormRefused("has_problems")
    draft.proposed_by, draft.proposed_at = actor_id, now


def withdraw(draft: FormVersion) -> None:
    """Takes the proposal back."""
    draft.proposed_by = draft.proposed_at = None


def publish(draft: FormVersion, *, actor_id: uuid.UUID, now: datetime) -> None:
    """A second person publishes what the first proposed, for good. Raises `FormRefused`."""
    if draft.proposed_by is None:
        raise FormRefused("not_proposed")
    if draft.proposed_by == actor_id:
        raise FormRefused("four_eyes_violation")
    if examined(draft.content).problems:
        raise FormRefused("has_problems")
    draft.sha256 = schema.checksum(draft.content)
    draft.published_by, draft.published_at = actor_id, now


def file_of(form: FormSchema) -> str:
    """The form as a file for another installation: JSON, the same data that is stored."""
    return json.dumps(schema.as_data(form), ensure_ascii=False, indent=1)


def form_in(file: bytes) -> FormSchema:
    """The form in a file that another installation gave out. Raises `FormRefused`."""
    try:
        form, problems = schema.examine(json.loads(file))
    except (ValueError, RecursionError):
        raise FormRefused("file_unreadable") from None
    if problems:
        raise FormRefused("file_wrong")
    return form


def source_of(session: Session, key: str, version: int) -> FormSchema:
    """A form to begin from or to compare with, a draft too. Raises `KeyError`."""
    stored = session.get(FormVersion, (key, version))
    if stored is not None:
        return examined(stored.content).form
    return find_form(session, key, version)


def versions_of(session: Session, key: str) -> list[FormVersion]:
    """The stored versions of a form, the newest first."""
    found = select(FormVersion).where(FormVersion.key == key)
    return list(session.scalars(found.order_by(FormVersion.version.desc())))


def stored_versions(session: Session) -> list[FormVersion]:
    """Every stored version of every form."""
    return list(session.scalars(select(FormVersion).order_by(FormVersion.key, FormVersion.version)))
