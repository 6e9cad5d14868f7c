"""Finding the right call: a few questions, and what every call says to the answers.

The answers stand in the address, so that a result can be shared and "back" keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class, formdata_of
from forms.schema import Choice, visible_answers
from funding_app.models import Call
from funding_app.queries.calls.eligibility import eligibility_of, offers
from funding_app.rules.eligibility import EU, MONEY, Seeker, reasons, still_open
from funding_app.web.access import for_everyone
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.calls.eligibility import Objection, condition, objection
from funding_app.web.choices import region_choices
from funding_app.web.request import language, portal

FINDER = schema.get("call_finder")
RESULT = "result"


@dataclass(frozen=True, slots=True)
class Found:
    """A call with what speaks against it, or with what it asks beyond the answers given."""

    call: Call
    objections: tuple[Objection, ...]
    to_check: tuple[str, ...]


def _seats() -> list[Choice]:
    beyond = (
        (EU, {"de": "Anderes Land der Europäischen Union", "en": "Another country of the EU"}),
        ("elsewhere", {"de": "Anderes Land", "en": "Another country"}),
    )
    return [*region_choices(), *(Choice(value, label) for value, label in beyond)]


def _form(sent: MultiDict[str, str] | None, answers: Mapping[str, Any] | None = None) -> AnswerForm:
    """The questions; nothing is changed by them, so they need no token."""
    asked = form_class(FINDER.fields, language(), choices={"seats": _seats()})
    return asked(formdata=sent, data=answers, meta={"csrf": False})


@blueprint.get("/calls/find")
@for_everyone
def find_calls() -> str | Response | tuple[str, int]:
    if not set(request.args) & {field.id for field in FINDER.fields}:
        return _page(form=_form(None), found=None)
    form = _form(_meant(request.args))
    if form.tell(form.check(complete=False)):
        return _page(form=form, found=None), 422
    answers = visible_answers(FINDER, answers_of(form))
    query = _query(answers)
    if query != _query_sent():
        return redirect(f"{url_for('calls.find_calls')}{query and '?'}{query}#{RESULT}")
    found = _found(_seeker(answers))
    fitting = [each for each in found if not each.objections]
    others = sorted(found, key=lambda each: len(each.objections))[len(fitting) :]
    return _page(form=_form(None, answers), found=found, fitting=fitting, others=others)


def _page(**values: Any) -> str:
    """The finder: it says itself that no answer is needed, so the questions do not."""
    return render_template("calls/find.html", nothing_required=True, **values)


def _meant(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was sent; who only says how much needs money."""
    meant = MultiDict(sent)
    if sent.get("amount") and not sent.get("support"):
        meant["support"] = MONEY
    return meant


def _query(answers: Mapping[str, Any]) -> str:
    """The answers as they stand in an address, the same in every language."""
    given = {name: value for name, value in answers.items() if value not in (None, "")}
    sent = formdata_of(FINDER.fields, given)
    if "amount" in given:
        sent["amount"] = str(given["amount"])
    return urlencode([(name, value) for name, value in sent.items(multi=True) if value])


def _query_sent() -> str:
    """What was asked for, without the language."""
    return urlencode([each for each in request.args.items(multi=True) if each[0] != "lang"])


def _seeker(answers: Mapping[str, Any]) -> Seeker:
    amount, partners = answers.get("amount"), answers.get("partners")
    plain = ("applicant", "seat", "topic", "support")
    return Seeker(
        **{name: answers.get(name) or None for name in plain},
        amount=Decimal(amount) if amount else None,
        partners=partners == "together" if partners else None,
        own_share=answers.get("own_share"),
        begun=answers.get("begun"),
    )


def _found(seeker: Seeker) -> list[Found]:
    now = portal().now()
    with portal().database.read() as session:
        calls = offers(session, now)
    first_stages = {
        call.terms["continues_in"]: call for call in calls if "continues_in" in call.terms
    }
    found = []
    for call in calls:
        rule = eligibility_of(call, now)
        against = (objection(code, rule, call, first_stages) for code in reasons(rule, seeker))
        to_check = (condition(name, rule) for name in still_open(rule, seeker))
        found.append(Found(call, tuple(against), tuple(to_check)))
    return found
