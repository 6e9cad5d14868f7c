"""Calls and their forms."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from forms import schema
from funding_app.models import Call
from funding_app.queries.calls import calls
from funding_app.queries.calls.eligibility import eligibility_of
from funding_app.queries.calls.forms import find_form
from funding_app.web.api.blueprint import amount, api, found_call, page
from funding_app.web.api.description import LIST, described
from funding_app.web.request import language, portal


def _call(call: Call, programme: str) -> dict[str, Any]:
    return {
        "ref": call.ref,
        "title": call.title_en if language() == "en" else call.title_de,
        "programme": programme,
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat() if call.closes_at else None,
        "closes_inclusive": call.closes_inclusive,
        "definition": call.definition_key,
        "funding": {
            "min": amount(call.minimum_amount),
            "max": amount(call.maximum_amount),
            "financing_type": call.financing_type,
            "own_share_percent": call.own_share_percent,
        },
        "eligibility": _eligibility(call),
        "plain_language": _plain_language(call),
        "links": _links(call),
    }


def _eligibility(call: Call) -> dict[str, Any]:
    """Whom the call is for, as `GET /calls/find` compares it; an empty list leaves all open."""
    rule = eligibility_of(call, portal().now())
    return {
        **{
            name: sorted(getattr(rule, name))
            for name in ("applicants", "regions", "topics", "support")
        },
        "seat": rule.seat,
        "partners": rule.partners,
        "begun_excluded": rule.begun_excluded,
        "by_invitation": rule.by_invitation,
    }


def _plain_language(call: Call) -> dict[str, str] | None:
    """The texts in plain German, where somebody has written them."""
    if not call.title_plain:
        return None
    texts = {"title": call.title_plain, "summary": call.summary_plain}
    return texts | {"description": call.description_plain}


def _links(call: Call) -> dict[str, str]:
    page = f"{portal().settings.base_url}/calls/{call.ref}"
    found = {
        "form": f"/api/v1/calls/{call.ref}/form",
        "applications": f"/api/v1/calls/{call.ref}/applications",
        "page": page,
        "blank_form_pdf": f"{page}/form.pdf",
        "blank_form_docx": f"{page}/form.docx",
    }
    if call.closes_at:
        found["calendar"] = f"{page}/deadline.ics"
    if call.title_plain:
        found["plain_language"] = f"{page}/leichte-sprache"
    return found


@api.get("/calls")
@described("Calls under which one can apply now", "Calls", errors=(422,), parameters=LIST)
def call_list() -> Any:
    with portal().database.read() as session:
        found, after = page(calls.open_calls(session, portal().now()), lambda call: call.ref)
        programmes = calls.programme_keys(session)
    items = [_call(call, programmes[call.programme_id]) for call in found]
    return jsonify(items=items, next=after)


@api.get("/calls/<ref>")
@described("A call", "Call", errors=(404,))
def call_page(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        return jsonify(_call(call, calls.programme_of(session, call).key))


@api.get("/calls/<ref>/form")
@described("The form of a call", "Form", errors=(404,))
def call_form(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        form = find_form(session, call.form_key, call.form_version)
    return jsonify(schema.as_json(form, language()))
