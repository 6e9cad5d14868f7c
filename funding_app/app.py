"""Building the web application; nothing of it is global."""

from __future__ import annotations

import secrets
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.globals import request_ctx
from flask_babel import Babel
from flask_babel import gettext as _
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from forms.parsing import UNSTORABLE
from funding_app import SUBJECTS
from funding_app.access import APPLICANT_ROLES, PANEL_ROLES, REVIEW_ROLES
from funding_app.access.lists import ADMIN_ROLES, BUDGET_KEEPERS
from funding_app.documents import Renderer
from funding_app.documents.blank_forms import BlankForms
from funding_app.documents.indentation import Compact
from funding_app.engine import KeyReused
from funding_app.exports import may_export
from funding_app.services.operations.portal import Portal, build_portal
from funding_app.settings import Settings
from funding_app.web import filters, re_authentication
from funding_app.web.access import PUBLIC, refuse_undeclared
from funding_app.web.api import api
from funding_app.web.api.blueprint import Problem, http_problem, problem
from funding_app.web.file_transfer import FileLost
from funding_app.web.mails.mailbox import mailbox
from funding_app.web.mails.unsubscribing import do_unsubscribe
from funding_app.web.operations.exports import exports, open_data
from funding_app.web.received_at import note_arrival
from funding_app.web.request import language, person, portal

log = structlog.get_logger()
TEMPLATES = Path(__file__).parents[1] / "templates"
LARGEST_BODY = 20 * 1024 * 1024
LARGEST_WITH_FILES = 64 * 1024 * 1024
"""More than a page asks for at once: what is too large is then refused at its field, in words,
and what was typed beside it is saved. It is spooled to the disk, not held in memory."""
TAKE_FILES = frozenset({"applications.save", "applications.add_file", "api.upload"})
LONGEST_FIELDS = 4 * 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def create_app(settings: Settings, parts: Portal | None = None) -> Flask:
    """The web application over these settings.

    Raises `AccessNotDeclared` where a route does not say who may ask for it.
    """
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY=settings.secret,
        SITE_NAME=settings.site_name,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        BABEL_DEFAULT_LOCALE="de",
    )
    if behind := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind
        )
    app.extensions["portal"] = parts or build_portal(settings)
    app.extensions["blank_forms"] = BlankForms(settings.data_dir / "cache", Renderer())
    Babel(app, locale_selector=language)
    app.before_request(_refuse_unstorable_address)
    app.before_request(_take_files)
    app.before_request(lambda: note_arrival(portal().now, behind))
    csrf = CSRFProtect(app)
    csrf.exempt(api)
    csrf.exempt(do_unsubscribe)  # mail programs have no session; the link itself is signed
    for subject in SUBJECTS:
        app.register_blueprint(import_module(f"funding_app.web.{subject}").blueprint)
    for blueprint in (open_data, exports, api):
        app.register_blueprint(blueprint)
    if settings.is_demo:
        app.register_blueprint(mailbox)
    refuse_undeclared(app)
    app.jinja_env.add_extension(Compact)
    filters.register(app)
    app.context_processor(_surroundings)
    app.after_request(_guard)
    app.register_error_handler(CSRFError, _outlived)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(FileLost, _file_lost)
    app.register_error_handler(KeyReused, _repeated)
    return app


def _take_files() -> None:
    """Where files are sent, more is taken in than anywhere else."""
    if request.endpoint in TAKE_FILES:
        request.max_content_length = LARGEST_WITH_FILES


def _refuse_unstorable_address() -> None:
    """Nothing is found at an address that holds what no database keeps; PostgreSQL would fail."""
    pairs = (text for pair in request.args.items(multi=True) for text in pair)
    if any(UNSTORABLE.search(text) for text in (request.path, *pairs)):
        abort(404)


def _navigation() -> list[dict[str, Any]]:
    items = [("calls.call_list", _("Aufrufe")), ("operations.projects", _("Geförderte Vorhaben"))]
    who = person()
    if who is not None:
        items += [("applications.tasks", _("Aufgaben")), ("applications.case_list", _("Fälle"))]
        if who.roles & REVIEW_ROLES:
            items.append(("reviews.reviews", _("Meine Gutachten")))
        if who.roles & PANEL_ROLES:
            items.append(("panels.meetings", _("Jurysitzungen")))
        if who.roles & APPLICANT_ROLES:
            items.append(("people.own_organisations", _("Organisation")))
        if who.roles & BUDGET_KEEPERS:
            items.append(("money.budget", _("Haushalt")))
        if may_export(who):
            items.append(("exports.choice", _("Exporte")))
        if who.roles & ADMIN_ROLES:
            items.append(("operations.overview", _("Verwaltung")))
    return [
        {"href": url_for(name), "label": label, "current": request.endpoint == name}
        for name, label in items
    ]


