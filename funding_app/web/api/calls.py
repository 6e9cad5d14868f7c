"""Calls, their forms, new applications, ranking and budget."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from flask import jsonify, make_response, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms import schema
from forms.checks import check
from funding_app.engine import idempotency
from funding_app.engine.log.chain import digest
from funding_app.models import Call
from funding_app.queries.calls import calls
from funding_app.queries.calls.eligibility import eligibility_of
from funding_app.queries.calls.forms import find_form
from funding_app.queries.money.budget import budget_overview
from funding_app.queries.panels.ranking import Line, Place, line_of, rankings_seen
from funding_app.services.applications.cases import create_application
from funding_app.web.api.blueprint import Problem, api, caller, found_call, idempotency_key, page
from funding_app.web.api.description import LIST, described
from funding_app.web.api.processes import process_as_json
from funding_app.web.ranking_what_if import FIELDS, answers_for, line_from
from funding_app.web.request import language, portal
from funding_app.web.rights import BUDGET_ROLES, RANKING_ROLES

YES_NO = {"true": True, "false": False}
APPLICANT = ("applicant_signatory", "applicant_editor")


def _amount(value: Decimal | None) -> str | None:
    return f"{value:.2f}" if value is not None else None


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
            "min": _amount(call.minimum_amount),
            "max": _amount(call.maximum_amount),
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


@api.post("/calls/<ref>/applications")
@described(
    "Begins an application",
    "Process",
    status=201,
    errors=(403, 404, 409, 422),
    parameters=("Idempotency-Key",),
)
def begin(ref: str) -> Any:
    key = idempotency_key()
    try:
        process_id = _begun(ref, key)
    except IntegrityError:  # the same key came twice at once: the first has it
        process_id = _begun(ref, key)
    return make_response(jsonify(process_as_json(process_id)), 201)


def _begun(ref: str, key: str | None) -> uuid.UUID:
    person, wanted = caller(), digest({"call": ref})
    with portal().database.write() as session:
        first = idempotency.answered(session, person.id, key, wanted) if key else None
        if first:
            return uuid.UUID(first["id"])
        process_id = _create(session, ref)
        if key:
            made = {"id": str(process_id)}
            idempotency.store(session, person.id, key, wanted, made, portal().now())
    return process_id


def _create(session: Session, ref: str) -> uuid.UUID:
    person, call = caller(), found_call(session, ref)
    own = sorted(person.organisations(APPLICANT))
    if not own:
        raise Problem(403, "not_permitted", "Only an applying organisation can begin.")
    if not calls.is_open(call, portal().now()):
        raise Problem(409, "call_not_open", "The call is not open.")
    process = create_application(
        session,
        portal().machinery,
        call,
        organisation_id=own[0],
        actor_id=person.id,
        when=portal().now(),
        door="api",
    )
    return process.id


def _place(row: Place, own_outcome: str) -> dict[str, Any]:
    case = row.case
    return {
        "place": row.place,
        "process": str(case.id),
        "reference": case.reference,
        "title": case.title,
        "score": _amount(case.Application.score),
        "requested": _amount(case.Application.requested),
        "outcome": row.outcome,
        "own_outcome": own_outcome,
    }


@api.get("/calls/<ref>/ranking")
@described(
    "The ranking of a call, under its own line or under one to try",
    "Ranking",
    errors=(404, 422),
    parameters=("budget", "threshold", "allow_skip_fill", *LIST),
)
def ranking(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        if not caller().roles & RANKING_ROLES:
            raise Problem(404, "not_found")
        own_line = line_of(session, call)
        tried = _tried(own_line)
        own, shown = rankings_seen(
            session, portal().machinery.definitions, call, caller(), own_line, tried
        )
        found, after = page(shown, lambda row: str(row.case.id))
        outcomes = {row.case.id: row.outcome for row in own}
        return jsonify(
            items=[_place(row, outcomes[row.case.id]) for row in found],
            next=after,
            line=answers_for(tried),
        )


def _tried(own: Line) -> Line:
    """The line asked for; what is not named is the call's own. Raises `Problem`."""
    answers = answers_for(own)
    for name in ("budget", "threshold"):
        if name in request.args:
            answers[name] = request.args[name].strip() or None
    if "allow_skip_fill" in request.args:
        text = request.args["allow_skip_fill"]
        answers["allow_skip_fill"] = YES_NO.get(text, text)
    errors = check(FIELDS, answers, language())
    if errors:
        raise Problem(422, "invalid_data", errors=errors)
    return line_from(answers)


@api.get("/calls/<ref>/budget")
@described("The budget a call draws on", "Budget", errors=(404, 422), parameters=LIST)
def budget(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        if not caller().roles & BUDGET_ROLES:
            raise Problem(404, "not_found")
        lines = budget_overview(session, call)
    found, after = page(lines, lambda line: f"{line.ministry}|{line.title}|{line.year}")
    sums = ("available", "reserved", "committed", "disbursed", "free")
    items = [
        {"ministry": line.ministry, "title": line.title, "year": line.year, "kind": line.kind}
        | {name: _amount(getattr(line, name)) for name in sums}
        for line in found
    ]
    return jsonify(items=items, next=after)
