"""Answers: saved as drafts outside the log, frozen with their hash when they are handed in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from forms import schema
from forms.budget import euro, totals, unbalanced_years
from forms.schema import FormSchema
from funding_app.engine import Command, EffectContext, ProcessRow
from funding_app.engine.log.chain import digest
from funding_app.models import (
    AnswerSection,
    Application,
    Attachment,
    Call,
    Process,
    Submission,
    new_id,
)
from funding_app.queries.applications.answers import answers_of, requests_of
from funding_app.queries.calls.forms import find_form, newest_form
from funding_app.services.files.redacted_copies import order_looks, prepare_copies
from funding_app.services.files.scans import problems_in
from funding_app.services.operations.clock import local_day
from workflows.vocabulary.tags import Record, Tag

LONGEST_WORKING_TITLE = 200
"""In characters: lists show it before any limit of the form is enforced."""


class StaleAnswers(Exception):
    """Someone else has saved the section since; carries both versions."""

    def __init__(self, current: int, answers: Mapping[str, Any]) -> None:
        super().__init__(f"the section is at version {current}")
        self.current = current
        self.answers = answers


def form_of(session: Session, process: ProcessRow) -> FormSchema | None:
    """The form that is filled in on this process in its present state, if any."""
    return form_and_requests(session, process)[0]


def form_and_requests(
    session: Session, process: ProcessRow
) -> tuple[FormSchema | None, Sequence[Any]]:
    """The form of a process, and what the office has asked for since (`requests_of`)."""
    if process.record == Record.REVIEW:
        call = session.get(Call, process.call_id) if process.call_id else None
        form = schema.review_schema(call.criteria, call.maximum_amount) if call else None
        return form, ()
    if process.form:
        return newest_form(session, process.form), ()
    case = session.get(Application, process.id) if process.record == Record.APPLICATION else None
    return _asked_more(session, case) if case else (None, ())


def _asked_more(session: Session, case: Application) -> tuple[FormSchema, Sequence[Any]]:
    """The form of a case with what the office has asked for since."""
    form = find_form(session, case.form_key, case.form_version)
    if not case.information_requested:
        return form, ()
    found = requests_of(session, case.id)
    asked = [schema.Asked(row.number, local_day(row.asked_at), row.words) for row in found]
    return schema.with_requested(form, asked), found


def save_section(
    session: Session,
    process_id: uuid.UUID,
    section: str,
    answers: Mapping[str, Any],
    *,
    expected_version: int,
    saved_by: uuid.UUID,
    when: datetime,
) -> int:
    """Saves a section, complete or not; returns its new version (0 stands for not yet saved).

    Raises `StaleAnswers` where the expected version is not the present one.
    """
    row = session.get(AnswerSection, (process_id, section), with_for_update=True)
    current = row.version if row else 0
    if current != expected_version:
        raise StaleAnswers(current, row.answers if row else {})
    if row is None:
        row = AnswerSection(process_id=process_id, section=section, version=0)
        session.add(row)
    row.answers, row.version = dict(answers), current + 1
    row.saved_at, row.saved_by = when, saved_by
    session.flush()
    if isinstance(answers.get("title"), str):
        _name_draft(session, process_id, answers["title"])
    return row.version


def _name_draft(session: Session, process_id: uuid.UUID, title: str) -> None:
    """Names a case by its working title until it is handed in; from then on that title counts."""
    drafts = Process.is_root, Process.reference == ""
    session.execute(
        update(Process)
        .where(Process.id == process_id, *drafts)
        .values(title=title[:LONGEST_WORKING_TITLE])
    )


def as_changed_last(session: Session, command: Command) -> Command:
    """The command, received when the answers were last changed where that was later.

    Who sends before the deadline may wait for the turn, but not go on writing meanwhile.
    """
    if command.received_at is None:
        return command
    changed = session.scalar(
        select(func.max(AnswerSection.saved_at)).where(
            AnswerSection.process_id == command.process_id
        )
    )
    if changed is None or changed <= command.received_at:
        return command
    return replace(command, received_at=changed)


def form_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Whether the answers pass every check and no file is infected; whether the budget balances.

    A file that still waits for the scanner is no obstacle: handing in does not wait for it.
    """
    form = form_of(session, process)
    answers = answers_of(session, process.id) if form else {}
    return {
        "form_complete": form is None or not problems_in(session, process.id, form, answers),
        "budget_balanced": not unbalanced_years(answers.get("budget")),
    }


def _files(session: Session, process_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Attachment.file_name, Attachment.sha256, Attachment.size)
        .where(Attachment.process_id == process_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return [{"name": row.file_name, "sha256": row.sha256, "size": row.size} for row in rows]


def freeze_answers(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: keeps the answers as handed in, with their SHA-256, and names the case by them."""
    session, process = context.session, context.process
    answers = answers_of(session, process.id)
    frozen = digest(answers)
    number = session.scalar(
        select(func.count()).select_from(Submission).where(Submission.process_id == process.id)
    )
    assert context.command.actor_id is not None, "only a person hands in answers"
    files = _files(session, process.id)
    session.execute(
        insert(Submission).values(
            id=new_id(),
            process_id=process.id,
            number=(number or 0) + 1,
            answers=answers,
            sha256=frozen,
            files=files,
            received_at=context.received,
            log_seq=process.log_seq + 1,
            submitted_by=context.command.actor_id,
        )
    )
    context.notes |= {"answers_sha256": frozen, "files": files}
    if process.handed_in_at is None:
        context.columns["handed_in_at"] = context.received
    if process.is_root and process.tags & {Tag.DRAFT, Tag.COMPLETING}:
        _name_case(context, answers)
    if process.is_root and Tag.COMPLETING in process.tags:
        prepare_copies(session, process.id, context.when)
    elif process.is_root:
        order_looks(session, process.id, context.when)


def _name_case(context: EffectContext, answers: Mapping[str, Any]) -> None:
    first = Tag.DRAFT in context.process.tags
    values: dict[str, Any] = {
        "summary": answers.get("summary", ""),
        "period_start": _day(answers, "period_start"),
        "period_end": _day(answers, "period_end"),
        "requested": euro(answers.get("requested_amount")),
        "expenditure": _expenditure(answers),
        "completed_at": context.received,
    }
    if first:
        values |= {
            "submitted_at": context.received,
            "is_late": Tag.LATE in context.target.tags,
        }
    context.session.execute(
        update(Application).where(Application.id == context.process.id).values(**values)
    )
    context.columns["title"] = answers["title"]


def _expenditure(answers: Mapping[str, Any]) -> Decimal:
    table = answers.get("budget")
    if table:
        return totals(table, "lines").total
    return euro(answers.get("requested_amount")) or Decimal(0)


def _day(answers: Mapping[str, Any], name: str) -> date | None:
    """A day that not every form asks for: support in kind has no award period."""
    text = answers.get(name)
    return date.fromisoformat(text) if text else None


FACTS = {"form_complete": form_facts, "budget_balanced": form_facts}
EFFECTS = {"freeze_answers": freeze_answers}
