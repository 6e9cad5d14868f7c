"""A call's texts in plain language, with hints that warn and do not block."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access.lists import CALL_ROLES
from funding_app.models import Call
from funding_app.queries.calls.calls import any_call
from funding_app.rules.plain_language import Hint, hints
from funding_app.services.calls.calls import PLAIN_TEXTS, write_plain_language
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal

FORM = schema.get("call_plain")


def _words() -> dict[str, str]:
    return {
        "long_sentence": _("Ein langer Satz. Besser zwei kurze."),
        "long_word": _("Ein langes Wort. Besser ein kürzeres, oder mit Binde-Strich."),
        "shortened": _("Eine Abkürzung. Besser ausgeschrieben."),
        "several_thoughts": _("Mehrere Gedanken. Besser ein Gedanke in jedem Satz."),
        "passive": _("Wohl ein Passiv. Besser sagen, wer etwas tut."),
        "genitive": _("Wohl ein Genitiv. Besser mit „von“."),
        "subjunctive": _("Ein Konjunktiv. Besser sagen, was ist."),
        "signs": _("Ein Sonderzeichen. Besser in Worten."),
    }


def _hints(call: Call) -> dict[str, list[Hint]]:
    return {name: hints(getattr(call, name)) for name in PLAIN_TEXTS}


def _page(call: Call, form: AnswerForm) -> str:
    return render_template(
        "calls/plain_language_texts.html", call=call, form=form, hints=_hints(call), words=_words()
    )


def _form(call: Call) -> AnswerForm:
    made = form_class(FORM.fields, language())
    return made(data={name: getattr(call, name) for name in PLAIN_TEXTS})


@blueprint.get("/admin/calls/<ref>/plain-language")
@needs_role(CALL_ROLES)
def plain_language(ref: str) -> str:
    with portal().database.read() as session:
        found = any_call(session, ref) or abort(404)
    return _page(found, _form(found))


@blueprint.post("/admin/calls/<ref>/plain-language")
@needs_role(CALL_ROLES)
def write_plain(ref: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = any_call(session, ref) or abort(404)
        form = _form(found)
        if not form.validate():
            return _page(found, form), 422
        write_plain_language(found, answers_of(form))
        count = sum(map(len, _hints(found).values()))
    flash(_("Gespeichert. Hinweise: %(count)s.", count=count), "success")
    return redirect(url_for("calls.plain_language", ref=ref))
