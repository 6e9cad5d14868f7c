"""Firing an event from a case's page: its form, and the page again with why it did not happen."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import parse_fields
from funding_app import services
from funding_app.access import Person
from funding_app.engine import Command, Refused, StaleVersion
from funding_app.engine.idempotency import MAXIMUM_LENGTH
from funding_app.models import Process
from funding_app.refusals import words
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.applications.case import arrow_of, case_page
from funding_app.web.applications.ending import Tried, confirmation
from funding_app.web.process import visible_process
from funding_app.web.received_at import arrived
from funding_app.web.request import (
    as_id,
    language,
    needs_person,
    number_of,
    portal,
    signed_in,
    text_problem,
    typed,
)
from workflows.snapshot import Refusal


@blueprint.post("/cases/<process_id>/events/<event>")
@needs_person
def fire(process_id: str, event: str) -> Response | tuple[str, int]:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        fields = parse_fields(arrow_of(process, event).fields)
    form = form_class(fields, language())(prefix=f"{event}-")
    errors, reason = form.tell(form.check(complete=True)), typed(request.form, "reason")
    at_reason = text_problem(reason) or ""
    refusals: Sequence[Refusal] = ()
    if not errors and not at_reason:
        refusals = _try(_command(process, event, person, form))
        errors = form.tell(_at_fields(refusals, {"reason", *(field.id for field in fields)}))
        at_reason = " ".join(errors.get("reason", ()))
    if errors or at_reason or refusals:
        told = [words(each, language()) for each in refusals if each.at not in errors]
        return _again(process.id, person, Tried(event, form, reason, told, at_reason))
    return redirect(url_for("applications.case", process_id=process_id))


def _at_fields(refusals: Sequence[Refusal], names: Collection[str]) -> dict[str, list[str]]:
    """Of what is refused for the content of one of these fields, the words by field."""
    told: dict[str, list[str]] = {}
    for each in refusals:
        if each.at in names:
            told.setdefault(each.at, []).append(words(each, language()))
    return told


def _again(process_id: uuid.UUID, person: Person, tried: Tried) -> tuple[str, int]:
    """The page with what was typed, and why it did not happen."""
    with portal().database.read() as session:
        process = visible_process(session, person, process_id)
        page = confirmation(session, process, person, tried.event, tried)
        page = page or case_page(session, process_id, person, tried)
        return page, 409 if tried.refusals else 422


def _try(command: Command) -> Sequence[Refusal]:
    """Fires; returns why not."""
    try:
        with portal().database.write() as session:
            fired = services.fire(session, portal().machinery, command)
    except Refused as refused:
        return refused.refusals
    except StaleVersion:
        return [Refusal("stale")]
    pending = _("Vorgeschlagen. Eine zweite Person muss noch bestätigen.")
    flash(pending if fired.pending else _("Erledigt."), "success")
    return ()


def _command(process: Process, event: str, person: Person, form: AnswerForm) -> Command:
    return Command(
        process.id,
        event,
        person.id,
        portal().now(),
        data=answers_of(form),
        reason=typed(request.form, "reason"),
        expected_version=number_of(request.form.get("version")),
        key=typed(request.form, "key")[:MAXIMUM_LENGTH] or None,
        received_at=arrived(),
    )
