"""Samples of a call: written by the office, scored by each reviewer before the first review."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from funding_app.engine import ProcessRow
from funding_app.models import CalibrationSample, CalibrationScore, Call, Process
from funding_app.models.database import upsert
from funding_app.models.types import tagged
from workflows.vocabulary.tags import READING, Record


class SampleFixed(Exception):
    """Somebody has scored the sample; it stays as it is."""


def calibrated(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Fact: whether the reviewer may begin, as far as samples are asked for.

    Who has begun a review in the call already is not asked again for samples that came later.
    """
    given = exists().where(
        CalibrationScore.sample_id == CalibrationSample.id,
        CalibrationScore.user_id == process.assignee_id,
    )
    missing = exists().where(CalibrationSample.call_id == process.call_id, ~given)
    asked = exists().where(Call.id == process.call_id, Call.calibrates)
    begun = exists().where(
        Process.call_id == process.call_id,
        Process.record == Record.REVIEW,
        Process.assignee_id == process.assignee_id,
        tagged(Process.tags, *READING),
    )
    return {"calibrated": not session.scalar(select(asked & missing & ~begun))}


def _locked(session: Session, sample: CalibrationSample) -> None:
    session.refresh(sample, with_for_update=True)
    given = exists().where(CalibrationScore.sample_id == sample.id)
    if session.scalar(select(given)):
        raise SampleFixed


def write_sample(
    session: Session, call: Call, sample: CalibrationSample | None, answers: Mapping[str, Any]
) -> None:
    """Writes a sample with its reference from a checked form. Raises `SampleFixed`."""
    if sample is None:
        sample = CalibrationSample(call_id=call.id)
        session.add(sample)
    else:
        _locked(session, sample)
    sample.title, sample.text = answers["sample_title"], answers["sample_text"]
    sample.scores, sample.comments = given_in(call, answers)


def remove_sample(session: Session, sample: CalibrationSample) -> None:
    """Removes a sample that nobody has scored. Raises `SampleFixed`."""
    _locked(session, sample)
    session.delete(sample)


def copy_samples(session: Session, original_id: uuid.UUID, call_id: uuid.UUID) -> None:
    """Gives a call the samples of another."""
    wanted = select(CalibrationSample).where(CalibrationSample.call_id == original_id)
    for each in session.scalars(wanted.order_by(CalibrationSample.id)).all():
        session.add(
            CalibrationSample(
                call_id=call_id,
                title=each.title,
                text=each.text,
                scores=each.scores,
                comments=each.comments,
            )
        )
        session.flush()


def score_sample(
    session: Session,
    call: Call,
    sample: CalibrationSample,
    user_id: uuid.UUID,
    answers: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Keeps what a reviewer gives a sample; `False` where the person has scored it before."""
    session.refresh(sample, with_for_update=True)
    scores, comments = given_in(call, answers)
    row = upsert(session, CalibrationScore).values(
        sample_id=sample.id, user_id=user_id, scores=scores, comments=comments, scored_at=now
    )
    kept = row.on_conflict_do_nothing(index_elements=["sample_id", "user_id"])
    done = session.execute(kept.returning(CalibrationScore.sample_id))
    return done.one_or_none() is not None


def given_in(call: Call, answers: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, str]]:
    """Scores and reasons by criterion, from answers to the scoring form of the call."""
    keys = [each["key"] for each in call.criteria]
    return (
        {key: int(answers[f"score_{key}"]) for key in keys},
        {key: str(answers[f"comment_{key}"]) for key in keys},
    )


FACTS = {"calibrated": calibrated}
