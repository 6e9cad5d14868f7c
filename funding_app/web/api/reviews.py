"""Reviews: what they are about, who can take one over, the discussion, sample applications."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from sqlalchemy.orm import Session

from forms import schema
from forms.checks import check
from funding_app.models import CalibrationSample, Call, Process
from funding_app.queries.files.attachments import Files, files_of
from funding_app.queries.reviews.calibration import (
    call_to_calibrate,
    own_samples,
    scoring_sections,
)
from funding_app.queries.reviews.discussions import Opinion, Said, Talk, discussion_seen
from funding_app.queries.reviews.successors import handing_over, proposed_to
from funding_app.rules.reviewing.calibration import differences
from funding_app.services.reviews.calibration import score_sample
from funding_app.services.reviews.discussions import NamesApplicant, NotOpen, Speaking
from funding_app.services.reviews.judged_application import application_beside
from funding_app.web.api.blueprint import (
    Problem,
    api,
    as_id,
    body_of_request,
    caller,
    rights_on,
    visible,
)
from funding_app.web.api.description import described
from funding_app.web.request import language, portal
from funding_app.web.review_words import naming, speaker
from workflows.vocabulary.tags import Record

FIELDS = schema.get("discussion").section("contribution").fields


@api.get("/processes/<process_id>/application")
@described("The application that a review or signature is about", "Judged", errors=(404,))
def judged(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        about = visible(session, found)
        rights = rights_on(about)
        seen = application_beside(session, portal().machinery, about, rights)
        if seen is None:
            raise Problem(404, "not_found")
        reviewing = rights.is_reviewer
        files = Files() if reviewing else files_of(session, about.root_id, drafts=False)
    return jsonify(form=schema.as_json(seen[0], language()), answers=files.in_answers(seen[1]))


@api.get("/processes/<process_id>/successors")
@described("Who can take over a review, the best fit first", "Successors", errors=(404,))
def successors(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        process = visible(session, found)
        about = process.record == Record.REVIEW
        rights = rights_on(process)
        arrow = handing_over(rights) if about else None
        if arrow is None:
            raise Problem(404, "not_found")
        people = proposed_to(session, process, rights)
    items = [
        {"id": str(each.id), "name": each.name, "fields": list(each.fields)}
        | ({} if rights.is_reviewer else {"held": each.load, "agreed": each.most})
        for each in people
    ]
    return jsonify(event=arrow.event, items=items)


def _talk(session: Session, process: Process) -> Talk:
    talk = discussion_seen(session, portal().machinery.definitions, caller(), process)
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


def _sample(sample: CalibrationSample, score: Any) -> dict[str, Any]:
    """A sample; the reference is told once the caller has scored."""
    found = {"id": str(sample.id), "title": sample.title, "text": sample.text}
    if score is None:
        return found
    return found | {
        "own": {"scores": score.scores, "comments": score.comments},
        "reference": {"scores": sample.scores, "comments": sample.comments},
        "differences": differences(score.scores, sample.scores),
    }


def _call(session: Session, ref: str) -> Call:
    call = call_to_calibrate(session, ref, caller().id)
    if call is None:
        raise Problem(404, "not_found")
    return call


@api.get("/calls/<ref>/calibration")
@described("The sample applications of a call for its reviewer", "Samples", errors=(404,))
def samples(ref: str) -> Any:
    with portal().database.read() as session:
        found = own_samples(session, _call(session, ref).id, caller().id)
    return jsonify(items=[_sample(*row) for row in found])


@api.post("/calls/<ref>/calibration/<sample_id>")
@described(
    "Scores a sample, once; the first scores hold",
    "Sample",
    body="AnswersBody",
    errors=(404, 409, 422),
)
def score(ref: str, sample_id: str) -> Any:
    wanted, answers = as_id(sample_id), body_of_request()
    with portal().database.write() as session:
        call = _call(session, ref)
        sample = session.get(CalibrationSample, wanted)
        if sample is None or sample.call_id != call.id:
            raise Problem(404, "not_found")
        fields = [field for section in scoring_sections(call) for field in section.fields]
        if errors := check(fields, answers, language(), years=(), complete=True):
            raise Problem(422, "invalid_data", errors=errors)
        if not score_sample(session, call, sample, caller().id, answers, portal().now()):
            raise Problem(409, "already_scored")
        session.flush()
        rows = own_samples(session, call.id, caller().id)
        return jsonify(next(_sample(*row) for row in rows if row[0].id == wanted))
