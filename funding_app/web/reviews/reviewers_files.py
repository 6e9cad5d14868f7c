"""The files of a case that is reviewed blind: names found in them, withheld ones, replaced ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.fields import Files
from forms.schema import Field
from funding_app.access.lists import ASSIGN_ROLES
from funding_app.models import Attachment, Process
from funding_app.queries.reviews.readable import is_blind
from funding_app.queries.reviews.reviewers_files import reviewers_files
from funding_app.services.files.attachments import FileRefused
from funding_app.services.reviews.reviewer_view import hidden_fields
from funding_app.services.reviews.reviewers_files import Deciding
from funding_app.web.file_transfer import is_scanned, received_file
from funding_app.web.process import visible_process
from funding_app.web.request import as_id, language, needs_role, portal, signed_in
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("reviewers_file")
ACTIONS = ("withhold", "replace")


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked for about a file and could not be done, as it was typed."""

    file_id: uuid.UUID
    action: str
    form: AnswerForm


def _case(session: Session, process_id: str) -> Process:
    process = visible_process(session, signed_in(), as_id(process_id))
    if not process.is_root or not is_blind(session, process):
        abort(404)
    return process


def _fields(action: str) -> list[Field]:
    """The fields of an action: a redacted version has to come with it, as nothing is kept yet."""
    fields = FORM.section(action).fields
    return [replace(each, required=True) if each.type == "file" else each for each in fields]


def _form(file_id: uuid.UUID, action: str, tried: Tried | None = None) -> AnswerForm:
    if tried and (tried.file_id, tried.action) == (file_id, action):
        return tried.form
    made = form_class(_fields(action), language())
    return made(formdata=None, prefix=f"{action}-{file_id}-")


@blueprint.get("/cases/<process_id>/reviewers-files")
@needs_role(ASSIGN_ROLES)
def files_of_reviewers(process_id: str) -> str:
    with portal().database.read() as session:
        return _page(session, _case(session, process_id))


def _page(session: Session, process: Process, tried: Tried | None = None) -> str:
    hidden = hidden_fields(session, process.id)
    found = [
        row for row in reviewers_files(session, process.id) if row.Attachment.field not in hidden
    ]
    return render_template(
        "reviews/reviewers_files.html",
        process=process,
        found=found,
        forms={
            row.Attachment.id: {each: _form(row.Attachment.id, each, tried) for each in ACTIONS}
            for row in found
        },
        actions={each: FORM.section(each).title[language()] for each in ACTIONS},
        tried=tried,
    )


def _file(session: Session, process: Process, file_id: str) -> Attachment:
    found = session.get(Attachment, as_id(file_id))
    if found is None or found.process_id != process.id or found.removed_at is not None:
        abort(404)
    return found


def _deciding(session: Session, file: Attachment) -> Deciding:
    return Deciding(session, file, signed_in().id, portal().now())


@blueprint.post("/cases/<process_id>/reviewers-files/<file_id>/withhold")
@needs_role(ASSIGN_ROLES)
def withhold_file(process_id: str, file_id: str) -> Response | tuple[str, int]:
    form = form_class(FORM.section("withhold").fields, language())(prefix=f"withhold-{file_id}-")
    with portal().database.write() as session:
        process = _case(session, process_id)
        file = _file(session, process, file_id)
        if form.tell(form.check(complete=True)):
            return _page(session, process, Tried(file.id, "withhold", form)), 422
        _deciding(session, file).withhold(str(answers_of(form)["withhold_reason"]))
    flash(_("Die Datei wird zurückgehalten."), "success")
    return redirect(url_for("reviews.files_of_reviewers", process_id=process_id))


@blueprint.post("/cases/<process_id>/reviewers-files/<file_id>/replace")
@needs_role(ASSIGN_ROLES)
def replace_file(process_id: str, file_id: str) -> Response | tuple[str, int]:
    form = form_class(_fields("replace"), language())(prefix=f"replace-{file_id}-")
    with portal().database.read() as session:
        process = _case(session, process_id)
        file = _file(session, process, file_id)
        errors = form.check(complete=True)
        field = form["replacement"]
        assert isinstance(field, Files), "the form asks for a file"
        upload = None
        if field.uploads:  # what comes now is no answer yet
            errors.pop("replacement", None)
        if not errors:
            try:
                upload = received_file(field.spec, field.uploads[0], 0)
            except FileRefused as refusal:
                errors = {"replacement": [refusal.words(language())]}
        if form.tell(errors) or upload is None:
            return _page(session, process, Tried(file.id, "replace", form)), 422
    with portal().database.write() as session:
        file = _file(session, _case(session, process_id), file_id)
        reason = str(answers_of(form)["replace_reason"])
        _deciding(session, file).replace(upload, reason, is_scanned=is_scanned())
    flash(_("Gutachterinnen und Gutachter bekommen jetzt die geschwärzte Fassung."), "success")
    return redirect(url_for("reviews.files_of_reviewers", process_id=process_id))


@blueprint.post("/cases/<process_id>/reviewers-files/<file_id>/show")
@needs_role(ASSIGN_ROLES)
def show_file(process_id: str, file_id: str) -> Response:
    with portal().database.write() as session:
        _deciding(session, _file(session, _case(session, process_id), file_id)).show()
    flash(_("Gutachterinnen und Gutachter bekommen wieder die Kopie der Datei."), "success")
    return redirect(url_for("reviews.files_of_reviewers", process_id=process_id))
