"""Sample applications of a call: read, scored once, then compared with the reference."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from werkzeug.exceptions import NotFound

from forms.checks import check
from funding_app.models import CalibrationSample, Call
from funding_app.queries.reviews.calibration import own_samples
from funding_app.rules.reviewing.calibration import differences
from funding_app.services.reviews.calibration import score_sample
from funding_app.web.api.blueprint import Problem, api, as_id, body_of_request, caller
from funding_app.web.api.description import described
from funding_app.web.request import language, portal
from funding_app.web.reviews.calibration import calibrating_call, scoring_sections


def _as_json(sample: CalibrationSample, score: Any) -> dict[str, Any]:
    """A sample; the reference is told once the caller has scored."""
    found = {"id": str(sample.id), "title": sample.title, "text": sample.text}
    if score is None:
        return found
    return found | {
        "own": {"scores": score.scores, "comments": score.comments},
        "reference": {"scores": sample.scores, "comments": sample.comments},
        "differences": differences(score.scores, sample.scores),
    }


def _call(session: Any, ref: str) -> Call:
    try:
        return calibrating_call(session, ref, caller().id)
    except NotFound as missing:
        raise Problem(404, "not_found") from missing


@api.get("/calls/<ref>/calibration")
@described("The sample applications of a call for its reviewer", "Samples", errors=(404,))
def samples(ref: str) -> Any:
    with portal().database.read() as session:
        found = own_samples(session, _call(session, ref).id, caller().id)
    return jsonify(items=[_as_json(*row) for row in found])


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
        return jsonify(next(_as_json(*row) for row in rows if row[0].id == wanted))