def _surroundings() -> dict[str, Any]:
    present = language()
    other = "en" if present == "de" else "de"
    asked = [each for each in request.args.items(multi=True) if each[0] != "lang"]
    query = urlencode([*asked, ("lang", other)])
    return {
        "language": present,
        "other_language": other,
        "other_language_href": f"{request.path}?{query}",
        "navigation": _navigation(),
        "person": person(),
        "demo_mode": portal().settings.is_demo,
        "now": portal().now(),
        **filters.demo_accounts(),
    }


def _guard(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    if not _may_be_kept(request.endpoint):
        headers["Cache-Control"] = "no-store"
    return response


def _may_be_kept(endpoint: str | None) -> bool:
    """Whether an answer is the same for everybody, so that caches may keep it."""
    view = current_app.view_functions.get(endpoint or "")
    return endpoint == "static" or getattr(view, "access", None) == PUBLIC


def _error_page(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400 or request_ctx.url_adapter is None:  # of a host that is none no page can speak
        return error
    if request.path.startswith("/api/"):
        return http_problem(error)
    texts = {
        403: (_("Nicht erlaubt"), _("Dafür fehlt Ihnen das Recht.")),
        404: (
            _("Nicht gefunden"),
            _("Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen."),
        ),
        409: (
            _("Noch nicht oder nicht mehr zu öffnen"),
            _(
                "Diese Datei wird noch auf Schadprogramme geprüft, oder sie ist gesperrt, weil "
                "darin eines gefunden wurde. Auf der Seite, von der Sie kommen, steht ihr Stand."
            ),
        ),
        410: (
            _("Nicht mehr gültig"),
            _("Dieser Link gilt nicht mehr. Bitten Sie um eine neue Einladung."),
        ),
        413: (
            _("Zu groß"),
            _(
                "Möglich sind höchstens 60 MB Dateien und 4 MB Text auf einmal. Was Sie eben "
                "abgeschickt haben, wurde nicht gespeichert; was vorher gespeichert war, ist noch "
                "da. Bitte gehen Sie zurück und laden Sie die Dateien einzeln hoch."
            ),
        ),
    }
    title, text = texts.get(
        code,
        (
            _("Das hat nicht geklappt"),
            _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
        ),
    )
    reference = secrets.token_hex(4)
    return render_template(
        "operations/error.html", title=title, text=text, code=code, reference=reference
    ), code


def _file_lost(error: FileLost) -> Any:
    """A file that the storage has lost: an alarm for the operator, and words for who wants it."""
    reference = secrets.token_hex(4)
    log.error("file_lost", sha256=error.sha256, reference=reference, path=request.path)
    if request.path.startswith("/api/"):
        return problem(Problem(410, "file_lost", "The portal has lost it.", reference=reference))
    return render_template(
        "operations/error.html",
        title=_("Diese Datei fehlt bei uns"),
        text=_(
            "Sie war da und ist in unserer Ablage nicht mehr zu finden. Das liegt nicht an Ihnen, "
            "und die Technik ist benachrichtigt. Haben Sie die Datei selbst hochgeladen, dann "
            "laden Sie sie bitte noch einmal hoch. Sonst versuchen Sie es morgen noch einmal, oder "
            "schreiben Sie uns mit der Kennung."
        ),
        code=500,
        reference=reference,
    ), 410


def _outlived(error: CSRFError) -> Any:
    """A page that outlived its session keeps what was typed; a foreign page gets nothing."""
    if not re_authentication.comes_from_here():
        return _error_page(error)
    if request.path.startswith("/account"):
        flash(_("Die Seite war zu lange geöffnet. Bitte noch einmal."), "error")
        return redirect(request.path if request.endpoint != "people.resume" else "/")
    form = None if person() else re_authentication.sign_in_form(formdata=None)
    return re_authentication.page(re_authentication.sent(), form), 400


def _repeated(_error: KeyReused) -> Any:
    flash(_("Dieser Schritt wurde schon mit anderen Angaben abgeschickt."), "error")
    return redirect(request.referrer or url_for("applications.tasks"))
