"""A form as whoever applies will see it, in both languages, with its conditions and checks."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import force_locale
from sqlalchemy.orm import Session

from forms.budget import years_of
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import FormSchema
from funding_app.access.lists import FORM_ROLES
from funding_app.services.calls import form_versions as service
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.request import LANGUAGES, language, needs_role, portal


def preview_language() -> str:
    """The language of the preview: chosen beside it, else that of the page."""
    chosen = request.args.get("in")
    return chosen if chosen in LANGUAGES else language()


def shown_form(
    form: FormSchema, lang: str, answers: dict[str, Any] | None = None, *, bound: bool = False
) -> AnswerForm:
    """The form to be tried; two years stand in tables until a period was entered."""
    given = answers or {}
    year = portal().now().year
    years = years_of(given) or [str(year), str(year + 1)]
    made = form_class(form.fields, lang, years=years)
    return made(data=given) if bound else made(formdata=None, data=given)


def preview(form: FormSchema, lang: str, *, only: str = "", tried: AnswerForm | None = None) -> str:
    """The preview as a piece of a page: all sections, or one of them."""
    with force_locale(lang):
        return render_template(
            "calls/form_preview.html",
            form=form,
            sections=[one for one in form.sections if only in ("", one.id)],
            fields=tried or shown_form(form, lang),
            only=only,
            tried=tried,
            language=lang,
        )


def number_of(version: str) -> int:
    """The version an address names; or 404."""
    if not version.isdecimal() or len(version) > 6:
        abort(404)
    return int(version)


def found_form(session: Session, key: str, version: str) -> FormSchema:
    """The form in a version, a draft too; or 404."""
    try:
        return service.source_of(session, key, number_of(version))
    except KeyError:
        abort(404)


@blueprint.get("/admin/forms/<key>/<version>/preview")
@needs_role(FORM_ROLES)
def form_preview(key: str, version: str) -> str:
    with portal().database.read() as session:
        form = found_form(session, key, version)
    return _page(form, preview(form, preview_language()))


@blueprint.post("/admin/forms/<key>/<version>/preview")
@needs_role(FORM_ROLES)
def try_form(key: str, version: str) -> tuple[str, int]:
    """Checks what was typed into the preview as it would be checked when it is handed in."""
    with portal().database.read() as session:
        form = found_form(session, key, version)
    lang = preview_language()
    typed = answers_of(shown_form(form, lang, bound=True))
    tried = shown_form(form, lang, typed, bound=True)
    errors = {} if tried.changes_rows else tried.tell(tried.check(complete=True))
    page = _page(form, preview(form, lang, tried=tried))
    return page, 422 if errors else 200


def _page(form: FormSchema, shown: str) -> str:
    return render_template(
        "calls/form_tried.html", form=form, shown=shown, preview_language=preview_language()
    )
