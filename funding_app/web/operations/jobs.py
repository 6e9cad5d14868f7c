"""Queued work: what waits, what runs, what was given up, and another try for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access.lists import JOB_ROLES
from funding_app.engine import outbox
from funding_app.models import OutboxMessage
from funding_app.queries.operations.jobs import acts, done_count, open_jobs
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_role, portal, signed_in

FORM = schema.get("holds")


@blueprint.get("/admin/jobs")
@needs_role(JOB_ROLES)
def jobs() -> str:
    return _page()


def _forms(jobs: Sequence[OutboxMessage]) -> dict[uuid.UUID, AnswerForm]:
    """An empty form for each job that can be stopped."""
    made = form_class(FORM.section("job").fields, language())
    return {job.id: made(formdata=None, prefix=f"{job.id}-") for job in jobs if not job.stopped_at}


def _page(tried: tuple[uuid.UUID, AnswerForm] | None = None) -> str:
    with portal().database.read() as session:
        found, done, done_by_hand = open_jobs(session), done_count(session), acts(session)
        return render_template(
            "operations/jobs.html",
            jobs=found,
            done=done,
            counted=outbox.status(session),
            names=_names(),
            states=_states(),
            acts=done_by_hand,
            stops={
                row.OutboxAct.message_id: row
                for row in reversed(done_by_hand)
                if row.OutboxAct.act == "stopped"
            },
            told=_acts(),
            tried=tried[1] if tried else None,
            forms=_forms(found) | dict([tried] if tried else []),
        )


def _acts() -> dict[str, str]:
    return {
        "stopped": _("angehalten"),
        "resumed": _("fortgesetzt"),
        "retried": _("noch einmal versucht"),
    }


def _names() -> dict[str, str]:
    return {
        "change_version": _("Fälle auf eine neue Fassung heben"),
        "clean_copy": _("Kopie für Gutachten anfertigen"),
        "fire_batch": _("Viele Fälle auf einmal"),
        "draw_thumbnail": _("Vorschaubild zeichnen"),
        "forget_files": _("Gelöschte Dateien entfernen"),
        "look_for_names": _("Namen in einer Datei suchen"),
        "prepare_blank_forms": _("Leere Formulare vorbereiten"),
        "propose_reviews": _("Gutachten vorschlagen"),
        "redate": _("Fristen neu berechnen"),
        "render_document": _("Dokument erstellen"),
        "scan_file": _("Datei auf Schadprogramme prüfen"),
        "write_mails": _("Mails schreiben"),
        "send_mail": _("Mail senden"),
    }


def _states() -> dict[str, str]:
    return {
        "pending": _("wartet"),
        "dispatched": _("übergeben"),
        "running": _("läuft"),
        "dead": _("gescheitert"),
        "stopped": _("angehalten"),
    }


def _act(reason: str = "") -> outbox.Act:
    return outbox.Act(signed_in().id, portal().now(), reason)


@blueprint.post("/admin/jobs/<job_id>/retry")
@needs_role(JOB_ROLES)
def retry(job_id: str) -> Response:
    with portal().database.write() as session:
        revived = outbox.revive(session, as_id(job_id), _act())
    if revived:
        flash(_("Der Auftrag wird noch einmal versucht."), "success")
    else:
        flash(_("Der Auftrag läuft schon wieder oder ist erledigt."), "info")
    return redirect(url_for("operations.jobs"))


@blueprint.post("/admin/jobs/<job_id>/stop")
@needs_role(JOB_ROLES)
def stop_job(job_id: str) -> Response | tuple[str, int]:
    made = form_class(FORM.section("job").fields, language())
    form = made(prefix=f"{as_id(job_id)}-")
    if form.tell(form.check(complete=True)):
        return _page((as_id(job_id), form)), 422
    reason = str(answers_of(form)["job_reason"])
    with portal().database.write() as session:
        stopped = outbox.stop(session, as_id(job_id), _act(reason))
    if stopped:
        flash(_("Der Auftrag ist angehalten. Er bleibt hier stehen, bis Sie ihn fortsetzen."),
              "success")  # fmt: skip
    else:
        flash(_("Der Auftrag war schon erledigt oder angehalten."), "info")
    return redirect(url_for("operations.jobs"))


@blueprint.post("/admin/jobs/retry")
@needs_role(JOB_ROLES)
def retry_all() -> Response:
    with portal().database.write() as session:
        for failed in outbox.failures(session):
            outbox.revive(session, as_id(failed["id"]), _act())
    flash(_("Alle gescheiterten Aufträge werden noch einmal versucht."), "success")
    return redirect(url_for("operations.jobs"))
