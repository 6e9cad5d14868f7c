"""Queued work: what waits, what runs, what was given up, and another try for it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from funding_app.engine import outbox
from funding_app.queries.jobs import done_count, names_of, open_jobs
from funding_app.web.admin.blueprint import admin
from funding_app.web.desk import as_id, needs_role, portal, signed_in
from funding_app.web.rights import JOB_ROLES


@admin.get("/jobs")
@needs_role(JOB_ROLES)
def jobs() -> str:
    with portal().database.read() as session:
        found, done = open_jobs(session), done_count(session)
        stoppers = names_of(session, {job.stopped_by for job in found if job.stopped_by})
        counted = outbox.status(session)
    return render_template(
        "admin/jobs.html",
        jobs=found,
        done=done,
        counted=counted,
        names=_names(),
        states=_states(),
        stoppers=stoppers,
    )


def _names() -> dict[str, str]:
    return {
        "change_version": _("Fälle auf eine neue Fassung heben"),
        "clean_copy": _("Kopie für Gutachten anfertigen"),
        "fire_batch": _("Viele Fälle auf einmal"),
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
    }


@admin.post("/jobs/<job_id>/retry")
@needs_role(JOB_ROLES)
def retry(job_id: str) -> Response:
    with portal().database.write() as session:
        outbox.revive(session, as_id(job_id), portal().now())
    flash(_("Der Auftrag wird noch einmal versucht."), "success")
    return redirect(url_for("admin.jobs"))


@admin.post("/jobs/<job_id>/stop")
@needs_role(JOB_ROLES)
def stop_job(job_id: str) -> Response:
    with portal().database.write() as session:
        stopped = outbox.stop(session, as_id(job_id), signed_in().id, portal().now())
    if stopped:
        flash(_("Der Auftrag ist angehalten. Er bleibt hier stehen, bis Sie ihn fortsetzen."),
              "success")  # fmt: skip
    else:
        flash(_("Der Auftrag war schon erledigt oder angehalten."), "info")
    return redirect(url_for("admin.jobs"))


@admin.post("/jobs/retry")
@needs_role(JOB_ROLES)
def retry_all() -> Response:
    with portal().database.write() as session:
        for failed in outbox.failures(session):
            outbox.revive(session, as_id(failed["id"]), portal().now())
    flash(_("Alle gescheiterten Aufträge werden noch einmal versucht."), "success")
    return redirect(url_for("admin.jobs"))
