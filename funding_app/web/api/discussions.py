"""The discussion of an application, as the page shows it."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from sqlalchemy.orm import Session

from forms import schema
from forms.checks import check
from funding_app.models import Process
from funding_app.queries.reviews.discussions import Opinion, Said, Talk
from funding_app.services.reviews.discussions import NamesApplicant, NotOpen, Speaking
from funding_app.web.api.blueprint import Problem, api, as_id, body_of_request, caller, visible
from funding_app.web.api.description import described
from funding_app.web.request import language, portal
from funding_app.web.reviews.discussion import naming, speaker, talk_of

FIELDS = schema.get("discussion").section("contribution").fields


def _talk(session: Session, process: Process) -> Talk:
    talk = talk_of(session, process, caller())
    if talk is None:
        raise Problem(404, "not_found")
    return talk


def _opinion(each: Opinion, talk: Talk) -> dict[str, Any]:
    return {
        "review": each.number,
        "own": each.review_id == talk.seat.review_id,
        "scores": dict(each.scores),
        "comments": dict(each.comments),
        "score": f"{each.score:.2f}",
        "recommended_amount": None if each.amount is None else f"{each.amount:.2f}",
        "scores_before": [f"{score:.2f}" for score in each.before],
    }


def _contribution(each: Said, talk: Talk) -> dict[str, Any]:
    return {
        "id": str(each.row.id),
        "kind": each.row.kind,
        "by": speaker(each, talk),
        "text": each.row.text,
        "at": each.row.written_at.isoformat(),
    }


@api.get("/processes/<process_id>/discussion")
@described("The discussion of an application among its reviewers", "Discussion", errors=(404,))
def discussion(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        talk = _talk(session, visible(session, found))
        return jsonify(
            open=talk.is_open,
            reviews=[_opinion(each, talk) for each in talk.opinions],
            contributions=[_contribution(each, talk) for each in talk.said],
        )


@api.post("/processes/<process_id>/discussion")
@described(
    "Contributes to the discussion; the same words again are the same contribution",
    "Contributed",
    status=201,
    body="ContributionBody",
    errors=(404, 409, 422),
)
def contribute(process_id: str) -> Any:
    found, body = as_id(process_id), body_of_request()
    answers = {"contribution_text": body.get("text")}
    if errors := check(FIELDS, answers, language(), complete=True):
        raise Problem(422, "invalid_data", errors={"text": list(*errors.values())})
    with portal().database.write() as session:
        _talk(session, visible(session, found))
        speaking = Speaking(session, portal().machinery, caller(), portal().now(), "api")
        try:
            said = speaking.say(found, str(answers["contribution_text"]))
        except NotOpen as closed:
            raise Problem(409, "not_open") from closed
        except NamesApplicant as named:
            raise Problem(422, "invalid_data", errors={"text": [naming(named)]}) from named
        return jsonify(id=str(said.id)), 201
